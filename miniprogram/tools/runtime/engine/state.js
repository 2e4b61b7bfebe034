/** The one object of a running phone, `window.__mp`: its settings, what happened, and what tests may ask of it. */

const NOTCH_FROM_PX = 780

/** Fresh state from the page's address and from `config.js`; heights are CSS pixels, those of an iPhone with or without a notch. */
export function createState() {
  const params = new URLSearchParams(location.search)
  const notch = innerHeight >= NOTCH_FROM_PX
  const mp = {
    STATUS: notch ? 47 : 20,
    NAV: 44,
    TAB: 50,
    SAFE_BOTTOM: notch ? 34 : 0,
    params,
    config: window.__MP_CONFIG__ ?? {},
    phone: params.get('phone') ?? '',
    nickname: params.get('nickname') ?? '微信用户',
    avatar: params.get('avatar') ?? '',
    fontSize: Number(params.get('font') ?? 16),
    network: 'wifi',
    calls: [],
    requests: [],
    setDataStats: { calls: 0, bytes: 0, largest: { bytes: 0, where: '' } },
    album: [],
    mocks: { ...window.__MP_MOCKS__ },
    missing: new Set(),
    errors: [],
    listeners: {},
    taps: 0,
    lastTapAt: 0,
    mock(name, value) {
      if (value === undefined) delete mp.mocks[name]
      else mp.mocks[name] = value
    },
    callsOf: (name) => mp.calls.filter((call) => call.name === name).map((call) => call.args),
    /** Notes what a real phone would have failed on; a test ends with this list empty. */
    problem(error) {
      const text = String(error?.stack ?? error?.errMsg ?? error)
      mp.errors.push(text)
      console.error(text)
      mp.tell('error', { message: text.split('\n')[0] })
    },
    emit(name, value) {
      for (const listener of mp.listeners[name] ?? []) listener(value)
    },
    /** Tells the page around this phone what happened (see README.md, "Messages"). */
    tell(type, details = {}) {
      if (window.parent !== window) window.parent.postMessage({ source: 'mini-program', phone: mp.phone, type, ...details }, '*')
    },
  }
  return mp
}
