/**
 * WeChat's privacy rules: before an API that touches personal data the person must have agreed to the privacy guide. The app may ask itself
 * (`onNeedPrivacyAuthorization`, a button `agreePrivacyAuthorization`); otherwise WeChat's own dialog appears.
 * Source: 小程序隐私协议开发指南. `?consents=given` in the address starts as someone who has agreed already.
 */
import { failure } from './index.js'

const GUARDED = new Set(
  'chooseImage chooseMedia chooseMessageFile saveImageToPhotosAlbum setClipboardData getClipboardData getLocation getFuzzyLocation chooseLocation chooseAddress getPhoneNumber chooseAvatar nickname'.split(
    ' ',
  ),
)
const CONTRACT_NAME = '《用户隐私保护指引》'

export function addPrivacy({ mp, api, sync }) {
  if (mp.params.get('consents') === 'given') {
    mp.store.choose('privacy', true)
    mp.store.choose('scope.writePhotosAlbum', true)
  }
  const listeners = []
  const agreed = () => mp.store.choice('privacy') === true
  const agree = () => mp.store.choose('privacy', true)
  let asking
  const ask = (referrer) => {
    if (listeners.length === 0) return mp.ui.privacy(CONTRACT_NAME)
    return new Promise((resolve) => {
      const decide = ({ event }) => {
        if (event === 'agree') resolve(true)
        if (event === 'disagree') resolve(false)
      }
      for (const listener of listeners) listener(decide, { referrer })
      mp.privacy.agreedByButton = () => resolve(true)
    })
  }
  mp.privacy = {
    agree,
    /** Waits for the person's consent when `name` needs one; raises when it is refused. */
    async before(name) {
      if (!GUARDED.has(name) || agreed()) return
      asking ??= ask(name).finally(() => {
        asking = undefined
      })
      if (!(await asking)) throw failure('privacy permission is not authorized', { errno: 104 })
      agree()
    },
    /** The button `agreePrivacyAuthorization` was tapped. */
    button() {
      agree()
      mp.privacy.agreedByButton?.()
    },
  }
  sync('onNeedPrivacyAuthorization', (listener) => {
    listeners.splice(0, listeners.length, listener) // WeChat keeps the last one
  })
  api('getPrivacySetting', () => ({ needAuthorization: !agreed(), privacyContractName: CONTRACT_NAME }))
  api('requirePrivacyAuthorize', async () => {
    if (agreed()) return {}
    if (!(await ask('requirePrivacyAuthorize'))) throw failure('privacy permission is not authorized', { errno: 104 })
    agree()
    return {}
  })
  api('openPrivacyContract', () => mp.ui.contract(CONTRACT_NAME))
}
