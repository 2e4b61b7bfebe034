import { sentence } from '../../../services/http'
import { enter, refreshMe } from '../../../services/storefront'
import { findVisit, sendReview } from '../../../services/visits'
import { common } from '../../../texts/common'
import { review } from '../../../texts/visits'
import { back, routes } from '../../../utils/routes'
import { say, screen, shopView, type State, tapped } from '../../../utils/screen'
import { fill } from '../../../utils/text'
import { formatDate } from '../../../utils/time'

screen({
  data: {
    t: review,
    common,
    shop: shopView(),
    state: 'loading' as State | 'done',
    failure: '',
    intro: '',
    stars: review.stars.map((word, i) => ({ n: i + 1, label: fill(review.starAlt, { n: i + 1, word }) })),
    rating: 0,
    word: '',
    tags: [] as { name: string; on: boolean }[],
    text: '',
    referrer: '',
    shareWords: '',
    shareHint: '',
    shared: false,
    busy: false,
    done: '',
  },
  visitId: '',

  onLoad(query: Record<string, string | undefined>) {
    this.visitId = query['visit_id'] ?? ''
    this.load()
  },
  async load() {
    try {
      // Asked anew: who recommended the person may have become known since the login.
      const [visit, me, { capabilities }] = await Promise.all([findVisit(this.visitId), refreshMe(), enter()])
      if (!visit || !visit.reviewable || visit.review) return this.setData({ state: 'empty' })
      const name = me.referred_by?.display_name ?? ''
      this.setData({
        state: 'ready',
        intro: fill(review.intro, { store: visit.store.name, date: formatDate(visit.at) }),
        tags: (capabilities?.review_tags ?? []).map((tag) => ({ name: tag, on: false })),
        referrer: name,
        shareWords: fill(review.share, { name }),
        shareHint: fill(review.shareHint, { name }),
      })
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  onEmpty() {
    back(routes.mine)
  },
  onStar(event: WechatMiniprogram.TouchEvent) {
    const rating = Number(tapped(event, 'n'))
    this.setData({ rating, word: review.stars[rating - 1] ?? '' })
  },
  onTag(event: WechatMiniprogram.TouchEvent) {
    const at = Number(tapped(event, 'at'))
    this.setData({ [`tags[${at}].on`]: !this.data.tags[at]?.on })
  },
  onText(event: WechatMiniprogram.Input) {
    this.setData({ text: event.detail.value })
  },
  onShared() {
    this.setData({ shared: !this.data.shared })
  },
  async onSend() {
    const { rating, text, tags, shared, referrer, busy } = this.data
    if (rating === 0) return say(review.rateFirst)
    if (busy) return
    this.setData({ busy: true })
    try {
      const chosen = tags.filter(({ on }) => on).map(({ name }) => name)
      await sendReview({
        visit_id: this.visitId,
        rating,
        ...(text.trim() ? { text: text.trim() } : {}),
        ...(chosen.length > 0 ? { tags: chosen } : {}),
        share_with_referrer: shared,
      })
      this.setData({ state: 'done', done: shared ? fill(review.doneShared, { name: referrer }) : review.donePlain })
    } catch (error) {
      say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
  onDone() {
    back(routes.visits)
  },
})
