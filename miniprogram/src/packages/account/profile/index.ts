import { sentence } from '../../../services/http'
import { sendAvatar, sendPhoneCode } from '../../../services/identity'
import { changeMe, currentShop, enter, type Me, noteMe, refreshMe } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { profile } from '../../../texts/mine'
import { say, screen, shopView, type State, tapped } from '../../../utils/screen'

const FORMS = ['masked', 'ms', 'mr'] as const
const LONGEST = 64

screen({
  data: {
    t: profile,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    avatar: '',
    nickname: '',
    phone: '',
    birthday: '',
    today: new Date().toISOString().slice(0, 10),
    form: 'masked',
    forms: FORMS.map((id) => ({ id, word: profile.nameForms[id] })),
    busy: false,
  },

  onLoad() {
    this.load()
  },
  async load() {
    try {
      await enter()
      this.show(await refreshMe())
    } catch (error) {
      this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  show(me: Me) {
    this.setData({
      state: 'ready',
      avatar: me.avatar_url ?? '',
      nickname: me.nickname ?? '',
      phone: me.phone_masked ?? '',
      birthday: me.birthday ?? '',
      form: me.preferences?.name_form ?? 'masked',
    })
  },

  async onAvatar(event: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    try {
      const { avatar_url: avatar } = await sendAvatar(event.detail.avatarUrl)
      this.setData({ avatar })
      noteMe({ avatar_url: avatar })
      say(profile.saved)
    } catch {
      say(profile.avatarFailed)
    }
  },
  onNickname(event: WechatMiniprogram.Input) {
    this.setData({ nickname: event.detail.value })
  },
  onBirthday(event: WechatMiniprogram.PickerChange) {
    this.setData({ birthday: String(event.detail.value) })
  },
  onForm(event: WechatMiniprogram.TouchEvent) {
    this.setData({ form: tapped(event, 'id') })
  },
  async onPhone(event: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    const { code } = event.detail
    if (!code) return say(profile.phoneRefused)
    try {
      const { phone_masked: phone } = await sendPhoneCode(code)
      this.setData({ phone })
      noteMe({ phone_masked: phone })
      say(profile.phoneBound)
    } catch (error) {
      say(sentence(error))
    }
  },
  /** The form is used, not a tap: WeChat checks a nickname on the way to the submit. */
  async onSubmit(event: WechatMiniprogram.FormSubmit) {
    const nickname = String(event.detail.value['nickname'] ?? '').trim()
    if (Array.from(nickname).length > LONGEST) return say(profile.nicknameCut)
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      this.show(await changeMe(this.changes(nickname)))
      wx.showToast({ title: profile.saved, icon: 'success' })
    } catch (error) {
      say(sentence(error))
    } finally {
      this.setData({ busy: false })
    }
  },
  changes(nickname: string): Parameters<typeof changeMe>[0] {
    const { me } = currentShop()
    const { birthday, form } = this.data
    return {
      ...(nickname === (me?.nickname ?? '') ? {} : { nickname: nickname === '' ? null : nickname }),
      ...(birthday !== '' && birthday !== (me?.birthday ?? '') ? { birthday } : {}),
      ...(form === (me?.preferences?.name_form ?? 'masked') ? {} : { preferences: { name_form: form as (typeof FORMS)[number] } }),
    }
  },
})
