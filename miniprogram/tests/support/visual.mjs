/** Compares a screen with its kept picture as an eye would: anti-aliasing is forgiven, a moved or recoloured thing is not. */
import fs from 'node:fs'
import path from 'node:path'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { HOME } from './server.mjs'

const KEPT = path.join(HOME, 'tests/pictures')
const FOUND = path.join(HOME, '.shots/differences')
/** pixelmatch's own scale from 0 (exact) to 1, in YIQ colour distance. */
const COLOUR_TOLERANCE = 0.1
/** Share of the pixels that may differ: a blinking cursor, a shade of a shadow. */
export const PIXEL_TOLERANCE = 0.002

const isRenewing = process.env.RENEW_PICTURES === '1'

/**
 * Answers what differs, or undefined when nothing worth a word does.
 *
 * The kept pictures lie in tests/pictures (made with `RENEW_PICTURES=1`); where one differs, the new one and the marked difference are written to
 * `.shots/differences`.
 */
export async function difference(phone, name) {
  const shot = await phone.page.screenshot({ scale: 'css', animations: 'disabled', caret: 'hide' })
  const file = path.join(KEPT, `${name}.png`)
  if (isRenewing) {
    fs.mkdirSync(KEPT, { recursive: true })
    fs.writeFileSync(file, shot)
    return undefined
  }
  if (!fs.existsSync(file)) return `${name}: there is no kept picture`
  const [kept, found] = [PNG.sync.read(fs.readFileSync(file)), PNG.sync.read(shot)]
  const { width, height } = kept
  if (found.width !== width || found.height !== height) return `${name}: ${found.width}×${found.height} instead of ${width}×${height}`
  const marks = new PNG({ width, height })
  const count = pixelmatch(kept.data, found.data, marks.data, width, height, { threshold: COLOUR_TOLERANCE })
  const share = count / (width * height)
  if (share <= PIXEL_TOLERANCE) return undefined
  fs.mkdirSync(FOUND, { recursive: true })
  fs.writeFileSync(path.join(FOUND, `${name}.png`), shot)
  fs.writeFileSync(path.join(FOUND, `${name}-marked.png`), PNG.sync.write(marks))
  return `${name}: ${(share * 100).toFixed(2)} % of the pixels differ (${(PIXEL_TOLERANCE * 100).toFixed(1)} % may)`
}
