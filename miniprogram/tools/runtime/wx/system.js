/** What the phone says of itself, and the events of the app. */

const EVENTS =
  'AppShow AppHide Error UnhandledRejection PageNotFound ThemeChange NetworkStatusChange WindowResize KeyboardHeightChange MemoryWarning UserCaptureScreen AppRoute AppRouteDone'.split(
    ' ',
  )
const CAPSULE = { width: 87, height: 32, gap: 6, side: 7 }
const DEVICE = { brand: 'iPhone', model: 'iPhone 12/13 (Pro)', system: 'iOS 17.0', platform: 'ios', benchmarkLevel: -1, abi: '' }

function windowInfo(mp) {
  const screenHeight = innerHeight
  const safeArea = {
    left: 0,
    right: innerWidth,
    top: mp.STATUS,
    bottom: screenHeight - mp.SAFE_BOTTOM,
    width: innerWidth,
    height: screenHeight - mp.STATUS - mp.SAFE_BOTTOM,
  }
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: innerWidth,
    screenHeight,
    windowWidth: innerWidth,
    windowHeight: mp.viewHeight(),
    statusBarHeight: mp.STATUS,
    safeArea,
    screenTop: mp.top()?.isCustom ? 0 : mp.STATUS + mp.NAV,
  }
}

function addUpdates(mp, sync) {
  const listeners = { check: [], ready: [], failed: [] }
  sync('getUpdateManager', () => ({
    onCheckForUpdate(listener) {
      listeners.check.push(listener)
      setTimeout(() => listener({ hasUpdate: false }))
    },
    onUpdateReady: (listener) => listeners.ready.push(listener),
    onUpdateFailed: (listener) => listeners.failed.push(listener),
    applyUpdate: () => location.reload(),
  }))
  /** A new version has been downloaded, or failed to. */
  mp.update = (outcome = 'ready') => listeners[outcome].forEach((listener) => listener())
}

export function addSystem({ mp, wx, api, sync }) {
  const appBase = () => ({
    SDKVersion: '3.8.0',
    version: '8.0.50',
    language: 'zh_CN',
    theme: mp.theme(),
    host: { env: 'WeChat' },
    fontSizeSetting: mp.fontSize,
    fontSizeScaleFactor: mp.fontSize / 16,
    enableDebug: false,
  })
  sync('getWindowInfo', () => windowInfo(mp))
  sync('getDeviceInfo', () => DEVICE)
  sync('getAppBaseInfo', appBase)
  sync('getSystemSetting', () => ({ bluetoothEnabled: true, locationEnabled: true, wifiEnabled: true, deviceOrientation: 'portrait' }))
  sync('getAppAuthorizeSetting', () => ({
    albumAuthorized: 'authorized',
    cameraAuthorized: 'authorized',
    locationAuthorized: 'authorized',
    notificationAuthorized: 'authorized',
  }))
  sync('getSystemInfoSync', () => ({ ...windowInfo(mp), ...DEVICE, ...appBase() }))
  api('getSystemInfo', () => ({ ...windowInfo(mp), ...DEVICE, ...appBase() }))
  sync('getMenuButtonBoundingClientRect', () => {
    const { width, height, gap, side } = CAPSULE
    const top = mp.STATUS + gap
    return { width, height, top, bottom: top + height, left: innerWidth - side - width, right: innerWidth - side }
  })
  sync('getLaunchOptionsSync', () => mp.launchOptions)
  sync('getEnterOptionsSync', () => mp.enterOptions)
  sync('canIUse', (schema) => {
    const [name] = schema.split('.')
    return name in wx || name in mp.builtins
  })
  for (const name of EVENTS) {
    wx['on' + name] = (listener) => {
      ;(mp.listeners[name] ??= new Set()).add(listener)
    }
    wx['off' + name] = (listener) => {
      if (listener) mp.listeners[name]?.delete(listener)
      else mp.listeners[name]?.clear()
    }
  }
  addUpdates(mp, sync)
  api('exitMiniProgram', () => mp.leave())
  for (const name of ['reportEvent', 'reportMonitor', 'preloadAssets']) sync(name, () => {})
  sync('getRealtimeLogManager', () => ({ info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {} }))
  sync('getLogManager', () => console)
}
