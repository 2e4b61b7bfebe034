/** The built-in components. Containers only have a slot; leaf components draw plain DOM nodes into their host. */
import { defineActions } from './actions.js'
import { defineChoices } from './choices.js'
import { defineContainers } from './containers.js'
import { defineFields } from './fields.js'
import { defineMedia } from './media.js'
import { defineScrolling } from './scrolling.js'

const NO_SLOT = { content: () => () => ({ C: () => {}, B: {} }) }
const ARIA =
  'role label hidden checked selected disabled expanded live level busy current modal valuenow valuemin valuemax valuetext'.split(' ')
const ariaProperty = (name) => 'aria' + name[0].toUpperCase() + name.slice(1)

/** What a component's set-up may use of its own instance. */
function handle(self, observer, lifetime) {
  return {
    self,
    get host() {
      return self.$$
    },
    prop: (name) => self.data[name],
    fire: (type, detail = {}, options) => self.triggerEvent(type, detail, options),
    attached: (run) => lifetime('attached', run),
    detached: (run) => lifetime('detached', run),
    /** Runs now, when attached, and whenever one of the properties changes. */
    watch(names, run) {
      observer(names, run)
      lifetime('attached', run)
    },
  }
}

/** `aria-*` attributes reach the DOM; `aria-role` is the role. */
function showAria(h) {
  for (const name of ARIA) {
    const property = ariaProperty(name)
    h.watch(property, () => {
      const value = h.prop(property)
      const attribute = name === 'role' ? 'role' : 'aria-' + name
      if (value === null || value === undefined || value === '') h.host?.removeAttribute(attribute)
      else h.host?.setAttribute(attribute, String(value))
    })
  }
}

/** All built-in components by tag name. */
export function defineBuiltins(ge, mp) {
  const space = new ge.ComponentSpace()
  const builtins = {}
  /** `properties` is {name: [type, default]}; a leaf has no slot. */
  const define = (name, properties, setup, { isLeaf = false } = {}) => {
    let builder = space.define(name)
    if (isLeaf) builder = builder.template(NO_SLOT)
    const all = { hidden: [Boolean, false], ...properties }
    for (const part of ARIA) all[ariaProperty(part)] ??= [null, null]
    for (const [key, [type, value]] of Object.entries(all)) builder = builder.property(key, { type, value })
    builder = builder.init(({ self, observer, lifetime }) => {
      const h = handle(self, observer, lifetime)
      h.watch('hidden', () => h.host.toggleAttribute('hidden', Boolean(h.prop('hidden'))))
      setup?.(h)
      showAria(h)
    })
    builtins[name] = builder.registerComponent()
  }
  for (const part of [defineContainers, defineMedia, defineFields, defineChoices, defineActions, defineScrolling]) part(define, mp)
  return builtins
}
