/** The screens look as they were last approved; `RENEW_PICTURES=1 npm run screens` keeps new pictures, to be looked at before they are committed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { closeBrowser } from '../support/browser.mjs'
import { openStage } from '../support/stage.mjs'
import { difference } from '../support/visual.mjs'
import { SCREENS } from './catalogue.mjs'
import { capabilities, world } from './world.mjs'

/** The five screens people see most in every look, the others of the story once. */
const EVERY_LOOK = ['home-ready', 'landing-ready', 'poster-ready', 'coupons-ready', 'code-ready']
const ONCE = ['referrals-ready', 'mine-ready', 'points-ready', 'inbox-ready', 'redeem-ready', 'redeem-done']
const LOOKS = { '': {}, '-dark': { dark: true }, '-small': { small: true }, '-large-text': { largeText: true } }

let stage

before(async () => {
  stage = await openStage(({ changes }) => world(changes), capabilities.subscription_templates)
})

after(async () => {
  await closeBrowser()
  await stage.close()
})

const wanted = (name) => (EVERY_LOOK.includes(name) ? Object.entries(LOOKS) : ONCE.includes(name) ? [['', {}]] : [])

for (const screen of SCREENS) {
  for (const [look, looks] of wanted(screen.name)) {
    test(`${screen.name}${look} looks as approved`, async () => {
      const phone = await stage.show(screen, looks)

      assert.equal(await difference(phone, screen.name + look), undefined)
      await phone.settle()
      await phone.close()
    })
  }
}
