import { isCode } from '../../services/api'
import { errorOf } from '../../services/api-error'
import type { Coupon } from '../../services/coupons'
import { sentence } from '../../services/http'
import { recordConsent } from '../../services/identity'
import { claim, touch, type Touch } from '../../services/referrals'
import { currentShop, enter, offers } from '../../services/storefront'
import { common } from '../../texts/common'
import { landing } from '../../texts/landing'
import { promisedTicket, type TicketView, ticketOf } from '../../utils/coupon-view'
import { open, replace, routes } from '../../utils/routes'
import { type Entry, readCode, readEntry } from '../../utils/scene'
import { say, screen, shopView, type State } from '../../utils/screen'
import { campaignOf } from '../../utils/offer-view'
import { saidName } from '../../utils/text'

type View = State | 'done' | 'refused' | 'typing'
type Refusal = { title: string; body: string; go: string }

const REFUSALS: Record<string, Refusal> = landing.refused
const ON_REFUSAL: Record<string, string> = {
  not_new_customer: routes.poster,
  self_referral: routes.poster,
  already_referred: routes.coupons,
  already_claimed: routes.coupons,
}

screen({
  data: {
    t: landing,
    common,
    shop: shopView(),
    state: 'loading' as View,
    failure: '',
    referrer: { name: '', avatar: '' },
    offer: '',
    until: '',
    campaignId: '',
    rules: [] as string[],
    rulesOpen: false,
    ticket: null as TicketView | null,
    refusal: null as Refusal | null,
    busy: false,
    typed: '',
  },
  entry: { code: null, channel: 'typed' } as Entry,
  refusedCode: '',
  coupon: null as Coupon | null,

  onLoad(query: Record<string, string | undefined>) {
    const came = readEntry(query)
    this.entry = came
    if (came.code !== null) this.load()
    else if (Object.keys(query).some((name) => ['c', 'scene', 'q'].includes(name))) this.refuse('unknown_referral_code')
    else this.setData({ state: 'typing' })
  },

  async load() {
    const code = this.entry.code as string
    try {
      await enter(code)
      this.show(await touch(code, this.entry.channel))
    } catch (error) {
      if (isCode(error, 'unknown_referral_code')) this.refuse('unknown_referral_code')
      else this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  show(met: Touch) {
    this.setData({
      referrer: { name: saidName(met.referrer.display_name) || common.someFriend, avatar: met.referrer.avatar_url ?? '' },
      offer: met.friend_offer,
      campaignId: met.campaign?.id ?? '',
      rules: met.campaign?.rules ?? [],
      until: met.campaign ? campaignOf(met.campaign).until : '',
      ticket: met.friend_coupon ? promisedTicket(met.friend_coupon) : null,
    })
    if (met.claimable) this.setData({ state: 'ready' })
    else this.refuse(met.reason?.code ?? 'other', met.reason?.message)
  },
  refuse(code: string, message?: string) {
    this.refusedCode = code
    const words = REFUSALS[code] ?? { ...landing.refused.other, ...(message ? { body: message } : {}) }
    this.setData({ state: 'refused', refusal: words })
  },

  async onClaim() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      await this.consent()
      const { coupons } = await claim(this.entry.code as string)
      const first = coupons[0] ?? null
      this.coupon = first
      this.setData({ state: 'done', ticket: first ? ticketOf(first) : null, rulesOpen: false })
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    } catch (error) {
      if (errorOf(error).status === 409 && !isCode(error, 'in_progress')) this.refuse(errorOf(error).code, sentence(error))
      else say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
  async consent() {
    const version = currentShop().capabilities?.privacy_version
    if (offers('consents') && version !== undefined) await recordConsent('privacy', version, true)
  },

  onRules() {
    this.setData({ rulesOpen: !this.data.rulesOpen }, () => {
      if (this.data.rulesOpen) wx.pageScrollTo({ selector: '.rules', duration: 200 })
    })
  },
  onPrivacy() {
    open(routes.privacy)
  },
  onDecline() {
    say(landing.privacyRefused)
    open(routes.home)
  },
  onHome() {
    open(routes.home)
  },
  onCoupon() {
    if (this.coupon) replace(routes.coupon, { id: this.coupon.id })
    else open(routes.coupons)
  },
  onRefusal() {
    if (this.refusedCode === 'unknown_referral_code') this.setData({ state: 'typing' })
    else replace(ON_REFUSAL[this.refusedCode] ?? routes.home)
  },
  onTyped(event: WechatMiniprogram.Input) {
    this.setData({ typed: event.detail.value })
  },
  onTypedGo() {
    const code = readCode(this.data.typed)
    if (code === null) return say(landing.refused.unknown_referral_code.body)
    this.entry = { code, channel: 'typed' }
    return this.setData({ state: 'loading' }, () => this.load())
  },
})
