import { sentence } from '../../services/http'
import { listReferrals, type Referral, referralSummary } from '../../services/referrals'
import { cardOf } from '../../services/share-card'
import { enter } from '../../services/storefront'
import { common } from '../../texts/common'
import { referrals } from '../../texts/referrals'
import { appendPatch, type MoreState } from '../../utils/page-list'
import { progressOf, type ProgressView, type ReferralRow, type ReferralStory, rowOf, storyOf } from '../../utils/referral-view'
import { open, routes } from '../../utils/routes'
import { screen, shopView, type State, tapped } from '../../utils/screen'

const FRESH_MS = 30_000

screen({
  data: {
    t: referrals,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    progress: null as ProgressView | null,
    rows: [] as ReferralRow[],
    more: 'idle' as MoreState,
    openId: '',
    story: null as ReferralStory | null,
  },
  cursor: null as string | null,
  loadedAt: 0,
  known: {} as Record<string, Referral>,

  onShow() {
    // Coming back from another tab keeps the place in a long list.
    if (this.data.state !== 'ready' || Date.now() - this.loadedAt > FRESH_MS) this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },
  onReachBottom() {
    this.loadMore()
  },
  onShareAppMessage() {
    return cardOf(null)
  },

  async load() {
    try {
      const [summary, first] = await Promise.all([referralSummary(), listReferrals(null), enter()])
      this.known = Object.fromEntries(first.items.map((item) => [item.id, item]))
      this.cursor = first.next_cursor
      this.loadedAt = Date.now()
      this.setData({
        state: first.items.length > 0 ? 'ready' : 'empty',
        progress: progressOf(summary),
        rows: first.items.map(rowOf),
        more: first.next_cursor === null ? 'idle' : 'loading',
        openId: '',
        story: null,
      })
    } catch (error) {
      // A list that is already shown stays: old news is better than none.
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async loadMore() {
    if (this.cursor === null) return
    const cursor = this.cursor
    this.cursor = null
    this.setData({ more: 'loading' })
    try {
      const next = await listReferrals(cursor)
      next.items.forEach((item) => { this.known[item.id] = item })
      this.cursor = next.next_cursor
      this.setData({ ...appendPatch('rows', this.data.rows.length, next.items.map(rowOf)), more: next.next_cursor === null ? 'end' : 'loading' })
    } catch {
      this.cursor = cursor
      this.setData({ more: 'failed' })
    }
  },

  onRetry() {
    if (this.data.state === 'empty') open(routes.poster)
    else this.setData({ state: 'loading' }, () => this.load())
  },
  onPoster() {
    open(routes.poster)
  },
  onFriend(event: WechatMiniprogram.TouchEvent) {
    const id = tapped(event, 'id')
    const referral = this.known[id]
    if (id === this.data.openId || !referral) this.setData({ openId: '', story: null })
    else this.setData({ openId: id, story: storyOf(referral) })
  },
})
