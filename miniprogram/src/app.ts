import { currentShop, refreshMe, refreshShop } from './services/storefront'
import { routes } from './utils/routes'

const AFTER_FIRST_SCREEN_MS = 2500

App<IAppOption>({
  onLaunch() {
    // The first screen goes first; what was known at the last visit serves it meanwhile.
    setTimeout(() => this.refresh(), AFTER_FIRST_SCREEN_MS)
  },
  onPageNotFound() {
    // A link from an older version, or one that is not ours.
    wx.switchTab({ url: routes.home })
  },
  async refresh() {
    try {
      if (currentShop().capabilities !== null) await Promise.all([refreshShop(), refreshMe()])
    } catch {
      // The screens go on with what they know, and say themselves when something is missing.
    }
  },
})
