/**
 * Packs npm packages into `src/miniprogram_npm`: of each package in `dependencies` only the files that the source reaches.
 *
 * It does what the menu item 构建 npm of WeChat DevTools does for packages that name their built folder in the field `miniprogram`, and leaves
 * the unreached rest out (TDesign: 5.6 MB become some 0.2 MB). Other packages, such as tslib, are bundled into one file.
 */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const HOME = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const SCRIPT = ['.js', '.ts']
const LINK = {
  '.js': /\b(?:require\(\s*|from\s*|import\s*)['"]([^'"]+)['"]/g,
  '.ts': /\b(?:require\(\s*|from\s*|import\s*)['"]([^'"]+)['"]/g,
  '.wxs': /\brequire\(\s*['"]([^'"]+)['"]/g,
  '.wxml': /<(?:import|include|wxs)\b[^>]*\bsrc=["']([^"']+)["']/g,
  '.wxss': /@import\s+['"]([^'"]+)['"]/g,
}

const isFile = (file) => fs.existsSync(file) && fs.statSync(file).isFile()

function listFiles(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'miniprogram_npm' ? [] : listFiles(file)
    return [file]
  })
}

/** The four files of a component at `base` (without extension), or none when there is no such component. */
function componentFiles(base) {
  const at = isFile(base + '.json') ? base : isFile(path.join(base, 'index.json')) ? path.join(base, 'index') : null
  return at ? ['.json', '.js', '.wxml', '.wxss'].map((ext) => at + ext).filter(isFile) : []
}

function scriptFile(base) {
  return [base, ...SCRIPT.map((ext) => base + ext), ...SCRIPT.map((ext) => path.join(base, 'index' + ext))].find(isFile)
}

/** What one file of a package or of the source leads to, as absolute paths; `locate` finds a path inside a package by its request. */
function links(file, locate) {
  const text = fs.readFileSync(file, 'utf8')
  const ext = path.extname(file)
  const near = (request) => path.resolve(path.dirname(file), request)
  if (ext === '.json') {
    const { usingComponents = {}, componentGenerics = {} } = JSON.parse(text)
    const requests = [...Object.values(usingComponents), ...Object.values(componentGenerics).map((generic) => generic.default)].filter(
      Boolean,
    )
    return requests.flatMap((request) => {
      const beside = request.startsWith('/') ? [] : componentFiles(near(request))
      return beside.length > 0 ? beside : componentFiles(locate(request) ?? '')
    })
  }
  if (!LINK[ext]) return []
  return [...text.matchAll(LINK[ext])].flatMap(([, request]) => {
    const file = SCRIPT.includes(ext)
      ? (scriptFile(near(request)) ?? scriptFile(locate(request) ?? ''))
      : isFile(near(request))
        ? near(request)
        : locate(request)
    return file && isFile(file) ? [file] : []
  })
}

/** The mini-program packages among `dependencies`: name → folder that goes into the mini-program. */
function packageRoots(home) {
  const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'))
  return new Map(
    Object.keys(dependencies).flatMap((name) => {
      const folder = path.join(home, 'node_modules', name)
      const { miniprogram } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
      return miniprogram ? [[name, path.join(folder, miniprogram)]] : []
    }),
  )
}

/** Names of plain JavaScript packages that the given files import. */
function plainPackages(files, roots, home) {
  const names = new Set()
  for (const file of files.filter((name) => SCRIPT.includes(path.extname(name)))) {
    for (const [, request] of fs.readFileSync(file, 'utf8').matchAll(LINK['.js'])) {
      const name = request
        .split('/')
        .slice(0, request.startsWith('@') ? 2 : 1)
        .join('/')
      if (!/^[./]/.test(request) && !roots.has(name) && fs.existsSync(path.join(home, 'node_modules', name))) names.add(name)
    }
  }
  return [...names]
}

/** Follows the links of the source into the packages; `owner` answers the package a file belongs to. */
function reach(own, locate, owner) {
  const queue = own.flatMap((file) => links(file, locate)).filter(owner)
  const reached = new Set()
  while (queue.length > 0) {
    const file = queue.pop()
    if (reached.has(file)) continue
    reached.add(file)
    queue.push(...links(file, locate).filter(owner))
  }
  return [...reached]
}

/** Writes `src/miniprogram_npm` anew; answers how many packages and files it holds and their size in bytes. */
export function pack({ home = HOME, src = path.join(home, 'src') } = {}) {
  const target = path.join(src, 'miniprogram_npm')
  fs.rmSync(target, { recursive: true, force: true })
  if (!fs.existsSync(src)) return { packages: 0, files: 0, bytes: 0 }
  const roots = packageRoots(home)
  const locate = (request) => {
    const name = [...roots.keys()].find((key) => request === key || request.startsWith(key + '/'))
    return name ? path.join(roots.get(name), request.slice(name.length + 1)) : undefined
  }
  const owner = (file) => [...roots].find(([, root]) => file.startsWith(root + path.sep))
  const own = listFiles(src)
  const reached = reach(own, locate, owner)
  for (const file of reached) {
    const [name, root] = owner(file)
    const copy = path.join(target, name, path.relative(root, file))
    fs.mkdirSync(path.dirname(copy), { recursive: true })
    fs.copyFileSync(file, copy)
  }
  const plain = plainPackages([...own, ...reached], roots, home)
  for (const name of plain) {
    const entry = path.join(home, 'node_modules', name)
    esbuild.buildSync({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'cjs',
      target: 'es2018',
      outfile: path.join(target, name, 'index.js'),
    })
  }
  const written = fs.existsSync(target) ? listFiles(target) : []
  return {
    packages: new Set(reached.map((file) => owner(file)[0])).size + plain.length,
    files: written.length,
    bytes: written.reduce((sum, file) => sum + fs.statSync(file).size, 0),
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { packages, files, bytes } = pack()
  console.log(`miniprogram_npm: ${packages} packages, ${files} files, ${(bytes / 1024).toFixed(1)} KB`)
}
