/** Every address inside the mini-program, and the only place that navigates. */

export const routes = {
  home: '/pages/home/index',
  landing: '/pages/landing/index',
  referrals: '/pages/referrals/index',
  coupons: '/pages/coupons/index',
  mine: '/pages/mine/index',
  poster: '/packages/share/poster/index',
  rules: '/packages/share/rules/index',
  coupon: '/packages/wallet/coupon/index',
  points: '/packages/wallet/points/index',
  visits: '/packages/wallet/visits/index',
  review: '/packages/wallet/review/index',
  inbox: '/packages/account/inbox/index',
  profile: '/packages/account/profile/index',
  privacy: '/packages/account/privacy/index',
  stores: '/packages/account/stores/index',
  desk: '/packages/staff/desk/index',
  join: '/packages/staff/join/index',
  redeem: '/packages/staff/redeem/index',
  visit: '/packages/staff/visit/index',
}

const TABS = [routes.home, routes.referrals, routes.coupons, routes.mine]
const KNOWN = Object.values(routes)

/** Append a query; values are encoded. */
export function withQuery(path: string, query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}

/** Open a page, a tab included. */
export function open(path: string, query: Record<string, string> = {}): void {
  if (TABS.includes(path)) wx.switchTab({ url: path })
  else wx.navigateTo({ url: withQuery(path, query) })
}

/** Put a page in the place of this one. */
export function replace(path: string, query: Record<string, string> = {}): void {
  if (TABS.includes(path)) wx.switchTab({ url: path })
  else wx.redirectTo({ url: withQuery(path, query) })
}

/** Go back, or to `fallback` when this page was the first one (opened from a message or a scan). */
export function back(fallback: string): void {
  if (getCurrentPages().length > 1) wx.navigateBack()
  else replace(fallback)
}

/** Whether a message's `page` is a page of this mini-program. */
export function known(page: string | null | undefined): boolean {
  const path = `/${(page ?? '').replace(/^\//, '').split('?')[0]}`
  return KNOWN.includes(path)
}

/** Open the `page` of a message as the server wrote it. */
export function openPage(page: string): void {
  const url = `/${page.replace(/^\//, '')}`
  if (TABS.includes(url.split('?')[0] as string)) wx.switchTab({ url: url.split('?')[0] as string })
  else wx.navigateTo({ url })
}
