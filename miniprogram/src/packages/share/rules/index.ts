import { type Campaign, getCampaign, listCampaigns } from '../../../services/campaigns'
import { sentence } from '../../../services/http'
import { cardOf, noteShare } from '../../../services/share-card'
import { enter } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { rules } from '../../../texts/rules'
import { back, open, routes } from '../../../utils/routes'
import { screen, shopView, type State } from '../../../utils/screen'
import { fill } from '../../../utils/text'
import { formatDate } from '../../../utils/time'

function periodOf({ starts_at: from, ends_at: to }: Campaign): string {
  if (from && to) return fill(rules.periodRange, { from: formatDate(from), to: formatDate(to) })
  if (from) return fill(rules.periodOpen, { from: formatDate(from) })
  return to ? fill(rules.periodTo, { to: formatDate(to) }) : ''
}

screen({
  data: {
    t: rules,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    name: '',
    friendOffer: '',
    referrerOffer: '',
    period: '',
    sentences: [] as string[],
    contact: '',
  },
  id: '',
  campaign: null as Campaign | null,

  onLoad(query: Record<string, string | undefined>) {
    this.id = query['campaign_id'] ?? ''
    this.load()
  },
  onShareAppMessage() {
    noteShare(this.campaign, 'friend')
    return cardOf(this.campaign)
  },
  async load() {
    try {
      const [found, { brand }] = await Promise.all([this.id ? getCampaign(this.id) : listCampaigns().then((all) => all[0]), enter()])
      this.campaign = found ?? null
      if (!found) return this.setData({ state: 'empty' })
      this.setData({
        state: 'ready',
        name: found.name,
        friendOffer: found.friend_offer,
        referrerOffer: found.referrer_offer,
        period: periodOf(found),
        sentences: found.rules,
        contact: brand?.phone ? fill(rules.contact, { phone: brand.phone }) : '',
      })
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  onPoster() {
    open(routes.poster, { campaign_id: this.campaign?.id ?? '' })
  },
  onEmpty() {
    back(routes.home)
  },
})
