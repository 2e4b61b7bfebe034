/** Dates as people in the shop say them: China has one time zone, whatever the phone is set to. */

const CHINA_MS = 8 * 3600 * 1000

interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** Milliseconds since 1970 of an RFC 3339 time; NaN when it is no time. */
export function instant(at: string | null | undefined): number {
  // iOS reads only the plain forms: no microseconds, "T" between date and time.
  return Date.parse((at ?? '').replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1'))
}

/** Answer the wall clock in China of an RFC 3339 time, or null when it is no time. */
export function wall(at: string | null | undefined): Wall | null {
  const ms = instant(at)
  if (Number.isNaN(ms)) return null
  const d = new Date(ms + CHINA_MS)
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), hour: d.getUTCHours(), minute: d.getUTCMinutes() }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `11月22日`, with the year when it is not `nowMs`'s. */
export function formatDate(at: string | null | undefined, nowMs: number = Date.now()): string {
  const w = wall(at)
  if (!w) return ''
  const here = new Date(nowMs + CHINA_MS).getUTCFullYear()
  return `${w.year === here ? '' : `${w.year}年`}${w.month}月${w.day}日`
}

/** Whether a time is near enough to be worth saying: a date years ahead tells a customer nothing. */
export function isWithinAYear(at: string | null | undefined, nowMs: number = Date.now()): boolean {
  return instant(at) - nowMs < 366 * 24 * 3600 * 1000
}

/** `11月22日 14:05`. */
export function formatTime(at: string | null | undefined, nowMs: number = Date.now()): string {
  const w = wall(at)
  return w ? `${formatDate(at, nowMs)} ${two(w.hour)}:${two(w.minute)}` : ''
}

/** `14:05`. */
export function formatClock(at: string | null | undefined): string {
  const w = wall(at)
  return w ? `${two(w.hour)}:${two(w.minute)}` : ''
}

/** Seconds that a rotating code still lives: the server's count, else by the phone's clock, never less than 1. */
export function secondsLeft(token: { expires_in?: number; expires_at: string }, nowMs: number = Date.now()): number {
  const left = token.expires_in ?? Math.floor((instant(token.expires_at) - nowMs) / 1000)
  // A phone with a wrong clock would show a dead code or never renew it: codes change every half minute.
  return Number.isFinite(left) && left >= 1 && left <= 120 ? left : 30
}
