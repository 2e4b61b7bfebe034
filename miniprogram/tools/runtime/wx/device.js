/** The device: clipboard, vibration, brightness, calls. */

export function addDevice({ mp, api }) {
  api('setClipboardData', ({ data }) => {
    mp.clipboard = String(data)
    mp.tell('copied', { text: mp.clipboard })
    mp.ui.toast({ title: '内容已复制', icon: 'success' })
  })
  api('getClipboardData', () => ({ data: mp.clipboard ?? '' }))
  api('makePhoneCall', ({ phoneNumber }) => mp.tell('call', { number: phoneNumber }))
  api('openLocation', ({ name, address }) => mp.tell('map', { name, address }))
  api('vibrateShort')
  api('vibrateLong')
  api('setKeepScreenOn', ({ keepScreenOn }) => {
    mp.keepsScreenOn = keepScreenOn
  })
  let brightness = 0.5
  api('setScreenBrightness', ({ value }) => {
    brightness = value
    mp.brightness = value
  })
  api('getScreenBrightness', () => ({ value: brightness }))
  api('setVisualEffectOnCapture')
  api('hideKeyboard', () => document.activeElement?.blur())
  api('getBatteryInfo', () => ({ level: 100, isCharging: false }))
}
