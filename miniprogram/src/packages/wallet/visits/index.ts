import { sentence } from '../../../services/http'
import { enter } from '../../../services/storefront'
import { listVisits } from '../../../services/visits'
import { common } from '../../../texts/common'
import { visits } from '../../../texts/visits'
import { appendPatch, type MoreState } from '../../../utils/page-list'
import { open, routes } from '../../../utils/routes'
import { screen, shopView, type State, tapped } from '../../../utils/screen'
import { visitOf, type VisitRow } from '../../../utils/visit-view'

screen({
  data: {
    t: visits,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    rows: [] as VisitRow[],
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
      const [first] = await Promise.all([listVisits(null), enter()])
      this.cursor = first.next_cursor
      this.setData({ state: first.items.length > 0 ? 'ready' : 'empty', rows: first.items.map(visitOf), more: first.next_cursor === null ? 'idle' : 'loading' })
    } catch (error) {
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async loadMore() {
    if (this.cursor === null) return
    const cursor = this.cursor
    this.cursor = null
    this.setData({ more: 'loading' })
    try {
      const next = await listVisits(cursor)
      this.cursor = next.next_cursor
      this.setData({ ...appendPatch('rows', this.data.rows.length, next.items.map(visitOf)), more: next.next_cursor === null ? 'end' : 'loading' })
    } catch {
      this.cursor = cursor
      this.setData({ more: 'failed' })
    }
  },
  onReview(event: WechatMiniprogram.TouchEvent) {
    open(routes.review, { visit_id: tapped(event, 'id') })
  },
  onAction() {
    if (this.data.state === 'failed') this.setData({ state: 'loading' }, () => this.load())
    else open(routes.coupons)
  },
})
