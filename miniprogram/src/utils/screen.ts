/** What every screen shares: the shop's name and colour, what the server offers, the size of letters. */
import { currentShop, onShop, type Shop } from '../services/storefront'
import { brandStyle } from './color'
import { initial } from './text'

export type State = 'loading' | 'ready' | 'empty' | 'failed'

export interface ShopView {
  name: string
  initial: string
  slogan: string
  hours: string
  logo: string
  phone: string
  /** Style declarations for the root of the screen. */
  style: string
  can: Record<string, boolean>
}

const NORMAL_PX = 17

function letterScale(): number {
  const { fontSizeSetting } = wx.getAppBaseInfo()
  // 16 and 17 are both called normal, by platform; beyond 1.4 the screens would fall apart.
  return fontSizeSetting === undefined ? 1 : Math.min(1.4, Math.max(1, fontSizeSetting / NORMAL_PX))
}

/** The shop as a screen shows it. */
export function shopView({ brand, capabilities }: Shop = currentShop()): ShopView {
  const name = brand?.name ?? ''
  return {
    name,
    initial: name === '' ? '荐' : initial(name),
    slogan: brand?.slogan ?? '',
    hours: brand?.hours ?? '',
    logo: brand?.logo_url ?? '',
    phone: brand?.phone ?? '',
    style: `${brandStyle(brand?.color ?? '')}--k:${letterScale()};`,
    can: capabilities?.features ?? {},
  }
}

type PlainOptions = WechatMiniprogram.Page.Options<WechatMiniprogram.Page.DataOption, WechatMiniprogram.Page.CustomOption>

interface Screen {
  setData(data: { shop?: ShopView; state?: State }, drawn?: () => void): void
  stopShop?: () => void
  load(): Promise<void>
}

/** Asking the server once more: by the button of a failure, or by pulling down where the page allows it. */
const again = {
  onRetry(this: Screen) {
    this.setData({ state: 'loading' }, () => this.load())
  },
  async onPullDownRefresh(this: Screen) {
    await this.load()
    wx.stopPullDownRefresh()
  },
}

/** Register a page whose `data.shop` follows the shop and whose `load` can be called again. */
export const screen = ((options: PlainOptions) => {
  const { onLoad, onUnload } = options
  Page({
    ...again,
    ...options,
    onLoad(query: Record<string, string | undefined>) {
      const page = this as unknown as Screen
      page.setData({ shop: shopView() })
      page.stopShop = onShop((shop) => page.setData({ shop: shopView(shop) }))
      return onLoad?.call(this, query)
    },
    onUnload() {
      const page = this as unknown as Screen
      page.stopShop?.()
      return onUnload?.call(this)
    },
  })
}) as WechatMiniprogram.Page.Constructor

/** The value of `data-name` on the tapped element. */
export function tapped(event: WechatMiniprogram.BaseEvent, name: string): string {
  return String((event.currentTarget.dataset as Record<string, unknown>)[name] ?? '')
}

/** A short word at the middle of the screen. */
export function say(title: string): void {
  wx.showToast({ title, icon: 'none', duration: title.length > 14 ? 2600 : 1800 })
}

/** A touch that is felt; phones that cannot are not asked twice. */
export function buzz(): void {
  wx.vibrateShort({ type: 'medium', fail: () => undefined })
}

/** Copy a text; WeChat says itself that it is copied, and asks itself where consent is missing. */
export function copy(data: string): void {
  wx.setClipboardData({ data, fail: () => undefined })
}

/** Ask before something that cannot be taken back. */
export async function confirm(title: string, content: string, confirmText: string): Promise<boolean> {
  const answer = await wx.showModal({ title, content, confirmText, confirmColor: '#a3302a' })
  return answer.confirm
}

/** Tell something that must be read. */
export async function tell(title: string, content: string, confirmText: string): Promise<void> {
  await wx.showModal({ title, content, confirmText, showCancel: false })
}
