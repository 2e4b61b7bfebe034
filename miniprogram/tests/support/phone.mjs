/** A phone in a browser page: opening the app on it, tapping, counting, and what must hold when a test ends. */
import assert from 'node:assert/strict'
import { LARGE_TEXT_PX, openContext } from './browser.mjs'

/** Longer than an answer of the stand-in backend takes, shorter than any timer of the app. */
const STILL_MS = 120

/** Matches `METHOD address` of a call to the backend's API. */
const patternOf = (call) => `^${call.replace(' ', ' .*/api/v1').replace('{id}', '[^/]+')}(\\?|$)`

/** Address of the app on a phone; the runner's README describes the parameters. */
export function address(url, { path, query, scene, phone, nickname, title, largeText, consents } = {}) {
  const values = {
    path,
    query: typeof query === 'object' ? new URLSearchParams(query).toString() : query,
    scene,
    phone,
    nickname,
    title,
    consents,
  }
  const pairs = Object.entries({ ...values, font: largeText ? LARGE_TEXT_PX : undefined }).filter(([, value]) => value !== undefined)
  return `${url}?${new URLSearchParams(pairs)}`
}

/** One person's phone. `page` is Playwright's page, `top` what is on the page of the mini-program in front. */
export class Phone {
  constructor(page, url) {
    this.page = page
    this.url = url
    this.top = page.locator('.mp-view.on')
  }

  /** Runs a function inside the phone, where `__mp` is. */
  mp(work, argument) {
    return this.page.evaluate(work, argument)
  }

  /** Opens the app as a code, a card or a message would; waits for its first page. */
  async open(options) {
    await this.page.goto(address(this.url, options))
    await this.page.waitForSelector('html[data-mp-ready]', { state: 'attached' })
    return this
  }

  /** Sets answers of `wx` calls before the app starts: values only (a function cannot travel; use `mp` for those). */
  mock(answers) {
    return this.page.addInitScript((given) => {
      window.__MP_MOCKS__ = { ...window.__MP_MOCKS__, ...given }
    }, answers)
  }

  /** Taps what shows this text, or a locator. */
  async tap(target) {
    await (typeof target === 'string' ? this.top.getByText(target).first() : target).tap()
  }

  /** Waits until each of these calls, such as `GET /me`, was made. */
  async asked(calls) {
    await this.page.waitForFunction(
      (patterns) =>
        patterns.every((pattern) => window.__mp.requests.some(({ method, url }) => new RegExp(pattern).test(`${method} ${url}`))),
      calls.map(patternOf),
    )
  }

  /** Waits until the page in front is `route`. */
  async at(route) {
    await this.page.waitForFunction((wanted) => window.__mp.top()?.route === wanted, route)
  }

  /**
   * Waits until what was asked has been drawn: no request is under way, the page has not changed for a moment, and its pictures are there.
   * `silent` are calls that are never answered, such as `GET /me/coupons/{id}`.
   */
  calm(silent = []) {
    return this.mp(
      ([stillMs, unanswered]) =>
        new Promise((resolve) => {
          const isSilent = (request) => unanswered.some((pattern) => new RegExp(pattern).test(request))
          const isUnderWay = ({ method, url, ms }) => ms === undefined && !isSilent(`${method} ${url}`)
          const settle = async () => {
            if (window.__mp.requests.some(isUnderWay)) {
              timer = setTimeout(settle, stillMs)
              return
            }
            const pictures = [...document.querySelectorAll('.mp-view.on img[src]')]
            await Promise.allSettled(pictures.map((picture) => picture.decode()))
            observer.disconnect()
            requestAnimationFrame(() => requestAnimationFrame(resolve))
          }
          let timer = setTimeout(settle, stillMs)
          const observer = new MutationObserver(() => {
            clearTimeout(timer)
            timer = setTimeout(settle, stillMs)
          })
          observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
        }),
      [STILL_MS, silent.map(patternOf)],
    )
  }

  data() {
    return this.mp(() => window.__mp.data())
  }

  callsOf(name) {
    return this.mp((wanted) => window.__mp.callsOf(wanted), name)
  }

  /** How often `work` tapped; WeChat's own dialogs count like everything else. */
  async countTaps(work) {
    const before = await this.mp(() => window.__mp.taps)
    await work()
    return (await this.mp(() => window.__mp.taps)) - before
  }

  /** How many requests were sent before `locator` was there. Pictures do not count. */
  async requestsUntil(locator) {
    await locator.first().waitFor()
    return this.mp(() => window.__mp.requests.length)
  }

  /** Text of the message at the bottom of the screen or in its middle. */
  toast() {
    return this.page.locator('.mp-toast-tx')
  }

  /** What must hold at the end of every test: nothing failed unseen, nothing was asked of WeChat that the runner lacks, no setData above 30 KB. */
  async settle() {
    const { errors, missing } = await this.mp(() => ({ errors: window.__mp.errors, missing: [...window.__mp.missing] }))
    assert.deepEqual({ errors, missing }, { errors: [], missing: [] })
  }

  async close() {
    await this.page.close()
  }
}

/** A phone in a context of its own (or in a given one). */
export async function newPhone(url, { context, ...looks } = {}) {
  const own = context ?? (await openContext(looks))
  const page = await own.newPage()
  return new Phone(page, url)
}
