import { isCode } from '../../../services/api'
import { type Coupon, couponCode, getCoupon, memberCode, type RotatingCode } from '../../../services/coupons'
import { sentence } from '../../../services/http'
import { enter, offers } from '../../../services/storefront'
import { coupons } from '../../../texts/coupons'
import { conditionOf, type TicketView, ticketOf, whereOf } from '../../../utils/coupon-view'
import { open, replace, routes } from '../../../utils/routes'
import { buzz, screen, shopView, type State } from '../../../utils/screen'
import { fill } from '../../../utils/text'
import { formatDate, secondsLeft } from '../../../utils/time'

type View = State | 'over'
type Over = { title: string; body: string; action: string }

const t = coupons.code
const EARLY_S = 4
const BRIGHT = 0.9

const OVER: Record<string, Over> = {
  used: { title: t.used, body: t.usedBody, action: t.toWallet },
  expired: { title: t.expired, body: t.expiredBody, action: t.toWallet },
  void: { title: t.void, body: t.voidBody, action: t.toWallet },
  missing: { title: t.missing, body: t.missingBody, action: t.toWallet },
}

screen({
  data: {
    t,
    shop: shopView(),
    state: 'loading' as View,
    failure: '',
    member: false,
    ticket: null as TicketView | null,
    terms: [] as string[],
    code: '',
    stale: false,
    left: 0,
    over: null as Over | null,
    overKind: '',
    size: Math.min(272, wx.getWindowInfo().windowWidth - 100),
    memberTitle: coupons.memberTitle,
    memberHint: coupons.memberHint,
  },
  id: '',
  timer: 0,
  brightness: -1,

  onLoad(query: Record<string, string | undefined>) {
    this.id = query['id'] ?? ''
    this.setData({ member: query['member'] === '1' })
    this.load()
  },
  onShow() {
    this.light()
    if (this.data.state === 'ready') this.renew()
  },
  onHide() {
    this.rest()
  },
  onUnload() {
    this.rest()
  },

  async load() {
    try {
      await enter()
      if (this.data.member) this.setData({ state: 'ready' })
      else this.show(await getCoupon(this.id))
      if (this.data.state === 'ready') await this.renew()
    } catch (error) {
      if (isCode(error, 'not_found')) this.end('missing')
      else this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  show(coupon: Coupon) {
    if (['used', 'expired', 'void'].includes(coupon.state)) return this.end(coupon.state)
    const own = coupon.terms ?? []
    // The server's terms say it all; without them the condition and the stores are said here.
    const terms = own.length > 0 ? [...own] : [conditionOf(coupon.threshold_fen), whereOf(coupon)]
    if (coupon.state === 'pending') terms.unshift(fill(coupons.usableFrom, { date: formatDate(coupon.valid_from) }))
    return this.setData({ state: 'ready', ticket: ticketOf(coupon), terms })
  },
  end(kind: string) {
    clearTimeout(this.timer)
    this.setData({ state: 'over', over: OVER[kind] ?? OVER['missing']!, overKind: kind })
    if (kind === 'used') buzz()
  },

  async renew() {
    clearTimeout(this.timer)
    if (this.data.ticket && !this.data.ticket.usable) return
    try {
      const code = await (this.data.member ? memberCode() : couponCode(this.id))
      this.take(code)
    } catch (error) {
      if (isCode(error, 'coupon_used')) this.end('used')
      else if (isCode(error, 'coupon_expired')) this.end('expired')
      else if (isCode(error, 'not_found')) this.end('missing')
      else this.setData({ stale: true, failure: sentence(error) })
    }
  },
  take(code: RotatingCode) {
    this.setData({ code: code.token, stale: false, left: secondsLeft(code) })
    this.tick()
  },
  tick() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      const left = this.data.left - 1
      this.setData({ left })
      // Asking a little early: a clerk never meets a code that dies under the camera.
      if (left <= EARLY_S) this.renew()
      else this.tick()
    }, 1000)
  },

  async light() {
    try {
      if (this.brightness < 0) this.brightness = (await wx.getScreenBrightness()).value
      await wx.setScreenBrightness({ value: Math.max(BRIGHT, this.brightness) })
      await wx.setKeepScreenOn({ keepScreenOn: true })
    } catch {
      // Some phones do not let the brightness be changed; the code can be read all the same.
    }
  },
  async rest() {
    clearTimeout(this.timer)
    if (this.brightness < 0) return
    try {
      await wx.setScreenBrightness({ value: this.brightness })
      await wx.setKeepScreenOn({ keepScreenOn: false })
    } catch {
      // As above.
    }
  },

  onRenew() {
    this.setData({ stale: false })
    this.renew()
  },
  onOver() {
    if (this.data.overKind === 'used' && offers('reviews') && offers('visits')) replace(routes.visits)
    else open(routes.coupons)
  },
})
