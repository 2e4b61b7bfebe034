/** One Chromium for a test file, and phones in it. */
import { chromium } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Without --disable-gpu Chromium may die on a machine that has none; the rest keeps it from talking to the network by itself. */
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --font-render-hinting=none'.split(
    ' ',
  )

/** How long a wait may last before its test fails: on a busy machine everything comes, only late. */
export const PATIENCE_MS = 30_000

export const LARGE = { width: 390, height: 844 }
export const SMALL = { width: 320, height: 568 }
/** The largest step of WeChat's text size that people commonly choose. */
export const LARGE_TEXT_PX = 23

let running

/** The browser all phones share; `closeBrowser` ends it. */
export async function browser() {
  running ??= await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS })
  return running
}

export async function closeBrowser() {
  await running?.close()
  running = undefined
}

/** A picture that is not there, or a font of a CDN, must not reach out of the machine. */
const isOutside = (url) => !['127.0.0.1', 'localhost'].includes(url.hostname) && url.protocol.startsWith('http')

/**
 * A browser window of a phone's size. Phones of one `context` share storage and can scan each other.
 *
 * @param {{size?: {width: number, height: number}, dark?: boolean, motion?: boolean, scale?: number}} looks
 */
export async function openContext({ size = LARGE, dark = false, motion = false, scale = 2 } = {}) {
  const chrome = await browser()
  const context = await chrome.newContext({
    viewport: size,
    deviceScaleFactor: scale,
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: motion ? 'no-preference' : 'reduce',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  await context.route(isOutside, (route) => route.abort())
  return context
}
