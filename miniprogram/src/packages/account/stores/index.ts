import { sentence } from '../../../services/http'
import { enter } from '../../../services/storefront'
import { listStores, type Store } from '../../../services/stores'
import { common } from '../../../texts/common'
import { stores } from '../../../texts/stores'
import { back, routes } from '../../../utils/routes'
import { copy, screen, shopView, type State, tapped } from '../../../utils/screen'

screen({
  data: {
    t: stores,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    stores: [] as Store[],
  },
  onLoad() {
    this.load()
  },
  async load() {
    try {
      const [found] = await Promise.all([listStores(), enter()])
      this.setData({ state: found.length > 0 ? 'ready' : 'empty', stores: found })
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  onEmpty() {
    back(routes.home)
  },
  onCall(event: WechatMiniprogram.TouchEvent) {
    // Closing the dialler is no failure.
    wx.makePhoneCall({ phoneNumber: tapped(event, 'phone'), fail: () => undefined })
  },
  onCopy(event: WechatMiniprogram.TouchEvent) {
    copy(tapped(event, 'address'))
  },
})
