import { type Coupon, listCoupons } from '../../services/coupons'
import { coupons } from '../../texts/coupons'
import { type TicketView, ticketOf } from '../../utils/coupon-view'
import { listData, pageList } from '../../utils/page-list'
import { open, routes } from '../../utils/routes'
import { screen, shopView, tapped } from '../../utils/screen'

const LIVE = ['available', 'pending']
/** A side with fewer tickets than fill a phone cannot be scrolled to its end, so the next page is asked for at once. */
const SCREENFUL = 8

function sidesOf(items: Coupon[]): { usable: TicketView[]; past: TicketView[] } {
  const isLive = ({ state }: Coupon) => LIVE.includes(state)
  return { usable: items.filter(isLive).map(ticketOf), past: items.filter((one) => !isLive(one)).map(ticketOf) }
}

screen({
  data: {
    t: coupons,
    shop: shopView(),
    ...listData,
    side: 'usable' as 'usable' | 'past',
    usable: [] as TicketView[],
    past: [] as TicketView[],
  },
  ...pageList({ ask: listCoupons, rows: sidesOf }),

  onShow() {
    this.load()
  },
  arrived() {
    const { side } = this.data
    if (this.data[side].length < SCREENFUL) this.loadMore()
  },
  onSide(event: WechatMiniprogram.TouchEvent) {
    this.setData({ side: tapped(event, 'side') === 'past' ? 'past' : 'usable' }, () => this.arrived())
  },
  onOpen(event: WechatMiniprogram.CustomEvent<{ id: string }>) {
    open(routes.coupon, { id: event.detail.id })
  },
  onMember() {
    open(routes.coupon, { member: '1' })
  },
  onEmpty() {
    open(routes.home)
  },
})
