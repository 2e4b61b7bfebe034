/** A stage for single screens: the app, a backend that answers what the screen needs, a sandbox, and phones of any look. */
import { LARGE, openContext, SMALL } from './browser.mjs'
import { startNeighbour, startSandbox } from './neighbours.mjs'
import { newPhone } from './phone.mjs'
import { serveApp } from './server.mjs'

/** The day the answers of tests/screens speak of. */
const TODAY = new Date('2026-11-22T12:00:00+08:00')
/**
 * @param {(screen: object) => (asked: object) => unknown} answerOf what the backend answers for a screen
 * @param {object[]} templates message templates the sandbox knows
 */
export async function openStage(answerOf, templates = []) {
  let answer = () => undefined
  const backend = await startNeighbour((asked) => answer(asked))
  const sandbox = await startSandbox({ templates })
  const web = await serveApp({ backend: backend.origin, sandbox: sandbox.origin })
  const contexts = new Map()
  let people = 0
  const contextOf = async ({ dark = false, small = false, scale = 1 }) => {
    const key = JSON.stringify([dark, small, scale])
    if (!contexts.has(key)) {
      const context = await openContext({ size: small ? SMALL : LARGE, dark, scale })
      await context.clock.setFixedTime(TODAY)
      contexts.set(key, context)
    }
    return contexts.get(key)
  }
  /** Opens a screen and does not wait for its answers. */
  const open = async (screen, looks = {}) => {
    answer = answerOf(screen)
    const phone = await newPhone(web.url, { context: await contextOf(looks) })
    await phone.open({ path: screen.path, query: screen.query, phone: `p${++people}`, consents: 'given', largeText: looks.largeText })
    return phone
  }
  return {
    open,
    /** Opens a screen of the catalogue, `{path, query, changes, taps, fills}`, as a person who was never here before, and waits until it is drawn. */
    async show(screen, looks) {
      const phone = await open(screen, looks)
      const silent = Object.keys(screen.changes ?? {}).filter((call) => screen.changes[call] === null)
      if (silent.length > 0) await phone.asked(silent)
      else await phone.page.waitForFunction(() => window.__mp.data().state !== 'loading')
      await phone.calm(silent)
      for (const [selector, text] of Object.entries(screen.fills ?? {})) await phone.top.locator(selector).first().fill(text)
      for (const tap of screen.taps ?? []) {
        await phone.tap(/^[[.]|^(wx-)?button/.test(tap) ? phone.top.locator(tap) : tap)
        await phone.calm(silent)
      }
      return phone
    },
    async close() {
      await web.close()
      await backend.close()
      await sandbox.close()
    },
  }
}
