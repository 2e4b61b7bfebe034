import { listVisits, type Visit } from '../../../services/visits'
import { visits } from '../../../texts/visits'
import { listData, pageList } from '../../../utils/page-list'
import { open, routes } from '../../../utils/routes'
import { screen, shopView, tapped } from '../../../utils/screen'
import { visitOf, type VisitRow } from '../../../utils/visit-view'

screen({
  data: {
    t: visits,
    shop: shopView(),
    ...listData,
    rows: [] as VisitRow[],
  },
  ...pageList({ ask: listVisits, rows: (items: Visit[]) => ({ rows: items.map(visitOf) }) }),

  onShow() {
    this.load()
  },
  onReview(event: WechatMiniprogram.TouchEvent) {
    open(routes.review, { visit_id: tapped(event, 'id') })
  },
  onEmpty() {
    open(routes.coupons)
  },
})
