/** Starts one phone in the page: glass-easel, the built-in components, `wx`, the app, and the page named in the address. */
import * as ge from 'glass-easel'
import { component as adapterComponent, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import { defineBuiltins } from './builtins/index.js'
import { Backend, passEvents, showIdsAndData, watchTouches } from './engine/backend.js'
import { createFiles } from './engine/files.js'
import { createPages, parseUrl } from './engine/pages.js'
import { createPerson } from './engine/person.js'
import { SelectorQuery } from './engine/query.js'
import { createRegistry } from './engine/registry.js'
import { createState } from './engine/state.js'
import { createStorage } from './engine/storage.js'
import { createTheme } from './engine/theme.js'
import { createTree } from './engine/tree.js'
import { installWxs } from './engine/wxs.js'
import { measureSetData } from './engine/weight.js'
import { addVisits } from './engine/visits.js'
import { createConsents } from './ui/consents.js'
import { createDialogs } from './ui/dialogs.js'
import { showToOthers } from './ui/neighbours.js'
import { addPictureMenu, createPictures } from './ui/pictures.js'
import { showPicker } from './ui/picker.js'
import { createScanner } from './ui/scanner.js'
import { createShell } from './ui/shell.js'
import { createWx } from './wx/index.js'

const mp = (window.__mp = createState())
installWxs(mp) // compiled WXS runs while app.js loads
const definitions = []
mp.define = (...definition) => definitions.push(definition)

function createSpace(env) {
  const space = env.createCodeSpace('', true)
  const components = space.getComponentSpace()
  // glass-easel leaves "ready" to its host
  const attached = function () {
    const component = this._$ ?? this
    requestAnimationFrame(() => component.triggerLifetime('ready', []))
  }
  space.setOverallBehavior(components.defineBehavior({ lifetimes: { attached } }))
  components.updateComponentOptions({ writeFieldsToNode: false }) // a property may be called "dataset" or "id"
  mp.builtins = defineBuiltins(ge, mp)
  for (const [name, builtin] of Object.entries(mp.builtins)) components.setGlobalUsingComponent(name, builtin)
  const { prepareComponentOptions } = space
  space.prepareComponentOptions = function (...args) {
    const prepared = prepareComponentOptions.apply(this, args)
    prepared[0].useMethodCallerListeners = true
    return prepared
  }
  return space
}

function createUi() {
  mp.ui = { ...createDialogs(mp), ...createConsents(mp), ...createPictures(mp), ...createScanner(mp) }
  mp.showPicker = showPicker
  addPictureMenu(mp)
  showToOthers(mp)
}

/** Path, query and scene as the address of this page names them. */
function launchOptions(manifest) {
  const [path, own] = parseUrl(mp.params.get('path') ?? manifest.app.entryPagePath ?? manifest.pages[0])
  const query = { ...own, ...parseUrl('?' + (mp.params.get('query') ?? ''))[1] }
  return { path, query, scene: Number(mp.params.get('scene') ?? 1001), referrerInfo: {}, shareTicket: undefined }
}

mp.start = () => {
  const manifest = window.__MP_MANIFEST__
  const { app } = manifest
  if (app.style === 'v2') document.body.dataset.v2 = ''
  mp.isPage = (path) => manifest.pages.includes(path)
  mp.appTitle = mp.params.get('title') ?? app.window?.navigationBarTitleText ?? ''
  mp.store = createStorage(mp.phone)
  mp.person = createPerson(mp)
  mp.files = createFiles(mp)
  const scopes = new Map()
  createTree(mp, scopes)
  showIdsAndData()
  measureSetData(mp, adapterComponent.ComponentCaller)
  adapterComponent.ComponentCaller.prototype.createSelectorQuery = function () {
    return new SelectorQuery(mp, this)
  }
  const env = new MiniProgramEnv()
  const space = createSpace(env)
  const backend = new Backend(mp.builtins)
  passEvents(backend)
  watchTouches(mp)
  ge.addGlobalErrorListener((error) => {
    mp.problem(error)
    mp.app()?.onError?.(String(error?.stack ?? error))
    return false
  })
  const root = env.associateBackend(backend)
  const theme = createTheme(mp, app, manifest.theme)
  createUi()
  mp.shell = createShell(mp, app, theme)
  createPages(mp, manifest, scopes, (name, path) => root.createRoot(name, space, '/' + path))
  mp.launchOptions = mp.enterOptions = launchOptions(manifest)
  mp.wx = createWx(mp)
  const registry = createRegistry(mp, manifest, space, scopes)
  mp.app = registry.app
  for (const definition of definitions) registry.define(...definition)
  registry.load(space.getComponentSpace())
  addVisits(mp)
  mp.launch()
  addEventListener('resize', mp.measurePages)
  document.documentElement.dataset.mpReady = '1'
  mp.tell('ready', mp.launchOptions)
}
window.addEventListener('error', ({ error, message }) => mp.problem(error ?? message))
window.addEventListener('unhandledrejection', ({ reason }) => {
  const text = reason?.stack ?? reason?.errMsg ?? String(reason)
  mp.emit('UnhandledRejection', { reason, promise: undefined })
  mp.problem('unhandled: ' + text)
})
