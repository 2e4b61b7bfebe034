import { canSend, copyText, keepFile, sendFile } from '../../../services/file'
import { sentence } from '../../../services/http'
import { listEntries, pointsBalance, type PointsBalance, statement } from '../../../services/points'
import { enter } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { points } from '../../../texts/points'
import { privacy } from '../../../texts/privacy'
import { formatCount } from '../../../utils/money'
import { appendPatch, type MoreState } from '../../../utils/page-list'
import { entryOf, type EntryRow } from '../../../utils/points-view'
import { open, routes } from '../../../utils/routes'
import { say, screen, shopView, type State } from '../../../utils/screen'
import { fill } from '../../../utils/text'
import { formatDate } from '../../../utils/time'

function balanceOf({ available, pending, debt, expiring }: PointsBalance) {
  return {
    available: formatCount(available),
    pending: pending > 0 ? fill(points.pending, { points: formatCount(pending) }) : '',
    debt: debt && debt > 0 ? fill(points.debt, { points: formatCount(debt) }) : '',
    expiring: expiring.slice(0, 3).map((lot) => fill(points.expiring, { points: formatCount(lot.points), date: formatDate(lot.expires_at) })),
  }
}

screen({
  data: {
    t: points,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    balance: null as ReturnType<typeof balanceOf> | null,
    rows: [] as EntryRow[],
    more: 'idle' as MoreState,
    busy: false,
    file: '',
  },
  cursor: null as string | null,

  onLoad() {
    this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },
  onReachBottom() {
    this.loadMore()
  },
  async load() {
    try {
      const [balance, first] = await Promise.all([pointsBalance(), listEntries(null), enter()])
      this.cursor = first.next_cursor
      this.setData({
        state: first.items.length > 0 ? 'ready' : 'empty',
        balance: balanceOf(balance),
        rows: first.items.map(entryOf),
        more: first.next_cursor === null ? 'idle' : 'loading',
      })
    } catch (error) {
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async loadMore() {
    if (this.cursor === null) return
    const cursor = this.cursor
    this.cursor = null
    this.setData({ more: 'loading' })
    try {
      const next = await listEntries(cursor)
      this.cursor = next.next_cursor
      this.setData({ ...appendPatch('rows', this.data.rows.length, next.items.map(entryOf)), more: next.next_cursor === null ? 'end' : 'loading' })
    } catch {
      this.cursor = cursor
      this.setData({ more: 'failed' })
    }
  },
  async onStatement() {
    if (this.data.file !== '') return sendFile(this.data.file)
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      const text = await statement()
      if (canSend()) this.setData({ file: keepFile(points.statementName, text) })
      else await copyText(text).then(() => say(privacy.exportCopied))
    } catch (error) {
      say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
  onAction() {
    if (this.data.state === 'failed') this.setData({ state: 'loading' }, () => this.load())
    else open(routes.home)
  },
})
