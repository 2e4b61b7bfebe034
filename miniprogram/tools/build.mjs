/**
 * Builds the native source, unchanged, for a web page that runs on glass-easel: `node tools/build.mjs [--src src] [--out .mpweb] [--minify]`.
 *
 * Everything WeChat DevTools would refuse, and some of what it would only draw as nothing, is an error with file and line.
 */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import esbuild from 'esbuild'
import { collectComponents, listPages, openProject } from './build/project.mjs'
import { compileScripts } from './build/scripts.mjs'
import { BUILTIN_TAGS, compileTemplates } from './build/templates.mjs'
import { compileWxss } from './build/wxss.mjs'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const HOME = path.resolve(HERE, '..')
const ASSET = /\.(png|jpe?g|gif|svg|webp|mp3|mp4|woff2?|ttf)$/i
const DECODER = 'zxing-wasm/reader/zxing_reader.wasm'

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<title>小程序</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="shell.css">
<link rel="stylesheet" href="panels.css">
<link rel="stylesheet" href="builtins.css">
<link rel="stylesheet" href="buttons.css">
</head>
<body><script src="config.js"></script><script src="runtime.js"></script><script src="app.js"></script><script>__mp.start()</script></body>
</html>
`

function compileSheets(project, components, errors) {
  const compile = (at) => {
    if (!project.exists(at + '.wxss')) return ''
    const { css, errors: found } = compileWxss(project.root, at + '.wxss', BUILTIN_TAGS)
    errors.push(...found)
    return css
  }
  return Object.fromEntries(['app', ...components.keys()].map((at) => [at, compile(at)]))
}

/** theme.json, with every `@name` of app.json and the pages checked against it. */
function readTheme(project, app, components, errors) {
  if (!app.themeLocation) return {}
  const theme = project.json(app.themeLocation)
  const used = [app.window, app.tabBar, ...components.values()].map((part) => JSON.stringify(part ?? {})).join()
  for (const [, name] of used.matchAll(/"@(\w+)"/g)) {
    for (const variant of ['light', 'dark']) {
      if (!theme[variant]?.[name]) errors.push(`${app.themeLocation}: no ${variant} value for "@${name}"`)
    }
  }
  return theme
}

/** What WeChat says only on upload or on a phone. */
function checkApp(project, app, theme, sheets, errors) {
  for (const item of app.tabBar?.list ?? []) {
    for (const icon of [item.iconPath, item.selectedIconPath].filter(Boolean)) {
      const files = icon.startsWith('@') ? ['light', 'dark'].map((variant) => theme[variant]?.[icon.slice(1)]).filter(Boolean) : [icon]
      for (const file of files) if (!project.exists(file.replace(/^\//, ''))) errors.push(`app.json: icon ${file} not found`)
    }
  }
  const isDark = Object.values(sheets).some((css) => css.includes('prefers-color-scheme'))
  if (isDark && !app.darkmode) errors.push('app.json: style sheets speak of prefers-color-scheme, but "darkmode" is not true')
}

function copyAssets(project, out, folder = '.') {
  for (const entry of fs.readdirSync(path.join(project.root, folder), { withFileTypes: true })) {
    const file = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) copyAssets(project, out, file)
    else if (ASSET.test(entry.name)) {
      fs.mkdirSync(path.join(out, 'assets', folder), { recursive: true })
      fs.copyFileSync(path.join(project.root, file), path.join(out, 'assets', file))
    }
  }
}

async function writeRuntime(out, minify) {
  await esbuild.build({
    entryPoints: [path.join(HERE, 'runtime/index.js')],
    bundle: true,
    format: 'iife',
    outfile: path.join(out, 'runtime.js'),
    target: 'es2022',
    minify,
    sourcemap: minify ? false : 'linked',
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'silent' },
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  for (const folder of ['runtime/styles', 'phones'].map((name) => path.join(HERE, name))) {
    for (const file of fs.readdirSync(folder)) fs.copyFileSync(path.join(folder, file), path.join(out, file))
  }
  fs.copyFileSync(createRequire(import.meta.url).resolve(DECODER), path.join(out, path.basename(DECODER)))
  fs.writeFileSync(path.join(out, 'config.js'), 'window.__MP_CONFIG__={}')
  fs.writeFileSync(path.join(out, 'index.html'), PAGE)
}

/**
 * Builds `src` into the folder `out`, which is made anew.
 *
 * @returns {Promise<{ms: number, pages: number, components: number, modules: number, warnings: string[]}>}
 * @throws {Error} with `errors`, a list of findings, when the source is not sound; `out` is left as it was
 */
export async function build({ src = path.join(HOME, 'src'), out = path.join(HOME, '.mpweb'), minify = false } = {}) {
  const start = performance.now()
  const errors = []
  const project = openProject(src, errors)
  const app = project.json('app.json')
  const pages = listPages(app)
  const components = collectComponents(project, app, pages, errors)
  const templates = compileTemplates(project, components, errors)
  const styles = compileSheets(project, components, errors)
  const theme = readTheme(project, app, components, errors)
  checkApp(project, app, theme, styles, errors)
  const entries = ['app', ...components.keys()].map(project.script)
  if (!entries[0]) errors.push('app: no app.ts or app.js')
  const modules = compileScripts(project, entries.filter(Boolean), errors, { minify })
  if (errors.length > 0) throw Object.assign(new Error(errors.map((error) => `  ${error}`).join('\n')), { errors })

  fs.rmSync(out, { recursive: true, force: true })
  fs.mkdirSync(out, { recursive: true })
  const manifest = { app, pages, comps: Object.fromEntries(components), styles, handlers: templates.handlers, theme }
  fs.writeFileSync(path.join(out, 'app.js'), [`window.__MP_MANIFEST__=${JSON.stringify(manifest)};`, templates.code, ...modules].join('\n'))
  await writeRuntime(out, minify)
  copyAssets(project, out)
  const ms = Math.round(performance.now() - start)
  return { ms, pages: pages.length, components: components.size - pages.length, modules: modules.length, warnings: templates.warnings }
}

const WARNINGS_SHOWN = 10

/** Prints the first warnings and how many more there are. */
export function showWarnings(warnings) {
  for (const warning of warnings.slice(0, WARNINGS_SHOWN)) console.warn(`warning: ${warning}`)
  if (warnings.length > WARNINGS_SHOWN) console.warn(`warning: … and ${warnings.length - WARNINGS_SHOWN} more`)
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { src: { type: 'string' }, out: { type: 'string' }, minify: { type: 'boolean' } } })
  try {
    const { pages, components, modules, ms, warnings } = await build(values)
    showWarnings(warnings)
    console.log(`${pages} pages, ${components} components, ${modules} modules in ${ms} ms`)
  } catch (error) {
    console.error(error.errors ? `the source is not sound:\n${error.message}` : error)
    process.exit(1)
  }
}
