/** Times as a phone in China shows them. */

const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000
const part = (options) => new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...options })
const CLOCK = part({ hour: '2-digit', minute: '2-digit' })
const PRECISE = part({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const MONTH_DAY = part({ month: 'long', day: 'numeric' })
const YEAR = part({ year: 'numeric', month: 'long', day: 'numeric' })
const WEEKDAY = part({ weekday: 'long' })
const ISO_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

export const clock = (date) => CLOCK.format(date)
export const clockSeconds = (date) => PRECISE.format(date)
export const longDay = (date) => `${YEAR.format(date)} ${WEEKDAY.format(date)}`

const daysApart = (date, now) => Math.round((Date.parse(ISO_DAY.format(now)) - Date.parse(ISO_DAY.format(date))) / DAY_MS)

function dayWord(date, now) {
  const days = daysApart(date, now)
  if (days === 0) return ''
  if (days === 1) return '昨天'
  if (days > 1 && days < 7) return WEEKDAY.format(date)
  return ISO_DAY.format(date).slice(0, 4) === ISO_DAY.format(now).slice(0, 4) ? MONTH_DAY.format(date) : YEAR.format(date)
}

/** As in the list of chats: the hour today, the day otherwise. */
export const brief = (date, now) => dayWord(date, now) || clock(date)

/** As between the messages of a chat. */
export const inChat = (date, now) => `${dayWord(date, now)} ${clock(date)}`.trim()

/** A span of time in words, from its two largest units. */
export function span(seconds) {
  const units = [
    [86_400, '天'],
    [3600, '小时'],
    [60, '分钟'],
    [1, '秒'],
  ]
  let left = Math.round(seconds)
  const words = []
  for (const [size, name] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) words.push(`${count} ${name}`)
  }
  return words.slice(0, 2).join(' ') || '0 秒'
}
