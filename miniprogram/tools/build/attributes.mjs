/** Attributes that a built-in component does not know: WeChat ignores them without a word, so a misspelt one is found only here. */
import { defineBuiltins } from '../runtime/builtins/index.js'

const COMMON = new Set(['id', 'class', 'style', 'slot', 'hidden', 'key'])
const FREE = /^(data-|mark:|wx:|model:|change:|generic:|(?:capture-|mut-)?(?:bind|catch))/

const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase())

/** The properties each built-in component has, read off the runtime's own definitions. */
function knownProperties() {
  const known = new Map()
  class ComponentSpace {
    define(tag) {
      const names = new Set()
      known.set(tag, names)
      const builder = {
        template: () => builder,
        init: () => builder,
        registerComponent: () => tag,
        property(name) {
          names.add(name)
          return builder
        },
      }
      return builder
    }
  }
  defineBuiltins({ ComponentSpace }, {})
  return known
}

const KNOWN = knownProperties()
const TAG = /<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"[^"]*"|'[^']*'))?/g

/** Answers one sentence a finding; `text` is WXML without comments and scripts. */
export function findUnknownAttributes(file, text) {
  const findings = []
  for (const { 1: tag, 2: inside, index } of text.matchAll(TAG)) {
    const known = KNOWN.get(tag)
    if (!known) continue
    for (const [, name] of inside.matchAll(ATTRIBUTE)) {
      const plain = name.replace(/^model:/, '')
      if (COMMON.has(plain) || FREE.test(name) || known.has(camel(plain))) continue
      const advice = name === 'role' ? ': WeChat calls it aria-role' : ''
      findings.push(`${file}.wxml:${text.slice(0, index).split('\n').length} <${tag}> does not know the attribute "${name}"${advice}`)
    }
  }
  return findings
}
