/** The page stack: opening, showing, hiding and closing pages, with WeChat's order of life cycle calls and its rules for tab pages. */
import * as ge from 'glass-easel'
import { addSheet } from './registry.js'

const MAX_DEPTH = 10 // WeChat: wx.navigateTo
const REACH_BOTTOM_PX = 50
const REACH_BOTTOM_PAUSE_MS = 300

/** `pages/a?x=1` → ['pages/a', {x: '1'}]; values stay URL-encoded, as WeChat hands them to `onLoad`. */
export function parseUrl(url) {
  const [path, text = ''] = url.replace(/^\//, '').split('?')
  const query = {}
  for (const pair of text.split('&').filter(Boolean)) {
    const equals = pair.indexOf('=')
    query[equals < 0 ? pair : pair.slice(0, equals)] = equals < 0 ? '' : pair.slice(equals + 1)
  }
  return [path.replace(/\.html$/, ''), query]
}

function createChannel() {
  const listeners = {}
  const add = (name, listener) => (listeners[name] ??= []).push(listener)
  return {
    on: add,
    once: (name, listener) => {
      const run = (...values) => {
        listeners[name] = listeners[name].filter((known) => known !== run)
        listener(...values)
      }
      add(name, run)
    },
    off: (name) => delete listeners[name],
    emit: (name, ...values) => [...(listeners[name] ?? [])].forEach((listener) => listener(...values)),
  }
}

/** `root` is {backend, space} of glass-easel; `scopes` what registry.js filled. */
export function createPages(mp, manifest, scopes, createRoot) {
  const { app } = manifest
  const stack = (mp.stack = [])
  const tabs = new Map()
  const checked = new Set()
  const isTab = (route) => (app.tabBar?.list ?? []).some((tab) => tab.pagePath === route)
  const hasBar = (page) => page.isTab && !app.tabBar.custom

  const call = (page, name, ...values) => {
    try {
      if (typeof page.caller[name] === 'function') return page.caller[name](...values)
    } catch (error) {
      mp.problem(error)
    }
    return undefined
  }
  const components = (page) => [page.component, ...mp.elements(page.view).filter((element) => ge.Component.isComponent(element))]

  /** Reports handlers that a template names and its script lacks: WeChat only warns when the finger is already on the button. */
  const checkHandlers = (page) => {
    for (const component of components(page)) {
      if (checked.has(component.is)) continue
      checked.add(component.is)
      const methods = component.getMethodCaller()
      for (const name of manifest.handlers[component.is] ?? []) {
        if (typeof methods[name] !== 'function')
          mp.problem(new Error(`${component.is}.wxml binds "${name}", but the script has no such method`))
      }
    }
  }

  const makeView = (page) => {
    const view = document.createElement('div')
    view.className = 'mp-view'
    view.style.top = page.isCustom ? '0' : `${mp.STATUS + mp.NAV}px`
    view.style.bottom = hasBar(page) ? `${mp.TAB + mp.SAFE_BOTTOM}px` : '0'
    const scroller = view.appendChild(document.createElement('div'))
    scroller.className = 'mp-scroll'
    const body = scroller.appendChild(document.createElement('wx-page'))
    body.setAttribute('is', page.route)
    mp.shell.views.appendChild(view)
    Object.assign(page, { view, scroller, body, sheet: addSheet(manifest.styles[page.route] ?? '', scopes.get(page.route).prefix) })
    page.measure = () => view.style.setProperty('--mp-vh', `${mp.viewHeight(page) / 100}px`)
  }
  const makeComponent = (page) => {
    page.root = createRoot('mp-page-root', page.route)
    page.component = page.root.getComponent()
    page.caller = page.root.get()
    Object.assign(page.caller, {
      route: page.route,
      __route__: page.route,
      options: page.query,
      getOpenerEventChannel: () => page.channel,
      getTabBar: () => page.tabRoot?.get(),
      getPageId: () => 'pageId:' + stack.indexOf(page),
      setInitialRenderingCache() {},
    })
    for (const [key, value] of Object.entries(page.query)) {
      if (ge.Component.hasProperty(page.component, key)) page.caller.setData({ [key]: value })
    }
  }
  const addCustomTabBar = (page) => {
    const host = page.view.appendChild(document.createElement('div'))
    host.className = 'mp-customtab'
    page.tabRoot = createRoot('custom-tab-bar', 'custom-tab-bar/index')
    page.tabRoot.attach(host, host.appendChild(document.createElement('span')))
  }
  const watchScroll = (page) => {
    let last = 0
    page.scroller.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = page.scroller
      call(page, 'onPageScroll', { scrollTop })
      const near = scrollHeight - clientHeight - scrollTop <= (page.config.onReachBottomDistance ?? REACH_BOTTOM_PX)
      if (!near || Date.now() - last < REACH_BOTTOM_PAUSE_MS) return
      last = Date.now()
      call(page, 'onReachBottom')
    })
  }

  const update = () => {
    const top = mp.top()
    for (const page of new Set([...tabs.values(), ...stack])) {
      page.view.classList.toggle('on', page === top)
      page.sheet.disabled = page !== top
    }
    if (!top) return
    document.documentElement.style.fontSize = top.rootFontSize ?? ''
    mp.shell.update(top, stack.length)
  }
  const appear = (page) => {
    call(page, 'onShow')
    page.component.triggerPageLifetime('show', [])
    mp.emit('AppRoute', { path: page.route, query: page.query })
    mp.tell('opened', { path: page.route, query: page.query, scene: mp.enterOptions.scene })
  }
  const disappear = (page) => {
    call(page, 'onHide')
    page.component.triggerPageLifetime('hide', [])
  }
  const close = (page) => {
    call(page, 'onUnload')
    page.root.release()
    page.tabRoot?.release()
    page.view.remove()
    page.sheet.remove()
  }
  const closeAll = () => {
    while (stack.length > 0) close(stack.pop())
    for (const page of tabs.values()) if (page.view.isConnected) close(page)
    tabs.clear()
  }

  const open = (route, query, channel = createChannel()) => {
    const config = { ...app.window, ...manifest.comps[route] }
    const page = { route, query, config, channel, isCustom: config.navigationStyle === 'custom', isTab: isTab(route) }
    page.title = config.navigationBarTitleText ?? ''
    makeView(page)
    makeComponent(page)
    if (page.isTab) tabs.set(route, page)
    stack.push(page)
    page.measure()
    update()
    page.root.attach(page.body, page.body.appendChild(document.createElement('span')))
    if (page.isTab && app.tabBar.custom) addCustomTabBar(page)
    call(page, 'onLoad', query)
    appear(page)
    requestAnimationFrame(() => {
      if (!stack.includes(page)) return
      checkHandlers(page)
      call(page, 'onReady')
    })
    watchScroll(page)
    return page
  }

  const navigateBack = ({ delta = 1 }) => {
    const count = Math.min(delta, stack.length - 1)
    for (let i = 0; i < count; i++) close(stack.pop())
    if (count > 0) {
      update()
      appear(mp.top())
    }
    return {}
  }
  const switchTab = (route, query) => {
    if (mp.top()?.route === route) return {}
    if (mp.top()?.isTab) disappear(mp.top())
    while (stack.length > 0) {
      const page = stack.pop()
      if (!page.isTab) close(page) // tab pages stay alive
    }
    const kept = tabs.get(route)
    if (!kept) return void open(route, query)
    stack.push(kept)
    update()
    call(kept, 'onTabItemTap', { pagePath: route, text: kept.title, index: app.tabBar.list.findIndex((tab) => tab.pagePath === route) })
    appear(kept)
    return {}
  }
  const refuse = (kind, route) => {
    if (!manifest.pages.includes(route)) throw new Error(`page "${route}" is not found`)
    if ((kind === 'navigateTo' || kind === 'redirectTo') && isTab(route)) throw new Error(`can not ${kind} a tabbar page`)
    if (kind === 'switchTab' && !isTab(route)) throw new Error('can not switch to no-tabBar page')
    if (kind === 'navigateTo' && stack.length >= MAX_DEPTH) throw new Error('webview count limit exceed')
  }

  Object.assign(mp, {
    top: () => stack[stack.length - 1],
    pages: () => stack.map(({ route, query, caller }) => ({ route, query, data: caller.data })),
    data: () => JSON.parse(JSON.stringify(mp.top().caller.data)),
    page: () => mp.top().caller,
    pageCall: call,
    updatePages: update,
    hideTop: () => mp.top() && disappear(mp.top()),
    showTop: () => mp.top() && appear(mp.top()),
    measurePages: () => stack.forEach((page) => page.measure()),
    viewHeight: (page = mp.top()) =>
      window.innerHeight - (page?.isCustom ? 0 : mp.STATUS + mp.NAV) - (page && hasBar(page) ? mp.TAB + mp.SAFE_BOTTOM : 0),
    back: () => mp.wx.navigateBack(),
    /** Carries out one of the five ways to another page; raises with WeChat's words when it is not allowed. */
    route(kind, options = {}) {
      if (kind === 'navigateBack') return navigateBack(options)
      const [route, query] = parseUrl(mp.resolveUrl(options.url))
      refuse(kind, route)
      if (kind === 'switchTab') return switchTab(route, query) ?? {}
      const channel = createChannel()
      if (kind === 'navigateTo') {
        disappear(mp.top())
        for (const [name, listener] of Object.entries(options.events ?? {})) channel.on(name, listener)
      } else if (kind === 'redirectTo') close(stack.pop())
      else closeAll()
      open(route, query, channel)
      return kind === 'navigateTo' ? { eventChannel: channel } : {}
    },
    pullDown() {
      mp.shell.pull(true)
      call(mp.top(), 'onPullDownRefresh')
    },
    scrollPage({ scrollTop, selector, offsetTop = 0, duration }) {
      const { scroller, caller } = mp.top()
      const [found] = selector ? mp.select(caller, selector) : []
      const above = found
        ? found.$$.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop + offsetTop
        : scrollTop
      scroller.scrollTo({ top: above, behavior: duration === 0 ? 'auto' : 'smooth' })
    },
  })
}
