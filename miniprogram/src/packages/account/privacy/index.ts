import { sentence } from '../../../services/http'
import { type Consent, eraseMe, exportMe, listConsents, recordConsent } from '../../../services/identity'
import { forget } from '../../../services/session'
import { currentShop, enter, forgetMe, offers } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { privacy } from '../../../texts/privacy'
import { handOver } from '../../../utils/hand-over'
import { routes } from '../../../utils/routes'
import { confirm, say, screen, shopView, type State, tell } from '../../../utils/screen'
import { fill } from '../../../utils/text'
import { formatDate } from '../../../utils/time'

screen({
  data: {
    t: privacy,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    agreed: false,
    agreedAt: '',
    contact: '',
    busy: false,
    file: '',
  },

  onLoad() {
    this.load()
  },
  async load() {
    try {
      const { brand } = await enter()
      const consents = offers('consents') ? await listConsents() : []
      this.setData({ state: 'ready', contact: brand?.privacy_contact ? fill(privacy.contact, { contact: brand.privacy_contact }) : '' })
      this.show(consents.find(({ kind }) => kind === 'privacy') ?? null)
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  show(consent: Consent | null) {
    const agreed = consent?.granted === true
    this.setData({ agreed, agreedAt: agreed ? fill(privacy.privacyAgreed, { date: formatDate(consent.at) }) : privacy.privacyNone })
  },
  async onFull() {
    try {
      await wx.openPrivacyContract({})
    } catch {
      say(common.failedBody)
    }
  },
  async onConsent() {
    const { agreed } = this.data
    if (agreed && !(await confirm(privacy.withdrawTitle, privacy.withdrawBody, privacy.withdraw))) return
    try {
      this.show(await recordConsent('privacy', currentShop().capabilities?.privacy_version ?? '', !agreed))
      say(agreed ? privacy.withdrawn : privacy.agreed)
    } catch (error) {
      say(sentence(error))
    }
  },
  onExport() {
    return handOver(this, privacy.exportName, exportMe)
  },
  async onErase() {
    if (this.data.busy || !(await confirm(privacy.eraseTitle, privacy.eraseBody, privacy.eraseConfirm))) return
    this.setData({ busy: true })
    try {
      await eraseMe()
      forget()
      forgetMe()
      await tell(privacy.eraseDone, '', common.ok)
      wx.reLaunch({ url: routes.home })
    } catch (error) {
      say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
})
