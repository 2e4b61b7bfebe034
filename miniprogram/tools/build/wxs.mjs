/**
 * WXS → JavaScript. Three things differ: `x.constructor` is a string, backslashes in a `getRegExp('…')` literal are kept, and `require` names files
 * with their ending. Our own files must be ES5, as WeChat's compiler wants; packages may use more, which WeChat takes all the same.
 */
import { parse } from 'acorn'

const isNode = (value) => typeof value?.type === 'string'

function visit(node, onNode) {
  onNode(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, onNode)
  }
}

/** Answers the changes to the text as [from, to, new text]. */
function findEdits(tree, code) {
  const edits = []
  visit(tree, (node) => {
    if (node.type === 'MemberExpression' && !node.computed && node.property.name === 'constructor') {
      edits.push([node.object.start, node.object.start, '__wxsCtor('], [node.object.end, node.end, ')'])
    }
    const [argument] = node.type === 'CallExpression' ? node.arguments : []
    if (argument?.type !== 'Literal') return
    if (node.callee.name === 'getRegExp') {
      const raw = code.slice(argument.start + 1, argument.end - 1)
      edits.push([argument.start, argument.end, JSON.stringify(raw.replace(/\\\\/g, '\\'))])
    }
    if (node.callee.name === 'require') {
      edits.push([argument.start, argument.end, JSON.stringify(String(argument.value).replace(/\.wxs$/, ''))])
    }
  })
  return edits.sort((a, b) => b[0] - a[0] || b[1] - a[1])
}

/** Raises an Error that names the file when the script is not valid. */
export function compileWxs(code, name) {
  let tree
  try {
    tree = parse(code, { ecmaVersion: name.includes('miniprogram_npm/') ? 2020 : 5, sourceType: 'script', allowReserved: true })
  } catch (error) {
    throw new Error(`${name}.wxs: ${error.message}`, { cause: error })
  }
  return findEdits(tree, code).reduce((text, [from, to, change]) => text.slice(0, from) + change + text.slice(to), code)
}
