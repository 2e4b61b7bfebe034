import { isCode } from '../../../services/api'
import { errorOf } from '../../../services/api-error'
import { chooseCounter, type Counter, counter, isStaff, look } from '../../../services/counter'
import { sentence } from '../../../services/http'
import { today, undo } from '../../../services/staff'
import { refreshMe } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { staff } from '../../../texts/staff'
import { open, replace, routes } from '../../../utils/routes'
import { confirm, say, screen, shopView, type State, tapped, tell } from '../../../utils/screen'
import { type DeskView, deskOf, refusalOf } from '../../../utils/staff-view'
import { fill } from '../../../utils/text'

screen({
  data: {
    t: staff,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    store: '',
    desk: null as DeskView | null,
  },
  counter: null as Counter | null,

  onShow() {
    this.load()
  },
  async load() {
    try {
      if (!isStaff()) await refreshMe()
      if (!isStaff()) return this.setData({ state: 'empty' })
      this.counter = (await counter()) ?? (await chooseCounter())
      if (this.counter === null) return this.setData({ state: 'failed', failure: staff.noStore })
      const figures = await today(this.counter.id)
      this.setData({ state: 'ready', store: figures.store?.name ?? this.counter.name, desk: deskOf(figures) })
    } catch (error) {
      if (isCode(error, 'forbidden')) this.setData({ state: 'empty' })
      else if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  onJoin() {
    replace(routes.join)
  },

  async onScan() {
    const seen = await look()
    if (seen.kind === 'closed') return
    if (seen.kind === 'wrong') await tell(seen.title, seen.body, common.gotIt)
    else if (seen.kind === 'customer') open(routes.visit, { token: seen.token })
    else open(routes.redeem, { token: seen.token })
  },
  onVisit() {
    open(routes.visit)
  },
  async onUndo(event: WechatMiniprogram.TouchEvent) {
    const row = this.data.desk?.rows.find(({ id }) => id === tapped(event, 'id'))
    if (!row || !(await confirm(staff.undoTitle, fill(staff.undoBody, { customer: row.customer }), staff.undo))) return
    try {
      await undo(row.id)
      say(staff.undoDone)
    } catch (error) {
      const words = refusalOf(errorOf(error).code, sentence(error))
      await tell(words.title, words.body, common.gotIt)
    }
    await this.load()
  },
})
