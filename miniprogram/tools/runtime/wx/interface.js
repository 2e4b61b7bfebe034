/** What the phone shows around the page: toasts, dialogs, bars, routes, scrolling. */
import { failure } from './index.js'
import { SelectorQuery } from '../engine/query.js'

const SUBSTITUTES = { success: true, error: true, loading: true, none: true }

export function addInterface({ mp, wx, api, sync }) {
  for (const name of ['navigateTo', 'redirectTo', 'reLaunch', 'switchTab', 'navigateBack']) api(name, (options) => mp.route(name, options))

  api('showToast', (options) => {
    if (options.icon && !SUBSTITUTES[options.icon]) throw failure(`icon "${options.icon}" is not known`)
    mp.ui.toast(options)
  })
  api('hideToast', () => mp.ui.hideToast())
  api('showLoading', (options) => mp.ui.toast({ ...options, icon: 'loading', duration: 0 }))
  api('hideLoading', () => mp.ui.hideToast())
  api('showModal', (options) => mp.ui.modal(options))
  api('showActionSheet', async (options) => {
    const tapIndex = await mp.ui.sheet(options)
    if (tapIndex < 0) throw failure('cancel')
    return { tapIndex }
  })

  api('setNavigationBarTitle', ({ title }) => {
    mp.top().title = title
    mp.updatePages()
  })
  api('setNavigationBarColor', ({ frontColor, backgroundColor }) => {
    Object.assign(mp.top(), { barColor: backgroundColor, barText: frontColor })
    mp.updatePages()
  })
  api('showNavigationBarLoading', () => mp.shell.busy(true))
  api('hideNavigationBarLoading', () => mp.shell.busy(false))
  api('setBackgroundColor', ({ backgroundColor }) => {
    mp.top().view.style.background = backgroundColor ?? ''
  })
  api('setBackgroundTextStyle')
  api('hideHomeButton')
  api('startPullDownRefresh', () => mp.pullDown())
  api('stopPullDownRefresh', () => mp.shell.pull(false))
  api('pageScrollTo', (options) => mp.scrollPage(options))

  api('setTabBarBadge', ({ index, text }) => mp.shell.badge(index, text))
  api('removeTabBarBadge', ({ index }) => mp.shell.badge(index, ''))
  api('showTabBarRedDot', ({ index }) => mp.shell.badge(index, ' '))
  api('hideTabBarRedDot', ({ index }) => mp.shell.badge(index, ''))
  api('hideTabBar', () => document.body.classList.add('mp-no-tab'))
  api('showTabBar', () => document.body.classList.remove('mp-no-tab'))
  api('loadFontFace', async ({ family, source }) => {
    document.fonts.add(await new FontFace(family, source).load())
    return { status: 'loaded' }
  })

  sync('nextTick', (callback) => void Promise.resolve().then(callback))
  sync('enableAlertBeforeUnload', () => {})
  sync('disableAlertBeforeUnload', () => {})
  wx.createSelectorQuery = () => new SelectorQuery(mp)
  wx.createIntersectionObserver = (component, options) => component.createIntersectionObserver(options)
}
