/** Looking around in the running component tree: elements above and below, classes as the component's scope names them, addresses as it sees them. */
import { inlineStyle } from './units.js'

/** Two names of the loopback are one place. */
const sameMachine = (origin) => origin.replace('//localhost', '//127.0.0.1')

const elements = (root) => (root ? [...root.querySelectorAll('*')].map((dom) => dom.__wxElement).filter(Boolean) : [])

/** `scopes` maps a component's path to what registration knows of it (see registry.js). */
export function createTree(mp, scopes) {
  const ownerPath = (element) => element?.ownerShadowRoot?.getHostNode().is || mp.top()?.route || ''
  const prefixOf = (element) => scopes.get(element.ownerShadowRoot?.getHostNode().is)?.prefix ?? ''
  const backendAddress = (url) => {
    const { origin, pathname, search } = new URL(url, location.href)
    if (origin === location.origin) return url
    const isSandbox = mp.config.sandbox && sameMachine(origin) === sameMachine(new URL(mp.config.sandbox).origin)
    return `__mp/${isSandbox ? 'sandbox' : 'backend'}${pathname}${search}`
  }
  Object.assign(mp, {
    elements,
    descendants: (element) => elements(element.$$),
    within: (element, is) => elements(element.$$).filter((child) => child.is === is),
    closest(element, is) {
      for (let dom = element.$$?.parentNode; dom; dom = dom.parentNode) if (dom.__wxElement?.is === is) return dom.__wxElement
      return null
    },
    path(event) {
      const found = []
      for (let dom = event.target.$$ || event.target._$?.$$; dom; dom = dom.parentNode) if (dom.__wxElement) found.push(dom.__wxElement)
      return found
    },
    /** The local address that stands for an address of the network: every host is taken for the backend, except the sandbox's. */
    backendAddress,
    /** Where the browser finds a picture: of the package (relative to the component that names it), of the phone's files, or of the network. */
    asset(source, element) {
      if (!source || /^(data:|blob:)/.test(source)) return source
      if (mp.files.isOwn(source)) return mp.files.url(source) ?? source
      if (/^(https?:)?\/\//.test(source)) return backendAddress(source)
      return 'assets/' + (source.startsWith('/') ? source.slice(1) : new URL(source, 'http://x/' + ownerPath(element)).pathname.slice(1))
    },
    resolveUrl: (url, element) =>
      !url || url.startsWith('/') ? url : new URL(url, 'http://x/' + ownerPath(element)).href.slice('http://x'.length),
    scopedClass(element, name) {
      const prefix = prefixOf(element)
      return prefix ? [`${prefix}--${name}`, name] : [name]
    },
    select(component, selector) {
      const root = (component._$ ?? component).getShadowRoot()
      const deep = selector.indexOf('>>>')
      if (deep < 0) return [...root.querySelectorAll(selector)]
      const outer = root.querySelectorAll(selector.slice(0, deep).trim())
      return outer.flatMap((child) => mp.select(child, selector.slice(deep + 3).trim()))
    },
  })
  mp.placeholderClass = createPlaceholders(mp, prefixOf)
}

/** `placeholder-class` names a class for text that CSS reaches only by `::placeholder`: what the class says is copied to a rule of its own. */
function createPlaceholders(mp, prefixOf) {
  const known = new Map()
  const rules = (sheet) => {
    try {
      return [...sheet.cssRules]
    } catch {
      return [] // a sheet of another origin
    }
  }
  return (element, names, style) => {
    const key = `${prefixOf(element)}|${names}|${style}`
    if (known.has(key)) return known.get(key)
    const id = 'ph' + known.size
    known.set(key, id)
    const wanted = (names || '')
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((name) => mp.scopedClass(element, name))
    const speaksOf = (selector) => wanted.some((name) => selector.split(',').some((part) => part.trim().endsWith('.' + name)))
    const copied = [...document.styleSheets].flatMap(rules).filter((rule) => rule.selectorText && speaksOf(rule.selectorText))
    const text = copied.map((rule) => rule.style.cssText).join('') + inlineStyle(style || '')
    document.head.appendChild(document.createElement('style')).textContent = `.wx-input-inner[data-ph=${id}]::placeholder{${text}}`
    return id
  }
}
