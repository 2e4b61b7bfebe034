/**
 * Pictures of the screens: `node tests/screens/shots.mjs [--out DIR] [--only TEXT,TEXT] [--dark] [--small] [--large-text]`.
 * Each picture is checked on the way: no error, nothing asked of WeChat that the runner lacks.
 */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { closeBrowser, LARGE, openContext, SMALL } from '../support/browser.mjs'
import { startNeighbour, startSandbox } from '../support/neighbours.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'
import { SCREENS } from './catalogue.mjs'
import { world } from './world.mjs'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.shots' },
    only: { type: 'string', default: '' },
    poster: { type: 'string' },
    dark: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    'large-text': { type: 'boolean', default: false },
  },
})

let answer = world()
const picture = values.poster ? fs.readFileSync(values.poster) : undefined
const backend = await startNeighbour((asked) => answer(asked))
const sandbox = await startSandbox({ templates: [{ template_id: 'tpl-success', title: '推荐成功通知', keys: [] }] })
const web = await serveApp({ backend: backend.origin, sandbox: sandbox.origin })
fs.mkdirSync(values.out, { recursive: true })

async function shoot({ name, path: route, query, changes = {}, taps = [], fills = {} }) {
  answer = world(changes, picture)
  const context = await openContext({ size: values.small ? SMALL : LARGE, dark: values.dark, scale: 1.5 })
  const phone = await newPhone(web.url, { context })
  await phone.open({ path: route, query, consents: 'given', largeText: values['large-text'] })
  await phone.page.waitForTimeout(350)
  for (const [selector, text] of Object.entries(fills)) await phone.top.locator(selector).first().fill(text)
  for (const tap of taps) {
    await phone.tap(/^[[.]|^wx-/.test(tap) ? phone.top.locator(tap) : tap)
    await phone.page.waitForTimeout(250)
  }
  await phone.page.screenshot({ path: path.join(values.out, `${name}.png`) })
  try {
    await phone.settle()
  } catch (error) {
    console.log(`${name}: ${error.message}`)
    process.exitCode = 1
  }
  await context.close()
}

const wanted = SCREENS.filter(({ name }) => values.only.split(',').some((part) => name.includes(part)))
for (const screen of wanted) {
  try {
    await shoot(screen)
  } catch (error) {
    console.log(`${screen.name}: ${error.message}`)
    process.exitCode = 1
  }
}
console.log(`${wanted.length} pictures in ${values.out}`)
await closeBrowser()
await web.close()
await backend.close()
await sandbox.close()
