import { errorOf } from '../../../services/api-error'
import { type Counter, counter, look } from '../../../services/counter'
import { sentence } from '../../../services/http'
import { redeem, type Redemption, type RedemptionDraft, scan, undo } from '../../../services/staff'
import { offers } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { staff } from '../../../texts/staff'
import { type TicketView, ticketOf } from '../../../utils/coupon-view'
import { formatFen, parseYuan } from '../../../utils/money'
import { back, replace, routes } from '../../../utils/routes'
import { buzz, confirm, say, screen, shopView, type State, tell } from '../../../utils/screen'
import { refusalOf } from '../../../utils/staff-view'
import { fill, saidName } from '../../../utils/text'

const t = staff.redeem

screen({
  data: {
    t,
    shop: shopView(),
    state: 'loading' as State | 'done' | 'refused',
    failure: '',
    refusal: { title: '', body: '' },
    ticket: null as TicketView | null,
    customer: '',
    amount: '',
    orderNo: '',
    busy: false,
    done: { nth: '', discount: '', pay: '', undoable: '', id: '' },
    scanWord: staff.scan,
  },
  token: '',
  counter: null as Counter | null,
  customerName: '',

  onLoad(query: Record<string, string | undefined>) {
    this.token = decodeURIComponent(query['token'] ?? '')
    this.load()
  },
  async load() {
    try {
      this.counter = await counter()
      if (this.counter === null) return this.setData({ state: 'failed', failure: staff.noStore })
      if (offers('staff_scan')) await this.preview(this.counter)
      if (this.data.state === 'loading') this.setData({ state: 'ready' })
    } catch (error) {
      this.fail(error)
    }
  },
  async preview(here: Counter) {
    const seen = await scan(this.token, here.id)
    if (seen.kind === 'customer') return replace(routes.visit, { token: this.token })
    this.customerName = saidName(seen.customer.display_name)
    this.setData({
      ticket: seen.coupon ? ticketOf(seen.coupon) : null,
      customer: this.customerName ? fill(t.customer, { name: this.customerName }) : '',
    })
  },
  fail(raw: unknown) {
    const error = errorOf(raw)
    if (error.status >= 400 && error.status < 500 && error.status !== 429) this.setData({ state: 'refused', refusal: refusalOf(error.code, error.message) })
    else if (this.data.state === 'ready') say(sentence(error))
    else this.setData({ state: 'failed', failure: sentence(error) })
  },

  onAmount(event: WechatMiniprogram.Input) {
    this.setData({ amount: event.detail.value })
  },
  onOrderNo(event: WechatMiniprogram.Input) {
    this.setData({ orderNo: event.detail.value })
  },
  draft(here: Counter): RedemptionDraft | null {
    const fen = parseYuan(this.data.amount)
    if (typeof fen === 'string') {
      say({ none: t.amountNone, bad: t.amountBad, huge: t.amountHuge }[fen])
      return null
    }
    const orderNo = this.data.orderNo.trim()
    return { token: this.token, store_id: here.id, order_amount_fen: fen, ...(orderNo ? { order_no: orderNo } : {}) }
  },
  async onConfirm() {
    if (this.data.busy || this.counter === null) return
    const draft = this.draft(this.counter)
    if (draft === null) return
    this.setData({ busy: true })
    try {
      this.show(await redeem(draft), draft)
      buzz()
    } catch (error) {
      if (errorOf(error).code === 'threshold_not_met') await this.belowThreshold(sentence(error))
      else this.fail(error)
    } finally {
      this.setData({ busy: false })
    }
  },
  async belowThreshold(message: string) {
    const words = staff.refused.threshold_not_met
    await tell(words.title, message || words.body, common.gotIt)
  },
  show(redemption: Redemption, draft: RedemptionDraft) {
    const { id, undo_seconds: seconds, visit, discount_fen: discount, payable_fen: pay } = redemption
    this.setData({
      state: 'done',
      ticket: ticketOf(redemption.coupon),
      done: {
        id: id ?? '',
        nth: fill(t.nth, { number: visit.number }),
        discount: formatFen(-discount),
        pay: pay === undefined ? '' : formatFen(pay),
        undoable: id && seconds ? fill(t.undoUntil, { minutes: Math.floor(seconds / 60) }) : '',
      },
      amount: formatFen(draft.order_amount_fen),
    })
  },
  async onUndo() {
    if (this.data.busy || !(await confirm(staff.undoTitle, fill(staff.undoBody, { customer: this.customerName || staff.someCustomer }), staff.undo))) return
    this.setData({ busy: true })
    try {
      await undo(this.data.done.id)
      say(staff.undoDone)
      back(routes.mine)
    } catch (error) {
      const words = refusalOf(errorOf(error).code, sentence(error))
      await tell(words.title, words.body, common.gotIt)
    } finally {
      this.setData({ busy: false })
    }
  },

  async onNext() {
    const seen = await look()
    if (seen.kind === 'closed') return
    if (seen.kind === 'wrong') await tell(seen.title, seen.body, common.gotIt)
    else replace(seen.kind === 'customer' ? routes.visit : routes.redeem, { token: seen.token })
  },
  onDesk() {
    back(routes.desk)
  },
})
