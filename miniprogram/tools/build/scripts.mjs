/** TypeScript and JavaScript → one CommonJS function a module that, as in WeChat, sees no `window`, `document` or `fetch`. */
import esbuild from 'esbuild'

const GIVEN = 'wx App Page Component Behavior getApp getCurrentPages global'
const HIDDEN = 'window document location navigator localStorage sessionStorage fetch XMLHttpRequest WebSocket alert'
const PARAMETERS = `require module exports ${GIVEN} ${HIDDEN}`.split(' ').join(',')

const withoutEnding = (file) => file.replace(/\.(ts|js)$/, '')

/** Answers the text of all modules that `entries` reach. */
export function compileScripts(project, entries, errors, { minify }) {
  const modules = new Map()
  const add = (file) => {
    if (modules.has(file)) return
    modules.set(file, '')
    let code
    try {
      ;({ code } = esbuild.transformSync(project.read(file), {
        loader: file.endsWith('.ts') ? 'ts' : 'js',
        format: 'cjs',
        target: 'es2020',
        sourcefile: file,
        sourcemap: file.includes('miniprogram_npm') ? false : 'inline',
        minify,
      }))
    } catch (error) {
      errors.push(`${file}: ${error.message}`)
      return
    }
    const links = {}
    for (const [, request] of code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)) {
      const target = project.findModule(file, request)
      if (target) {
        links[request] = withoutEnding(target)
        add(target)
      } else errors.push(`${file}: cannot resolve "${request}"`)
    }
    modules.set(file, `__mp.define(${JSON.stringify(withoutEnding(file))},${JSON.stringify(links)},function(${PARAMETERS}){${code}\n});`)
  }
  entries.forEach(add)
  return [...modules.values()]
}
