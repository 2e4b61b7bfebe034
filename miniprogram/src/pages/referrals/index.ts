import { listReferrals, type Referral, referralSummary } from '../../services/referrals'
import { cardOf } from '../../services/share-card'
import { referrals } from '../../texts/referrals'
import { listData, pageList } from '../../utils/page-list'
import { progressOf, type ProgressView, type ReferralRow, type ReferralStory, rowOf, storyOf } from '../../utils/referral-view'
import { open, routes } from '../../utils/routes'
import { screen, shopView, tapped } from '../../utils/screen'

const FRESH_MS = 30_000

screen({
  data: {
    t: referrals,
    shop: shopView(),
    ...listData,
    progress: null as ProgressView | null,
    rows: [] as ReferralRow[],
    openId: '',
    story: null as ReferralStory | null,
  },
  ...pageList({
    ask: listReferrals,
    rows: (items: Referral[]) => ({ rows: items.map(rowOf) }),
    beside: async () => ({ progress: progressOf(await referralSummary()), openId: '', story: null }),
  }),
  loadedAt: 0,
  known: {} as Record<string, Referral>,

  onShow() {
    // Coming back from another tab keeps the place in a long list.
    if (this.data.state !== 'ready' || Date.now() - this.loadedAt > FRESH_MS) this.load()
  },
  onShareAppMessage() {
    return cardOf(null)
  },
  arrived(items: Referral[]) {
    this.loadedAt = Date.now()
    items.forEach((item) => { this.known[item.id] = item })
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
