/** WXML and WXS → one script for glass-easel; finds what WeChat would draw as nothing without a word. */
import { createRequire } from 'node:module'
import path from 'node:path'
import { findUnknownAttributes } from './attributes.mjs'
import { compileWxs } from './wxs.mjs'

const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler')

/** Tags that WeChat draws itself. */
export const BUILTIN_TAGS = new Set(
  (
    'view text image button input textarea scroll-view swiper swiper-item navigator form label picker picker-view picker-view-column ' +
    'switch slider checkbox checkbox-group radio radio-group icon progress rich-text canvas root-portal cover-view cover-image ' +
    'movable-area movable-view page-meta navigation-bar web-view map video audio camera official-account open-data ad match-media ' +
    'page-container share-element live-player live-pusher'
  ).split(' '),
)
const SYNTAX_TAGS = new Set(['block', 'template', 'wxs', 'import', 'include', 'slot'])

const isOurs = (file) => !file.includes('miniprogram_npm/')
const lineOf = (text, index) => text.slice(0, index).split('\n').length
const blank = (text) => text.replace(/[^\n]/g, ' ')

/** A call in `{{ }}` works only on a WXS module; anything else is silently empty in WeChat. */
function checkCalls(file, text, errors) {
  const modules = new Set([...text.matchAll(/<wxs\b[^>]*\bmodule="([^"]+)"/g)].map(([, name]) => name))
  for (const binding of text.matchAll(/\{\{([\s\S]*?)\}\}/g)) {
    const bare = binding[1].replace(/'[^']*'/g, "''")
    for (const [call, name] of bare.matchAll(/([A-Za-z_$][\w$]*)(?:\.[\w$]+)*\s*\(/g)) {
      if (!modules.has(name)) errors.push(`${file}.wxml:${lineOf(text, binding.index)} "${call}" calls something that is not a WXS module`)
    }
  }
}

function checkTags(file, text, config, errors) {
  const bare = text.replace(/"[^"]*"|'[^']*'|\{\{[\s\S]*?\}\}/g, blank)
  for (const { 1: tag, index } of bare.matchAll(/<([a-z][\w-]*)/gi)) {
    const isKnown = BUILTIN_TAGS.has(tag) || SYNTAX_TAGS.has(tag) || config.usingComponents[tag] || config.componentGenerics[tag]
    if (!isKnown) errors.push(`${file}.wxml:${lineOf(text, index)} <${tag}> is neither built in nor in usingComponents`)
  }
}

const handlerNames = (text) => [
  ...new Set([...text.matchAll(/\s(?:capture-|mut-)?(?:bind|catch):?[\w-]+\s*=\s*"([A-Za-z_$][\w$]*)"/g)].map(([, name]) => name)),
]

/** Answers the script, warnings and, per component, the handlers its template names (the runtime compares them with the script's methods). */
export function compileTemplates(project, components, errors) {
  const group = TmplGroup.newDev()
  group.setExtraRuntimeScript('Q.A=window.__mpWxsChange;Q.C=window.__mpWxsEvent;')
  const handlers = {}
  const warnings = []
  const templates = new Set()
  const scripts = new Set()

  const check = (file) => {
    const text = project
      .read(file + '.wxml')
      .replace(/<!--[\s\S]*?-->/g, blank)
      .replace(/(<wxs\b[^>]*>)[\s\S]*?<\/wxs>/g, '$1')
    checkCalls(file, text, errors)
    warnings.push(...findUnknownAttributes(file, text))
    if (!components.has(file)) return
    checkTags(file, text, components.get(file), errors)
    handlers[file] = handlerNames(text)
  }
  const compiled = (code, name) => {
    try {
      return compileWxs(code, name)
    } catch (error) {
      errors.push(error.message)
      return undefined
    }
  }
  const addScript = (file) => {
    if (scripts.has(file)) return
    scripts.add(file)
    if (!project.exists(file + '.wxs')) return void errors.push(`${file}.wxs: not found`)
    const code = compiled(project.read(file + '.wxs'), file)
    if (code === undefined) return
    group.addScript(file, code)
    for (const [, request] of code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)) {
      addScript(path.posix.join(path.posix.dirname(file), request).replace(/\.wxs$/, ''))
    }
  }
  const add = (file) => {
    if (templates.has(file)) return
    templates.add(file)
    if (!project.exists(file + '.wxml')) return void errors.push(`${file}.wxml: not found`)
    for (const finding of group.addTmpl(file, project.read(file + '.wxml'))) {
      // "missing end tag" is a warning to this compiler, but fatal in WeChat: in our own files every finding counts
      if (finding.level === 'Fatal' || isOurs(file))
        errors.push(`${file}.wxml:${finding.startLine + 1}:${finding.startColumn + 1} ${finding.message}`)
    }
    if (isOurs(file)) check(file)
    for (const name of group.getInlineScriptModuleNames(file)) {
      const code = compiled(group.getInlineScript(file, name), `${file}.wxml#${name}`)
      if (code !== undefined) group.setInlineScript(file, name, code)
    }
    for (const dependency of group.getDirectDependencies(file)) add(dependency)
    for (const dependency of group.getScriptDependencies(file)) addScript(dependency)
  }
  for (const file of components.keys()) add(file)
  const code = `window.__MP_TMPL__=${group.getTmplGenObjectGroups()};`
  group.free()
  return { code, handlers, warnings }
}
