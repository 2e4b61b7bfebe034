/** What people with weak eyes, a screen reader or a big thumb need: names, roles and contrast by axe-core, tap targets by measuring. */
import { createRequire } from 'node:module'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** Rules about a whole web page; the phone around the mini-program is WeChat's. */
const NOT_OURS =
  'region landmark-one-main page-has-heading-one document-title html-has-lang meta-viewport bypass scrollable-region-focusable'.split(' ')
/** What is heard begins with what is seen, also for those who speak to their phone; axe asks for it only when told to. */
const RULES = {
  ...Object.fromEntries(NOT_OURS.map((name) => [name, { enabled: false }])),
  'label-content-name-mismatch': { enabled: true },
}
/** Apple's and WeChat's least size of what a finger hits, in CSS pixels. */
export const TAP_TARGET_PX = 44

/** Findings of axe on the page in front: `rule: sentence — element`. Contrast below 4.5 (3 for large text) is among them. */
export async function axeFindings(phone) {
  await phone.page.addScriptTag({ path: AXE })
  return phone.mp(async (rules) => {
    const { violations } = await window.axe.run({ include: [['.mp-view.on']] }, { rules, resultTypes: ['violations'] })
    const words = ({ any, all, none }) => [...any, ...all, ...none].map(({ message }) => message).join('; ')
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${words(node)} — ${node.html.slice(0, 160)}`))
  }, RULES)
}

/**
 * Things to tap that are smaller than 44 × 44: each is probed around its middle, so that a larger invisible area counts, and so does a larger
 * thing around it that is tapped as well.
 */
export function smallTapTargets(phone) {
  return phone.mp((least) => {
    const wanted = '[data-mp-tap],wx-button,wx-navigator,wx-switch,wx-checkbox,wx-radio,wx-input,wx-textarea,wx-picker,wx-slider'
    const reach = least / 2 - 1
    const isBig = ({ width, height }) => width >= least - 0.5 && height >= least - 0.5
    const findings = []
    for (const element of document.querySelectorAll(`.mp-view.on :is(${wanted})`)) {
      const box = element.getBoundingClientRect()
      const style = getComputedStyle(element)
      if (box.width === 0 || box.height === 0 || style.visibility === 'hidden' || style.pointerEvents === 'none' || isBig(box)) continue
      const around = element.parentElement.closest(wanted)
      if (around && isBig(around.getBoundingClientRect())) continue
      element.scrollIntoView({ block: 'center' })
      const now = element.getBoundingClientRect()
      const [x, y] = [now.left + now.width / 2, now.top + now.height / 2]
      const points = [
        [x - reach, y],
        [x + reach, y],
        [x, y - reach],
        [x, y + reach],
      ]
      const isHit = ([px, py]) => element.contains(document.elementFromPoint(px, py)) || px < 0 || px > innerWidth
      if (!points.every(isHit))
        findings.push(`${Math.round(box.width)}×${Math.round(box.height)} ${element.className} “${element.innerText.trim().slice(0, 20)}”`)
    }
    return findings
  }, TAP_TARGET_PX)
}

/** Text that is cut off although it should not be: wider or taller than its box, with no ellipsis that says so. */
export function cutText(phone) {
  return phone.mp(() => {
    const findings = []
    for (const element of document.querySelectorAll('.mp-view.on wx-text, .mp-view.on wx-view, .mp-view.on wx-button')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      const style = getComputedStyle(element)
      if (!hasText || style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') continue
      const isCut =
        style.overflowX !== 'visible' && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
      const { right, left } = element.getBoundingClientRect()
      const isOut = right > innerWidth + 1 && left < innerWidth && !element.closest('wx-scroll-view, wx-swiper')
      if (isCut || isOut) findings.push(`“${element.innerText.trim().slice(0, 30)}”`)
    }
    return findings
  })
}
