/** The app is light: the first useful screen needs two answers of the server, and no screen hands more than 30 KB to the drawing at once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { closeBrowser } from '../support/browser.mjs'
import { openStage } from '../support/stage.mjs'
import { SCREENS } from './catalogue.mjs'
import { campaign, capabilities, world } from './world.mjs'

const ANSWERS_ALLOWED = 2
const FIRST_SCREENS = { 'home-ready': campaign.name, 'landing-ready': '领取' }
const SET_DATA_LIMIT_BYTES = 30 * 1024

let stage
let answered = 0
let allowed = Infinity

/** The world, silent after as many answers of the API as are allowed. */
const sparing = ({ changes }) => {
  const answer = world(changes)
  return (asked) => {
    if (asked.url.startsWith('/api/v1') && ++answered > allowed) return new Promise(() => {})
    return answer(asked)
  }
}

before(async () => {
  stage = await openStage(sparing, capabilities.subscription_templates)
})

after(async () => {
  await closeBrowser()
  await stage.close()
})

for (const [name, sentence] of Object.entries(FIRST_SCREENS)) {
  test(`${name} is useful after ${ANSWERS_ALLOWED} answers`, async () => {
    answered = 0
    allowed = ANSWERS_ALLOWED

    const phone = await stage.open(SCREENS.find((screen) => screen.name === name))

    await phone.top.getByText(sentence).first().waitFor()
    await phone.close()
    allowed = Infinity
  })
}

for (const screen of SCREENS.filter(({ name }) => name.endsWith('-ready'))) {
  test(`${screen.name} is drawn in small portions`, async () => {
    const phone = await stage.show(screen)

    const { bytes, where } = await phone.mp(() => window.__mp.setDataStats.largest)

    assert.ok(bytes > 0 && bytes <= SET_DATA_LIMIT_BYTES, `${bytes} bytes: ${where}`)
    await phone.close()
  })
}
