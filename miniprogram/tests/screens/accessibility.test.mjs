/** Every screen can be read, heard and hit: names, roles and contrast by axe, tap targets of 44 px, no text that is cut off. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeFindings, cutText, smallTapTargets } from '../support/accessibility.mjs'
import { closeBrowser } from '../support/browser.mjs'
import { openStage } from '../support/stage.mjs'
import { SCREENS } from './catalogue.mjs'
import { capabilities, world } from './world.mjs'

let stage

before(async () => {
  stage = await openStage(({ changes }) => world(changes), capabilities.subscription_templates)
})

after(async () => {
  await closeBrowser()
  await stage.close()
})

for (const screen of SCREENS) {
  test(`${screen.name} can be read, heard and hit`, async () => {
    const phone = await stage.show(screen)

    const findings = { axe: await axeFindings(phone), tapTargets: await smallTapTargets(phone), cutText: await cutText(phone) }

    assert.deepEqual(findings, { axe: [], tapTargets: [], cutText: [] })
    await phone.settle()
    await phone.close()
  })
}

/** The screens people see most, in the looks that break first. */
const MOST_USED = ['home-ready', 'landing-ready', 'poster-ready', 'coupons-ready', 'code-ready']
const LOOKS = { dark: { dark: true }, 'at 320 × 568': { small: true }, 'with large text': { largeText: true } }

for (const [look, looks] of Object.entries(LOOKS)) {
  for (const screen of SCREENS.filter(({ name }) => MOST_USED.includes(name))) {
    test(`${screen.name} ${look} can be read, heard and hit`, async () => {
      const phone = await stage.show(screen, looks)

      const findings = { axe: await axeFindings(phone), tapTargets: await smallTapTargets(phone), cutText: await cutText(phone) }

      assert.deepEqual(findings, { axe: [], tapTargets: [], cutText: [] })
      await phone.settle()
      await phone.close()
    })
  }
}
