/** Money: integers of fen in, text out; nothing here adds, splits or rounds an amount. */

/** The largest amount that the screens accept and show, in fen. */
export const MAX_FEN = 9_999_999_999

/** As wide as a plus, and read aloud; a hyphen is neither. */
const MINUS = '\u2212'

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

function parts(fen: number): { sign: string; yuan: string; cents: string } {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return { sign: fen < 0 ? MINUS : '', yuan: grouped(digits.slice(0, -2)), cents: digits.slice(-2) }
}

/** `1234567` → `¥12,345.67`: always two decimals, for bills. */
export function formatFen(fen: number): string {
  const { sign, yuan, cents } = parts(fen)
  return `${sign}¥${yuan}.${cents}`
}

/** `2000` → `20`, `2050` → `20.50`: no sign of currency, decimals only where there are some, for tickets. */
export function bareYuan(fen: number): string {
  const { sign, yuan, cents } = parts(fen)
  return `${sign}${yuan}${cents === '00' ? '' : `.${cents}`}`
}

/** `2000` → `¥20`, for sentences. */
export function shortFen(fen: number): string {
  const text = bareYuan(fen)
  return text.startsWith(MINUS) ? `${MINUS}¥${text.slice(1)}` : `¥${text}`
}

export type AmountProblem = 'none' | 'bad' | 'huge'

/** Read what a clerk typed, in yuan; answer fen, or what is wrong with it. */
export function parseYuan(typed: string): number | AmountProblem {
  const text = typed.trim().replace(/[,，¥￥\s]/g, '').replace('。', '.')
  if (text === '') return 'none'
  const match = /^(\d+)(?:\.(\d{0,2}))?$/.exec(text) ?? /^()\.(\d{1,2})$/.exec(text)
  if (!match) return 'bad'
  const yuan = (match[1] ?? '').replace(/^0+(?=\d)/, '') || '0'
  if (yuan.length > 8) return 'huge'
  const fen = Number(yuan + (match[2] ?? '').padEnd(2, '0'))
  return fen === 0 ? 'none' : fen
}

/** Whole numbers with thousands separators: points, counts. */
export function formatCount(count: number): string {
  return `${count < 0 ? MINUS : ''}${grouped(String(Math.abs(count)))}`
}

/** `+200` or `−50`, as a statement writes a change. */
export function formatChange(points: number): string {
  return points > 0 ? `+${formatCount(points)}` : formatCount(points)
}
