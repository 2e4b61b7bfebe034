import { errorOf } from '../../../services/api-error'
import { type Counter, counter, look } from '../../../services/counter'
import { sentence } from '../../../services/http'
import { recordVisit, type StaffVisit, type VisitDraft } from '../../../services/staff'
import { common } from '../../../texts/common'
import { staff } from '../../../texts/staff'
import { formatFen, parseYuan } from '../../../utils/money'
import { autoOrderNo } from '../../../utils/order-no'
import { back, replace, routes } from '../../../utils/routes'
import { buzz, say, screen, shopView, type State, tell } from '../../../utils/screen'
import { refusalOf } from '../../../utils/staff-view'
import { fill, saidName } from '../../../utils/text'

const t = staff.visit
const PHONE = /^1\d{10}$/

screen({
  data: {
    t,
    shop: shopView(),
    state: 'loading' as State | 'done' | 'refused',
    failure: '',
    refusal: { title: '', body: '' },
    scanned: false,
    phone: '',
    amount: '',
    orderNo: '',
    busy: false,
    done: { amount: '', body: '' },
    redeemT: staff.redeem,
  },
  token: '',
  orderNo: '',
  counter: null as Counter | null,

  onLoad(query: Record<string, string | undefined>) {
    this.token = decodeURIComponent(query['token'] ?? '')
    // Made once for this screen: a second try of the same visit carries the same number.
    this.orderNo = autoOrderNo(Date.now(), Math.random())
    this.setData({ scanned: this.token !== '' })
    this.load()
  },
  async load() {
    try {
      this.counter = await counter()
      this.setData(this.counter ? { state: 'ready' } : { state: 'failed', failure: staff.noStore })
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async onScan() {
    const seen = await look()
    if (seen.kind === 'closed') return
    if (seen.kind === 'coupon') return replace(routes.redeem, { token: seen.token })
    if (seen.kind === 'wrong') return tell(seen.title, seen.body, common.gotIt)
    this.token = seen.token
    this.setData({ scanned: true, phone: '' })
  },
  onPhone(event: WechatMiniprogram.Input) {
    this.setData({ phone: event.detail.value })
  },
  onAmount(event: WechatMiniprogram.Input) {
    this.setData({ amount: event.detail.value })
  },
  onOrderNo(event: WechatMiniprogram.Input) {
    this.setData({ orderNo: event.detail.value })
  },
  draft(here: Counter): VisitDraft | null {
    const { scanned, phone, amount, orderNo } = this.data
    const fen = parseYuan(amount)
    const problem = !scanned && phone === '' ? t.needWho
      : !scanned && !PHONE.test(phone) ? t.phoneBad
        : typeof fen === 'string' ? { none: staff.redeem.amountNone, bad: staff.redeem.amountBad, huge: staff.redeem.amountHuge }[fen] : ''
    if (problem !== '' || typeof fen === 'string') {
      say(problem)
      return null
    }
    const who = scanned ? { customer_token: this.token } : { phone }
    return { ...who, store_id: here.id, amount_fen: fen, order_no: orderNo.trim() || this.orderNo }
  },
  async onConfirm() {
    if (this.data.busy || this.counter === null) return
    const draft = this.draft(this.counter)
    if (draft === null) return
    this.setData({ busy: true })
    try {
      this.show((await recordVisit(draft)).visit, draft)
      buzz()
    } catch (raw) {
      const error = errorOf(raw)
      if (error.status >= 400 && error.status < 500 && error.status !== 429) this.setData({ state: 'refused', refusal: refusalOf(error.code, error.message) })
      else say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
  show(visit: StaffVisit, draft: VisitDraft) {
    const name = saidName(visit.customer?.display_name ?? '') || staff.someCustomer
    this.setData({ state: 'done', done: { amount: formatFen(draft.amount_fen), body: fill(t.doneBody, { name, number: visit.number }) } })
  },
  onAgain() {
    replace(routes.visit)
  },
  onDesk() {
    back(routes.desk)
  },
})
