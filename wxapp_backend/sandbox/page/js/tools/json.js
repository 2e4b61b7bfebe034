/** JSON with indentation and colours; a text is shown as it is. */
import { h } from '../dom.js'

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g

export function prettyJson(value) {
  if (value === '' || value === null) return h('pre', { class: 'json' }, h('i', {}, '（空）'))
  if (typeof value === 'string') return h('pre', { class: 'json' }, value)
  const text = JSON.stringify(value, null, 2)
  const parts = []
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    const [whole, quoted, colon, word] = match
    const kind = colon ? 'key' : quoted ? 'string' : word ? 'word' : 'number'
    parts.push(text.slice(from, match.index), h('span', { class: `json-${kind}` }, colon ? quoted : whole), colon ?? '')
    from = match.index + whole.length
  }
  return h('pre', { class: 'json' }, parts, text.slice(from))
}
