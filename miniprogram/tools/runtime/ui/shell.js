/** The phone around the page: status bar, navigation bar, capsule, tab bar, and the line shown while a page refreshes. */
import { button, make } from './dom.js'

function makeBar() {
  const title = make('div', 'mp-title')
  const spinner = make('i', 'mp-busy')
  const back = button('mp-back', '', () => window.__mp.back())
  back.setAttribute('aria-label', '返回')
  const status = make('div', 'mp-status', make('span', '', '9:41'), make('span', 'mp-bat'))
  const bar = make('div', 'mp-nav', status, make('div', 'mp-navrow', back, make('div', 'mp-headline', spinner, title)))
  return { bar, title, back, spinner }
}

function makeCapsule(mp) {
  const more = button('mp-more', make('i', 'mp-dots'), () => mp.ui.menu())
  const leave = button('mp-leave', make('i', 'mp-ring'), () => mp.leave())
  more.setAttribute('aria-label', '更多')
  leave.setAttribute('aria-label', '关闭')
  return make('div', 'mp-capsule', more, leave)
}

function makeTabs(tabBar, mp) {
  const tabs = make('nav', 'mp-tabs')
  for (const { pagePath, text } of tabBar.list) {
    const tab = button('mp-tab', make('img'), () => mp.wx.switchTab({ url: '/' + pagePath }))
    tab.append(make('span', '', text), make('b'))
    tab.firstChild.alt = ''
    tab.dataset.path = pagePath
    tabs.append(tab)
  }
  return tabs
}

const foreground = (style) => (style === 'white' ? '#fff' : '#000')
const strip = (path) => path.replace(/^\//, '')

/** Builds the phone; `theme(text)` answers the value behind `@name` of theme.json. */
export function createShell(mp, app, theme) {
  const { bar, title, back, spinner } = makeBar()
  const views = make('main', 'mp-views')
  const pull = make('div', 'mp-pull', '正在刷新')
  const root = document.documentElement.style
  for (const name of ['STATUS', 'NAV', 'TAB', 'SAFE_BOTTOM'])
    root.setProperty('--mp-' + name.toLowerCase().replace('_', '-'), `${mp[name]}px`)
  root.setProperty('--mp-safe-top', `${mp.STATUS}px`)
  root.setProperty('--mp-safe-bottom', `${mp.SAFE_BOTTOM}px`)
  document.body.append(views, bar, makeCapsule(mp), pull)
  const { tabBar } = app
  const tabs = tabBar && !tabBar.custom ? makeTabs(tabBar, mp) : make('nav', 'mp-tabs')
  if (tabBar && !tabBar.custom) document.body.append(tabs)

  const updateTabs = (page) => {
    tabs.style.display = page.isTab ? '' : 'none'
    if (!tabBar || tabBar.custom) return
    tabs.style.background = theme(tabBar.backgroundColor) ?? '#fff'
    tabs.classList.toggle('mp-line-white', theme(tabBar.borderStyle) === 'white')
    tabBar.list.forEach((item, index) => {
      const tab = tabs.children[index]
      const isOn = item.pagePath === page.route
      const icon = theme((isOn && item.selectedIconPath) || item.iconPath)
      tab.style.color = theme(isOn ? tabBar.selectedColor : tabBar.color)
      tab.setAttribute('aria-current', isOn ? 'page' : 'false')
      tab.firstChild.style.display = icon ? '' : 'none'
      if (icon) tab.firstChild.src = mp.asset('/' + strip(icon))
    })
  }
  return {
    views,
    update(page, depth) {
      const text = page.barText ?? foreground(theme(page.config.navigationBarTextStyle))
      title.textContent = page.title
      back.classList.toggle('on', depth > 1)
      const background = page.isCustom ? 'transparent' : (page.barColor ?? theme(page.config.navigationBarBackgroundColor) ?? '#fff')
      Object.assign(bar.style, { background, color: text, pointerEvents: page.isCustom ? 'none' : '' })
      bar.classList.toggle('mp-custom', page.isCustom)
      document.body.classList.toggle('mp-bar-white', text === '#fff' || text === '#ffffff')
      document.body.style.background = theme(page.config.backgroundColor) ?? '#fff'
      updateTabs(page)
    },
    pull: (isOn) => pull.classList.toggle('on', isOn),
    busy: (isOn) => spinner.classList.toggle('on', isOn),
    badge(index, text) {
      const badge = tabs.children[index]?.querySelector('b')
      if (!badge) return
      badge.textContent = text.trim()
      badge.classList.toggle('mp-dot', text === ' ')
      badge.style.display = text ? 'block' : 'none'
    },
  }
}
