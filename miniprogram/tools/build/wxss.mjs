/** WXSS → CSS. Classes get a mark that the runtime replaces by the component's scope; rpx become vw, `page` and built-in tags become `wx-*`. */
import fs from 'node:fs'
import path from 'node:path'
import postcss from 'postcss'
import parser from 'postcss-selector-parser'

/** Marks for the scope of a class and for `:host`; see runtime/engine/registry.js. */
const CLASS = '\uE000'
const HOST = '\uE001'

/** A file of the package in url() works in DevTools and shows nothing on a phone; data and network addresses are fine. */
const ALLOWED_URLS = /url\(\s*(["'])(?:data|https?):.*?\1\s*\)|url\(\s*(?:data|https?):[^)]*\)/g
const LOCAL_URL = /url\(\s*['"]?(?!https?:|\/\/)[^'"\s)]/

const units = (value) =>
  value
    .replace(/(-?(?:\d*\.)?\d+)rpx\b/gi, (_, number) => Number((number / 7.5).toFixed(5)) + 'vw')
    .replace(/(-?(?:\d*\.)?\d+)vh\b/gi, (_, number) => `calc(${number} * var(--mp-vh, 1vh))`)
    .replace(/env\(safe-area-inset-(top|right|bottom|left)\)/g, 'var(--mp-safe-$1, 0px)')
    .replace(/constant\(safe-area-inset-(top|right|bottom|left)\)/g, 'var(--mp-safe-$1, 0px)')

/** Parses a file and puts its imports in their place. */
function load(root, file, seen, errors) {
  const whole = path.join(root, file)
  if (!fs.existsSync(whole)) {
    errors.push(`${file}: not found`)
    return postcss.root()
  }
  if (seen.includes(file)) return postcss.root()
  let sheet
  try {
    sheet = postcss.parse(fs.readFileSync(whole, 'utf8'), { from: file })
  } catch (error) {
    errors.push(`${file}${error.line ? `:${error.line}` : ''}: ${error.reason ?? error.message}`)
    return postcss.root()
  }
  sheet.walkAtRules('import', (rule) => {
    const [, target] = /^(?:url\()?\s*['"]?([^'")]+)['"]?/.exec(rule.params) ?? []
    if (!target) {
      errors.push(`${file}: an @import names no file`)
      return void rule.remove()
    }
    const dependency = target.startsWith('/') ? target.slice(1) : path.posix.join(path.posix.dirname(file), target)
    rule.replaceWith(load(root, dependency, [...seen, file], errors).nodes)
  })
  return sheet
}

function selectorChanges(builtins, onUniversal) {
  const attribute = (value) => parser.attribute({ attribute: 'data-mp-id', operator: '=', value, quoteMark: '"', raws: {} })
  return parser((selectors) => {
    selectors.walk((node) => {
      if (node.type === 'class') node.replaceWith(parser.className({ value: CLASS + node.value }))
      else if (node.type === 'tag' && node.value === 'page') node.replaceWith(parser.tag({ value: 'wx-page' }))
      else if (node.type === 'tag' && builtins.has(node.value)) node.replaceWith(parser.tag({ value: 'wx-' + node.value }))
      else if (node.type === 'id') node.replaceWith(attribute(node.value))
      else if (node.type === 'pseudo' && node.value === ':host') node.replaceWith(parser.tag({ value: HOST }))
      else if (node.type === 'universal') onUniversal()
    })
  })
}

/** Answers {css, errors}; `builtins` are the tags WeChat draws itself. */
export function compileWxss(root, file, builtins) {
  const errors = []
  const isOurs = !file.includes('miniprogram_npm/')
  const sheet = load(root, file, [], errors)
  sheet.walkDecls((declaration) => {
    declaration.value = units(declaration.value)
    const isLocal = declaration.prop !== 'src' && LOCAL_URL.test(declaration.value.replace(ALLOWED_URLS, ''))
    if (isOurs && isLocal) errors.push(`${file}: a local file in url() shows nothing on a phone: ${declaration.value}`)
  })
  sheet.walkAtRules('media', (rule) => {
    rule.params = units(rule.params)
  })
  const change = selectorChanges(builtins, () => isOurs && errors.push(`${file}: the selector * is not supported in WXSS`))
  sheet.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return
    try {
      rule.selector = change.processSync(rule.selector)
    } catch (error) {
      errors.push(`${file}: selector "${rule.selector}": ${error.message}`)
    }
  })
  return { css: sheet.toString(), errors }
}
