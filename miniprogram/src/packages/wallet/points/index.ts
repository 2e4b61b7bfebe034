import { canSend, copyText, keepFile, sendFile } from '../../../services/file'
import { sentence } from '../../../services/http'
import { listEntries, pointsBalance, type PointsBalance, type PointsEntry, statement } from '../../../services/points'
import { points } from '../../../texts/points'
import { privacy } from '../../../texts/privacy'
import { formatCount } from '../../../utils/money'
import { listData, pageList } from '../../../utils/page-list'
import { entryOf, type EntryRow } from '../../../utils/points-view'
import { open, routes } from '../../../utils/routes'
import { say, screen, shopView } from '../../../utils/screen'
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
    shop: shopView(),
    ...listData,
    balance: null as ReturnType<typeof balanceOf> | null,
    rows: [] as EntryRow[],
    busy: false,
    file: '',
  },
  ...pageList({
    ask: listEntries,
    rows: (items: PointsEntry[]) => ({ rows: items.map(entryOf) }),
    beside: async () => ({ balance: balanceOf(await pointsBalance()) }),
  }),

  onLoad() {
    this.load()
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
  onEmpty() {
    open(routes.home)
  },
})
