/**
 * The stage that behaviour is tested on: importing it opens one before the first test of a file and closes it after the last. What the phone asks of
 * the backend is remembered; `phone` is the one that `show` opened last.
 */
import { after, before } from 'node:test'
import { closeBrowser } from '../support/browser.mjs'
import { openStage } from '../support/stage.mjs'
import { capabilities, world } from './world.mjs'

let stage
let asked

export let phone

before(async () => {
  const answerOf = ({ changes }) => {
    asked = []
    const answer = world(changes)
    return (request) => {
      asked.push(request)
      return answer(request)
    }
  }
  stage = await openStage(answerOf, capabilities.subscription_templates)
})

after(async () => {
  await closeBrowser()
  await stage.close()
})

/** Opens a screen: `{path, query, changes}` as in the catalogue. */
export async function show(screen, looks) {
  phone = await stage.show({ changes: {}, ...screen }, looks)
}

/** Waits until a text can be seen. */
export const see = (text) => phone.page.getByText(text).first().waitFor()

/** Waits until a word was said in the middle of the screen; it may be gone again. */
export const hear = (text) =>
  phone.page.waitForFunction((words) => window.__mp.callsOf('showToast').some(({ title }) => title.includes(words)), text)

/** What `wx.<name>` answers from now on. */
export const mock = (name, answer) => phone.mp(([key, value]) => window.__mp.mock(key, value), [name, answer])

/** Lets `wx.<name>` fail from now on, with WeChat's words. */
export const fails = (name, message) => phone.mp(([key, text]) => window.__mp.mock(key, () => Promise.reject(new Error(text))), [name, message])

/** The requests since `show` whose `METHOD url` contains `part`. */
export const askedFor = (part) => asked.filter(({ method, url }) => `${method} ${url}`.includes(part))

export const bodyOf = ({ body }) => JSON.parse(body)

/** As a thumb does: from higher up down to the end. Time passes, for the end of a page is told once in a while only. */
export async function scrollToEnd() {
  const now = await phone.mp(() => Date.now())
  await phone.page.clock.setFixedTime(now + 1000)
  await phone.mp(async () => {
    const scroller = document.querySelector('.mp-view.on .mp-scroll')
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    for (const above of [400, 0]) {
      scroller.scrollTop = scroller.scrollHeight - scroller.clientHeight - above
      await drawn()
    }
  })
}

/** Ends a test: nothing failed unseen. */
export async function done() {
  await phone.settle()
  await phone.close()
}
