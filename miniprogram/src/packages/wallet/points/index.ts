import { listEntries, pointsBalance, type PointsBalance, type PointsEntry, statement } from '../../../services/points'
import { points } from '../../../texts/points'
import { handOver } from '../../../utils/hand-over'
import { formatCount } from '../../../utils/money'
import { listData, pageList } from '../../../utils/page-list'
import { entryOf, type EntryRow } from '../../../utils/points-view'
import { open, routes } from '../../../utils/routes'
import { screen, shopView } from '../../../utils/screen'
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
  onStatement() {
    return handOver(this, points.statementName, statement)
  },
  onEmpty() {
    open(routes.home)
  },
})
