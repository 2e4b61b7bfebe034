import { saveToAlbum } from '../../../services/album'
import { type Campaign, listCampaigns } from '../../../services/campaigns'
import { askable, askToTell } from '../../../services/consent'
import { sentence } from '../../../services/http'
import { listTemplates, makePoster } from '../../../services/posters'
import { ownCode } from '../../../services/session'
import { cardOf, isPoster, noteShare, prepareCard } from '../../../services/share-card'
import { currentShop, enter, offers, refreshMe } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { poster } from '../../../texts/poster'
import { open, routes } from '../../../utils/routes'
import { confirm, copy, say, screen, shopView, type State } from '../../../utils/screen'
import { fill } from '../../../utils/text'

interface Slide {
  name: string
  title: string
  label: string
  width: number
  preview: string
  url: string
  state: 'idle' | 'making' | 'ready' | 'failed'
}

const SHARE_OF_WINDOW = 0.55
/** Between two posters, in px; the rest of the window shows the neighbours. */
const GAP = 12

screen({
  data: {
    t: poster,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    height: Math.max(300, Math.round(wx.getWindowInfo().windowHeight * SHARE_OF_WINDOW)),
    slides: [] as Slide[],
    margin: 44,
    current: 0,
    busy: false,
    code: '',
    nameless: false,
    canTell: false,
    told: '',
  },
  campaign: null as Campaign | null,
  campaignId: '',
  making: {} as Record<number, Promise<void>>,
  nickname: null as string | null,

  onLoad(query: Record<string, string | undefined>) {
    this.campaignId = query['campaign_id'] ?? ''
    this.making = {}
    this.load()
  },
  onShow() {
    const nickname = currentShop().me?.nickname ?? null
    if (this.data.state === 'ready' && nickname !== this.nickname) this.remake()
  },
  onShareAppMessage() {
    noteShare(this.campaign, 'friend')
    return cardOf(this.campaign)
  },

  async load() {
    try {
      const [campaigns, templates] = await Promise.all([listCampaigns(), listTemplates(), enter()])
      this.campaign = campaigns.find(({ id }) => id === this.campaignId) ?? campaigns[0] ?? null
      const { height } = this.data
      const slides = templates.filter(isPoster).map(({ name, title, preview_url: preview, sizes }): Slide => ({
        name,
        title,
        label: fill(poster.alt, { title }),
        width: Math.round((height * sizes[0]!.width) / sizes[0]!.height),
        preview: preview ?? '',
        url: '',
        state: 'idle',
      }))
      if (this.campaign === null || slides.length === 0) return this.setData({ state: 'empty' })
      const margin = Math.round((wx.getWindowInfo().windowWidth - slides[0]!.width) / 2) - GAP
      this.setData({ state: 'ready', slides, margin, current: 0, code: ownCode() ?? '', canTell: offers('subscriptions') && askable().length > 0 })
      this.noteName()
      this.make(0)
      prepareCard(this.campaign.id)
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async noteName() {
    const me = currentShop().me ?? (await refreshMe().catch(() => null))
    this.nickname = me?.nickname ?? null
    this.setData({ nameless: me !== null && !me.nickname && offers('avatar') })
  },
  remake() {
    this.noteName()
    this.making = {}
    this.setData({ slides: this.data.slides.map((slide) => ({ ...slide, url: '', state: 'idle' as const })) })
    this.make(this.data.current)
  },
  make(at: number): Promise<void> {
    this.making[at] ??= this.draw(at)
    return this.making[at]
  },
  async draw(at: number) {
    const slide = this.data.slides[at]
    if (!slide || this.campaign === null) return
    this.setData({ [`slides[${at}].state`]: 'making' })
    try {
      const { image_url: url } = await makePoster(this.campaign.id, slide.name)
      this.setData({ [`slides[${at}].url`]: url, [`slides[${at}].state`]: 'ready' })
    } catch (error) {
      delete this.making[at]
      this.setData({ [`slides[${at}].state`]: 'failed', failure: sentence(error) })
    }
  },

  onEmpty() {
    open(routes.home)
  },
  onRedraw() {
    this.make(this.data.current)
  },
  onSwipe(event: WechatMiniprogram.SwiperChange) {
    this.setData({ current: event.detail.current })
    this.make(event.detail.current)
  },
  onLook() {
    const url = this.data.slides[this.data.current]?.url
    if (url) wx.previewImage({ urls: [url], showmenu: true })
  },
  async onSave() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      await this.make(this.data.current)
      const url = this.data.slides[this.data.current]?.url
      if (url) await this.save(url)
      else say(this.data.failure)
    } catch (error) {
      say(poster.saveFailed)
    } finally {
      this.setData({ busy: false })
    }
  },
  async save(url: string) {
    const saved = await saveToAlbum(url)
    if (saved === 'saved') {
      noteShare(this.campaign, 'poster')
      wx.showToast({ title: poster.saved, icon: 'success' })
    }
    if (saved === 'denied' && (await confirm(poster.album.title, poster.album.body, poster.album.go))) await wx.openSetting()
  },
  async onTell() {
    try {
      const asked = await askToTell()
      if (asked.kind === 'accepted') {
        this.setData({ told: fill(poster.tellOn, { count: asked.remaining }) })
        say(poster.tellDone)
      }
      if (asked.kind === 'refused') say(poster.tellRefused)
      if (asked.kind === 'switched_off' && (await confirm(poster.tellTitle, poster.tellOff, poster.tellSettings))) await wx.openSetting({ withSubscriptions: true })
    } catch (error) {
      say(sentence(error))
    }
  },
  onCopy() {
    copy(this.data.code)
  },
  onName() {
    open(routes.profile)
  },
  onRules() {
    open(routes.rules, { campaign_id: this.campaign?.id ?? '' })
  },
})
