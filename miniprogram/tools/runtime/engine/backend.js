/** How glass-easel draws: built-in tags become `wx-*`, ids, `data-*` and `aria-*` reach the DOM, and only real touches come back from it. */
import * as ge from 'glass-easel'
import { inlineStyle } from './units.js'

/** Everything else (input, change, scroll …) is fired by the built-in components themselves. */
const DOM_EVENTS = new Set(
  'touchstart touchmove touchend touchcancel transitionend animationstart animationiteration animationend'.split(' '),
)
const TAP_EVENTS = new Set(['tap', 'longpress', 'longtap'])

export class Backend extends ge.CurrentWindowBackendContext {
  constructor(builtins) {
    super()
    this.document = {
      createElement(tag) {
        const name = builtins[tag] ? 'wx-' + tag : tag.startsWith('wx-') || tag.includes('-') ? tag : 'x-' + tag
        const element = document.createElement(name)
        const { setAttribute } = element
        element.setAttribute = (key, value) => setAttribute.call(element, key, key === 'style' ? inlineStyle(String(value)) : value)
        return element
      },
      createTextNode: (text) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    }
  }

  setListenerStats(element, type, ...rest) {
    if (TAP_EVENTS.has(type)) element.setAttribute?.('data-mp-tap', '') // the checks of tap targets look for it
    if (DOM_EVENTS.has(type)) super.setListenerStats(element, type, ...rest)
  }
}

/** Makes ids and `data-*` visible in the DOM, for selectors of style sheets and tests. */
export function showIdsAndData() {
  const { prototype } = ge.Element
  const { setDataset } = prototype
  prototype.setDataset = function (key, value) {
    setDataset.call(this, key, value)
    const dom = this.$$
    if (dom?.dataset && (value === null || typeof value !== 'object')) dom.dataset[key] = value
  }
  const id = Object.getOwnPropertyDescriptor(prototype, 'id')
  Object.defineProperty(prototype, 'id', {
    ...id,
    set(value) {
      id.set.call(this, value)
      this.$$?.setAttribute?.('data-mp-id', value)
    },
  })
}

const point = ({ identifier = 0, pageX, pageY, clientX, clientY }) => ({ identifier, pageX, pageY, clientX, clientY })

/** Gives events that come from the DOM the touches WeChat's events carry. */
export function passEvents(backend) {
  backend.onEvent((target, type, detail, options) => {
    const original = options.originalEvent
    let extraFields = {}
    if (original?.changedTouches) {
      extraFields = { touches: [...original.touches].map(point), changedTouches: [...original.changedTouches].map(point) }
    } else if (original && 'clientX' in original) extraFields = { touches: [], changedTouches: [point(original)] }
    return ge.Event.triggerEvent(target, type, detail, { ...options, extraFields })
  })
}

const LONG_PRESS_MS = 350
const STILL_PX = 10

/** Fires `longpress` and `longtap` after 350 ms without moving, as WeChat does, and counts taps. */
export function watchTouches(mp) {
  let timer
  let start
  const stop = () => clearTimeout(timer)
  const listen = (type, listener) => document.addEventListener(type, listener, { passive: true, capture: true })
  listen('touchstart', (event) => {
    stop()
    start = event.touches[0]
    timer = setTimeout(() => {
      let dom = event.target
      while (dom && !dom.__wxElement) dom = dom.parentNode
      const detail = { x: start.clientX, y: start.clientY }
      for (const type of dom ? ['longpress', 'longtap'] : []) {
        ge.Event.triggerEvent(dom.__wxElement, type, detail, { bubbles: true, composed: true, capturePhase: true })
      }
    }, LONG_PRESS_MS)
  })
  listen('touchmove', (event) => {
    const { clientX, clientY } = event.touches[0]
    if (start && Math.hypot(clientX - start.clientX, clientY - start.clientY) > STILL_PX) stop()
  })
  listen('touchend', stop)
  listen('touchcancel', stop)
  document.addEventListener(
    'click',
    () => {
      mp.taps += 1
      mp.lastTapAt = Date.now()
    },
    { capture: true },
  )
}
