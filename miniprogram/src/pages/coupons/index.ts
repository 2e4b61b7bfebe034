import { type Coupon, listCoupons } from '../../services/coupons'
import { sentence } from '../../services/http'
import { enter } from '../../services/storefront'
import { common } from '../../texts/common'
import { coupons } from '../../texts/coupons'
import { type TicketView, ticketOf } from '../../utils/coupon-view'
import { appendPatch, type MoreState } from '../../utils/page-list'
import { open, routes } from '../../utils/routes'
import { screen, shopView, type State, tapped } from '../../utils/screen'

const LIVE = ['available', 'pending']

screen({
  data: {
    t: coupons,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    side: 'usable' as 'usable' | 'past',
    usable: [] as TicketView[],
    past: [] as TicketView[],
    more: 'idle' as MoreState,
  },
  cursor: null as string | null,

  onShow() {
    this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },
  onReachBottom() {
    this.loadMore()
  },

  async load() {
    try {
      const [first] = await Promise.all([listCoupons(null), enter()])
      this.cursor = first.next_cursor
      const { usable, past } = this.sorted(first.items)
      this.setData({ state: first.items.length > 0 ? 'ready' : 'empty', usable, past, more: first.next_cursor === null ? 'idle' : 'loading' })
    } catch (error) {
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  sorted(items: Coupon[]): { usable: TicketView[]; past: TicketView[] } {
    return {
      usable: items.filter(({ state }) => LIVE.includes(state)).map(ticketOf),
      past: items.filter(({ state }) => !LIVE.includes(state)).map(ticketOf),
    }
  },
  async loadMore() {
    if (this.cursor === null) return
    const cursor = this.cursor
    this.cursor = null
    this.setData({ more: 'loading' })
    try {
      const next = await listCoupons(cursor)
      this.cursor = next.next_cursor
      const { usable, past } = this.sorted(next.items)
      this.setData({
        ...appendPatch('usable', this.data.usable.length, usable),
        ...appendPatch('past', this.data.past.length, past),
        more: next.next_cursor === null ? 'end' : 'loading',
      })
    } catch {
      this.cursor = cursor
      this.setData({ more: 'failed' })
    }
  },

  onSide(event: WechatMiniprogram.TouchEvent) {
    this.setData({ side: tapped(event, 'side') === 'past' ? 'past' : 'usable' })
  },
  onOpen(event: WechatMiniprogram.CustomEvent<{ id: string }>) {
    open(routes.coupon, { id: event.detail.id })
  },
  onMember() {
    open(routes.coupon, { member: '1' })
  },
  onAction() {
    if (this.data.state === 'failed') this.setData({ state: 'loading' }, () => this.load())
    else open(routes.home)
  },
})
