/** What WXS scripts find around them: `getRegExp`, `getDate`, component descriptors for `change:prop` and event handlers. */
import { inlineStyle } from './units.js'

const CONSTRUCTORS = new Set('Array Object Date RegExp Function String Number Boolean'.split(' '))

/** `x.constructor` is a string in WXS. */
function constructorName(value) {
  if (value === null || value === undefined) return undefined
  const name = Object.prototype.toString.call(value).slice(8, -1)
  return CONSTRUCTORS.has(name) ? name : undefined
}

const dashed = (name) => name.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase())
const styleText = (style) =>
  typeof style === 'string'
    ? style
    : Object.entries(style)
        .map(([key, value]) => `${dashed(key)}:${value}`)
        .join(';')

function createDescriptors(mp) {
  const known = new WeakMap()
  const describe = (given) => {
    const element = given && (given._$ ?? given)
    if (!element) return null
    if (!known.has(element)) known.set(element, descriptor(element))
    return known.get(element)
  }
  const descriptor = (element) => {
    const state = {}
    const classes = (text) =>
      String(text)
        .split(/\s+/)
        .flatMap((name) => mp.scopedClass(element, name))
    return {
      selectComponent: (selector) => describe(mp.select(element, selector)[0]),
      selectAllComponents: (selector) => mp.select(element, selector).map(describe),
      setStyle(style) {
        for (const pair of inlineStyle(styleText(style)).split(';')) {
          const colon = pair.indexOf(':')
          if (colon > 0) element.$$?.style.setProperty(pair.slice(0, colon).trim(), pair.slice(colon + 1).trim())
        }
        return this
      },
      addClass(text) {
        element.$$?.classList.add(...classes(text))
        return this
      },
      removeClass(text) {
        element.$$?.classList.remove(...classes(text))
        return this
      },
      hasClass: (text) => classes(text).some((name) => element.$$?.classList.contains(name)),
      getDataset: () => element.dataset,
      getState: () => state,
      triggerEvent: (name, detail, options) => element.triggerEvent(name, detail, options),
      callMethod: (name, argument) => element.getMethodCaller()[name]?.(argument),
      requestAnimationFrame: (callback) => requestAnimationFrame(callback),
      setTimeout: (callback, ms) => setTimeout(callback, ms),
      clearTimeout: (timer) => clearTimeout(timer),
      getBoundingClientRect() {
        const { left, top, right, bottom, width, height } = element.$$.getBoundingClientRect()
        return { left, top, right, bottom, width, height }
      },
      getComputedStyle(names) {
        const style = getComputedStyle(element.$$)
        return Object.fromEntries(names.map((name) => [name, style[name]]))
      },
    }
  }
  return describe
}

function plainTarget(given) {
  const element = given && (given._$ ?? given)
  if (!element) return undefined
  const { offsetLeft = 0, offsetTop = 0 } = element.$$ ?? {}
  return { id: element.id || '', offsetLeft, offsetTop, dataset: element.dataset ?? {} }
}

const plainEvent = (event) => ({
  type: event.type || event.getEventName(),
  timeStamp: event.timeStamp,
  target: plainTarget(event.target),
  currentTarget: plainTarget(event.currentTarget),
  mark: event.mark ?? {},
  detail: event.detail,
  ...(event.touches ? { touches: event.touches, changedTouches: event.changedTouches } : {}),
})

/** Puts into the page what compiled WXS and compiled templates call. */
export function installWxs(mp) {
  const describe = createDescriptors(mp)
  const guarded = (work) => {
    try {
      return work()
    } catch (error) {
      mp.problem(error)
      return undefined
    }
  }
  window.getRegExp = (pattern, flags) => new RegExp(pattern, flags)
  window.getDate = (...parts) => (parts.length > 0 ? new Date(...parts) : new Date())
  window.__wxsCtor = constructorName
  window.__mpWxsChange = (changed) => (now, before, host, element) => {
    const run = () => guarded(() => changed(now, before, describe(host), describe(element)))
    if (element.$$?.isConnected) run()
    else setTimeout(run) // the first call comes before the tree is on the page
  }
  window.__mpWxsEvent = (host, event, handler, path) =>
    guarded(() => {
      const isWxs = path && (path[0] === 1 || path[0] === 2) // a handler that stands in a WXS module
      if (!isWxs) return handler.call(host, plainEvent(event))
      return handler.call(null, { ...plainEvent(event), instance: describe(event.currentTarget) }, describe(host))
    })
}
