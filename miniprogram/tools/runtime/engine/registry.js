/** The app's modules, and what `App`, `Page`, `Component` and `Behavior` register with glass-easel. */

const CLASS = '\uE000'
const HOST = '\uE001'

/** Adds a style sheet; `prefix` is the scope of a component with isolated styles, '' for shared ones. */
export function addSheet(css, prefix) {
  const sheet = document.createElement('style')
  const host = prefix ? `[wx-host="${prefix}"]` : ':not(*)'
  sheet.textContent = css.replaceAll(CLASS, prefix ? prefix + '--' : '').replaceAll(HOST, host)
  document.head.appendChild(sheet)
  return sheet
}

/** An observer given by the name of a method is legal in WeChat. */
function resolveObservers(properties = {}) {
  for (const property of Object.values(properties)) {
    if (typeof property?.observer !== 'string') continue
    const name = property.observer
    property.observer = function (...values) {
      return this[name]?.(...values)
    }
  }
}

function styleIsolation(config, options, isPage) {
  const global = options.addGlobalClass || config.addGlobalClass ? 'apply-shared' : undefined
  const fallback = isPage || config.isPage ? 'shared' : config.component ? 'isolated' : 'shared'
  return config.styleIsolation ?? options.styleIsolation ?? global ?? fallback
}

/** WeChat's own behaviors, which components name. */
function createBuiltinBehaviors(space) {
  const names = ['form-field', 'form-field-group', 'form-field-button', 'component-export']
  const formField = {
    properties: { name: { type: String, value: '' }, value: { type: null } },
    lifetimes: {
      created() {
        this._$.__mpFormField = true
      },
    },
  }
  const made = {}
  for (const name of names) {
    space.componentEnv('app', (env) => {
      made['wx://' + name] = env.Behavior(name === 'form-field' ? formField : {})
    })
  }
  return made
}

/**
 * @param mp the phone
 * @param manifest what the build found out about the app
 * @param space glass-easel's code space
 * @param scopes filled here: component path → {prefix, isPage}
 */
export function createRegistry(mp, manifest, space, scopes) {
  const modules = new Map()
  const builtinBehaviors = createBuiltinBehaviors(space)
  const global = {}
  let app
  let current = 'app'

  const behaviors = (list = []) =>
    list.map((behavior) => {
      if (typeof behavior !== 'string') return behavior
      if (!builtinBehaviors[behavior]) throw new Error(`${current}: behavior "${behavior}" is not known here`)
      return builtinBehaviors[behavior]
    })
  const prepare = (definition) => {
    definition.behaviors = behaviors(definition.behaviors)
    resolveObservers(definition.properties)
    return definition
  }
  const register = (definition, isPage) => {
    const config = manifest.comps[current]
    if (!config) throw new Error(`Component() or Page() called in ${current}, which no page uses`)
    const isolation = styleIsolation(config, definition.options ?? {}, isPage)
    const prefix = /^(page-)?shared$/.test(isolation) ? '' : 's' + scopes.size.toString(36)
    scopes.set(current, { prefix, isPage: config.isPage })
    space.addComponentStaticConfig(current, { ...config, component: !config.isPage, styleIsolation: isolation })
    if (prefix) space.addStyleSheet(current, undefined, prefix)
    const groupList = window.__MP_TMPL__
    space.addCompiledTemplate(current, { groupList, content: groupList[current], fallbackListenerOnNativeNode: true })
    prepare(definition)
    space.componentEnv(current, (env) => (isPage ? env.Page(definition) : env.Component(definition)))
  }
  const App = (definition) => {
    app = Object.assign(Object.create({}), definition)
  }
  const Page = (definition) => register(definition, true)
  const Component = (definition) => {
    if (!definition) throw new Error(`${current}: Component() without a definition is not supported`)
    register(definition, false)
  }
  const Behavior = (definition) => {
    let made
    prepare(definition)
    space.componentEnv(current, (env) => {
      made = env.Behavior(definition)
    })
    return made
  }
  const require = (id) => {
    const module = modules.get(id)
    if (!module) throw new Error('no module ' + id)
    if (!module.made) {
      module.made = { exports: {} }
      const inner = (request) => require(module.links[request] ?? request)
      const own = [mp.wx, App, Page, Component, Behavior, () => app, () => mp.stack.map((page) => page.caller), global]
      module.body.call(undefined, inner, module.made, module.made.exports, ...own)
    }
    return module.made.exports
  }
  return {
    app: () => app,
    define: (id, links, body) => modules.set(id, { links, body }),
    /** Runs app.js and every component once, in the order of the manifest. */
    load(componentSpace) {
      require('app')
      if (!app) throw new Error('App() was not called')
      addSheet(manifest.styles.app, '')
      componentSpace.startGroupRegister()
      for (const path of Object.keys(manifest.comps)) {
        current = path
        require(path)
        if (!scopes.has(path)) throw new Error(`${path}: neither Page() nor Component() was called`)
      }
      componentSpace.endGroupRegister()
      current = 'app'
      for (const [path, config] of Object.entries(manifest.comps)) {
        if (!config.isPage) addSheet(manifest.styles[path] ?? '', scopes.get(path).prefix)
      }
    },
  }
}
