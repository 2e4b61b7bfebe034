import { sentence } from '../../services/http'
import { enter, refreshMe } from '../../services/storefront'
import { mine } from '../../texts/mine'
import { meOf, type MeView } from '../../utils/me-view'
import { open, routes } from '../../utils/routes'
import { copy, screen, shopView, type State, tapped } from '../../utils/screen'

const PLACES: Record<string, string> = {
  profile: routes.profile,
  points: routes.points,
  visits: routes.visits,
  inbox: routes.inbox,
  rules: routes.rules,
  stores: routes.stores,
  privacy: routes.privacy,
  desk: routes.desk,
  join: routes.join,
}

screen({
  data: {
    t: mine,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    me: null as MeView | null,
  },

  onShow() {
    this.load()
  },
  async load() {
    try {
      await enter()
      this.setData({ state: 'ready', me: meOf(await refreshMe()) })
    } catch (error) {
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  onGo(event: WechatMiniprogram.TouchEvent) {
    const place = PLACES[tapped(event, 'to')]
    if (place) open(place)
  },
  onMember() {
    open(routes.coupon, { member: '1' })
  },
  onCopy() {
    copy(this.data.me?.code ?? '')
  },
})
