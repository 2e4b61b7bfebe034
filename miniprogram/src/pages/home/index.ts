import { type Campaign, listCampaigns } from '../../services/campaigns'
import { sentence } from '../../services/http'
import { referralSummary } from '../../services/referrals'
import { cardOf, noteShare, prepareCard } from '../../services/share-card'
import { enter, offers } from '../../services/storefront'
import { common } from '../../texts/common'
import { home } from '../../texts/home'
import { campaignOf, type CampaignView } from '../../utils/offer-view'
import { progressOf, type ProgressView } from '../../utils/referral-view'
import { open, routes, withQuery } from '../../utils/routes'
import { readCode, readEntry } from '../../utils/scene'
import { say, screen, shopView, type State, tapped } from '../../utils/screen'

screen({
  data: {
    t: home,
    common,
    shop: shopView(),
    top: wx.getWindowInfo().statusBarHeight,
    state: 'loading' as State,
    failure: '',
    campaign: null as CampaignView | null,
    others: [] as { id: string; name: string; until: string }[],
    progress: null as ProgressView | null,
    code: '',
  },
  campaigns: [] as Campaign[],

  onLoad(query: Record<string, string | undefined>) {
    const { code } = readEntry(query)
    // A code made without a page opens the first one.
    if (code !== null) wx.navigateTo({ url: withQuery(routes.landing, query as Record<string, string>) })
    this.load()
  },
  onShow() {
    if (this.data.state === 'ready') this.loadProgress()
  },
  onShareAppMessage() {
    const campaign = this.campaigns[0] ?? null
    noteShare(campaign, 'friend')
    return cardOf(campaign)
  },

  async load() {
    try {
      const [campaigns] = await Promise.all([listCampaigns(), enter()])
      this.campaigns = campaigns
      const first = campaigns[0]
      this.setData({ state: first ? 'ready' : 'empty', campaign: first ? campaignOf(first) : null, others: campaigns.slice(1, 6).map(campaignOf).map(({ id, name, until }) => ({ id, name, until })) })
      if (first) prepareCard(first.id)
      this.loadProgress()
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async loadProgress() {
    if (!offers('referrals')) return
    try {
      this.setData({ progress: progressOf(await referralSummary()) })
    } catch {
      this.setData({ progress: null })
    }
  },

  onEmpty() {
    open(routes.coupons)
  },
  onPoster() {
    open(routes.poster)
  },
  onRules(event: WechatMiniprogram.TouchEvent) {
    open(routes.rules, { campaign_id: tapped(event, 'id') })
  },
  onFriends() {
    open(routes.referrals)
  },
  onStores() {
    open(routes.stores)
  },
  onCode(event: WechatMiniprogram.Input) {
    this.setData({ code: event.detail.value })
  },
  onCodeGo() {
    const code = readCode(this.data.code)
    if (code === null) say(home.codeBad)
    else open(routes.landing, { c: code, typed: '1' })
  },
})
