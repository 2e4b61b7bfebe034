/**
 * Pictures of the screens: `node tests/screens/shots.mjs [--out DIR] [--only TEXT,TEXT] [--poster FILE] [--dark] [--small] [--large-text]`.
 * Each picture is checked on the way: no error, nothing asked of WeChat that the runner lacks.
 */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { closeBrowser } from '../support/browser.mjs'
import { openStage } from '../support/stage.mjs'
import { SCREENS } from './catalogue.mjs'
import { capabilities, world } from './world.mjs'

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
const looks = { dark: values.dark, small: values.small, largeText: values['large-text'], scale: 1.5 }
const picture = values.poster ? fs.readFileSync(values.poster) : undefined
const wanted = SCREENS.filter(({ name }) => values.only.split(',').some((part) => name.includes(part)))

const stage = await openStage(({ changes }) => world(changes, picture), capabilities.subscription_templates)
fs.mkdirSync(values.out, { recursive: true })
for (const screen of wanted) {
  try {
    const phone = await stage.show(screen, looks)
    await phone.page.screenshot({ path: path.join(values.out, `${screen.name}.png`) })
    await phone.settle()
    await phone.close()
  } catch (error) {
    console.log(`${screen.name}: ${error.message}`)
    process.exitCode = 1
  }
}
console.log(`${wanted.length} pictures in ${values.out}`)
await closeBrowser()
await stage.close()
