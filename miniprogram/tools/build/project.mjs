/** Reads a native mini-program the way WeChat resolves it: pages, subpackages, components, modules, npm packages. */
import fs from 'node:fs'
import path from 'node:path'

/** Files and look-ups of one source folder; findings are added to `errors`, one sentence each. */
export function openProject(src, errors) {
  const root = path.resolve(src)
  const exists = (file) => fs.existsSync(path.join(root, file))
  const read = (file) => fs.readFileSync(path.join(root, file), 'utf8')
  const json = (file) => {
    try {
      return JSON.parse(read(file))
    } catch (error) {
      errors.push(`${file}: ${error.message}`)
      return {}
    }
  }
  const script = (base) => ['.ts', '.js'].map((ext) => base + ext).find(exists) ?? null
  /** npm packages are looked for in `miniprogram_npm` of every folder above. */
  const inPackages = (from, request, test) => {
    for (let folder = path.posix.dirname(from); ; folder = path.posix.dirname(folder)) {
      const found = test(path.posix.join(folder, 'miniprogram_npm', request))
      if (found || folder === '.' || folder === '') return found || null
    }
  }
  const component = (base) => [base, base + '/index'].find((at) => exists(at + '.json') && script(at)) ?? null
  const beside = (from, request) => path.posix.join(path.posix.dirname(from), request)
  return {
    root,
    exists,
    read,
    json,
    script,
    findComponent(from, url) {
      if (url.startsWith('plugin://')) return null
      if (url.startsWith('/')) return component(url.slice(1))
      const near = beside(from, url)
      return (!near.startsWith('..') && component(near)) || (url.startsWith('.') ? null : inPackages(from, url, component))
    },
    findModule(from, request) {
      const file = (base) => script(base) ?? (/\.(js|ts)$/.test(base) && exists(base) ? base : script(base + '/index'))
      if (request.startsWith('/')) return file(request.slice(1))
      const near = file(beside(from, request))
      return near ?? (/^\.\.?(\/|$)/.test(request) ? null : inPackages(from, request, file))
    },
  }
}

/** Pages in the order of app.json, subpackages included. */
export function listPages(app) {
  const subpackages = app.subPackages ?? app.subpackages ?? []
  return [...(app.pages ?? []), ...subpackages.flatMap((sub) => sub.pages.map((page) => path.posix.join(sub.root, page)))]
}

/** All components the pages reach: path → its settings with `usingComponents` resolved to absolute paths. */
export function collectComponents(project, app, pages, errors) {
  const found = new Map()
  const queue = app.tabBar?.custom ? [...pages, 'custom-tab-bar/index'] : [...pages]
  const resolve = (at, from, tag, url) => {
    const hit = project.findComponent(from, url)
    if (hit) queue.push(hit)
    else errors.push(`${at}.json: component "${tag}" not found at "${url}"`)
    return '/' + hit
  }
  while (queue.length > 0) {
    const at = queue.shift()
    if (found.has(at)) continue
    if (!project.script(at)) errors.push(`${at}: no .ts or .js file`)
    else if (!project.exists(at + '.wxml')) errors.push(`${at}: no .wxml file`)
    else {
      const own = project.exists(at + '.json') ? project.json(at + '.json') : {}
      const usingComponents = {}
      for (const [tag, url] of Object.entries({ ...app.usingComponents, ...own.usingComponents })) {
        usingComponents[tag] = resolve(at, own.usingComponents?.[tag] ? at : 'app', tag, url)
      }
      const componentGenerics = {}
      for (const [tag, generic] of Object.entries(own.componentGenerics ?? {})) {
        componentGenerics[tag] = generic?.default ? { default: resolve(at, at, tag, generic.default) } : true
      }
      found.set(at, { ...own, usingComponents, componentGenerics, isPage: pages.includes(at) })
    }
  }
  return found
}
