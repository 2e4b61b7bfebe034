/** The shop's colour made readable: every pair that carries text keeps a contrast of at least 4.5. */

export type Rgb = [number, number, number]

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
const READABLE = 4.5
/** What a filled shape needs to stand out from its ground. */
const VISIBLE = 2.6

/** Read `#rgb` or `#rrggbb`; null when it is neither. */
export function readColor(text: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text)
  const hex = short ? `${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}` : /^#([0-9a-f]{6})$/i.exec(text)?.[1]
  if (!hex) return null
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb
}

export function hex(color: Rgb): string {
  return `#${color.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`
}

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((c) => {
    const s = c / 255
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of WCAG 2, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [0, 1, 2].map((i) => (a[i] as number) * (1 - share) + (b[i] as number) * share) as Rgb
}

/** Move `color` toward `pole` until its contrast to every one of `grounds` is at least `least`. */
export function readableOn(color: Rgb, grounds: Rgb[], pole: Rgb, least = READABLE): Rgb {
  for (let share = 0; share <= 1; share += 0.04) {
    const tried = mix(color, pole, share)
    if (grounds.every((ground) => contrast(tried, ground) >= least)) return tried
  }
  return pole
}

const PAPER: Rgb = [246, 241, 231]
const SHEET: Rgb = [255, 253, 248]
const NIGHT_PAPER: Rgb = [24, 20, 17]
const NIGHT_SHEET: Rgb = [35, 30, 26]

function vars(mode: 'l' | 'd', fill: Rgb, grounds: Rgb[], base: Rgb): string {
  const pole = mode === 'l' ? BLACK : WHITE
  const soft = mix(base, fill, mode === 'l' ? 0.14 : 0.18)
  const on = contrast(fill, WHITE) >= READABLE ? WHITE : readableOn(fill, [fill], contrast(fill, BLACK) >= READABLE ? BLACK : WHITE)
  const text = readableOn(fill, [...grounds, soft], pole)
  return `--brand-${mode}:${hex(fill)};--on-brand-${mode}:${hex(on)};--brand-text-${mode}:${hex(text)};--brand-soft-${mode}:${hex(soft)};`
}

/** Style declarations for a screen from the shop's colour; empty when the colour cannot be read. */
export function brandStyle(color: string): string {
  const brand = readColor(color)
  if (!brand) return ''
  // A fill that is nearly the paper's colour would be no button at all.
  const day = contrast(brand, SHEET) >= 1.6 ? brand : mix(brand, BLACK, 0.35)
  const night = contrast(brand, NIGHT_SHEET) >= VISIBLE ? brand : readableOn(brand, [NIGHT_SHEET], WHITE, 3)
  return vars('l', day, [PAPER, SHEET], SHEET) + vars('d', night, [NIGHT_PAPER, NIGHT_SHEET], NIGHT_SHEET)
}
