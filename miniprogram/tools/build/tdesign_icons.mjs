/** TDesign's icon font lies on a CDN. In the browser its icons are drawn from the package tdesign-icons-svg as masks instead. */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../node_modules/tdesign-icons-svg/src', import.meta.url))
const RULE =
  '[class*="t-icon-"]::before{content:"" !important;display:inline-block;width:1em;height:1em;background:currentColor;' +
  'mask:var(--ti) center/contain no-repeat;vertical-align:top}'

const cleaned = (svg) =>
  svg
    .replace('view-box', 'viewBox')
    .replace(/ (class|width|height)="[^"]*"/g, '')
    .replace(/currentColor/g, '#000')

/** One style sheet with every icon of TDesign. */
export function tdesignIconCss(folder = FOLDER) {
  const icons = fs.readdirSync(folder).filter((file) => file.endsWith('.svg'))
  const rules = icons.map((file) => {
    const svg = cleaned(fs.readFileSync(path.join(folder, file), 'utf8'))
    return `[class~="t-icon-${file.slice(0, -'.svg'.length)}"]::before{--ti:url("data:image/svg+xml,${encodeURIComponent(svg)}")}`
  })
  return [RULE, ...rules].join('\n')
}
