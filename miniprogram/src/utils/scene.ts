/** How a person came in: which referral code, by which way. */

const CODE = /^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}$/

export type Channel = 'friend' | 'poster' | 'link' | 'typed'

export interface Entry {
  code: string | null
  channel: Channel
}

/** Read a code as people type it: any case, blanks and hyphens between. Null when it is none. */
export function readCode(typed: string): string | null {
  const code = typed.replace(/[\s\-·]/g, '').toUpperCase()
  return CODE.test(code) ? code : null
}

/** Find the code in a plain link `{link_base}/r/{code}`. */
export function codeInLink(link: string): string | null {
  const match = /\/r\/([^/?#\s]+)/.exec(link)
  return match?.[1] === undefined ? null : readCode(match[1])
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Read the query of the landing page: `scene` of a mini-program code, `q` of a plain link, `c` of a share card. */
export function readEntry(query: Record<string, string | undefined>): Entry {
  if (query['c'] !== undefined) return { code: readCode(decoded(query['c'])), channel: query['typed'] === '1' ? 'typed' : 'friend' }
  if (query['scene'] !== undefined) return { code: readCode(decoded(query['scene'])), channel: 'poster' }
  if (query['q'] !== undefined) return { code: codeInLink(decoded(decoded(query['q']))), channel: 'poster' }
  return { code: null, channel: 'typed' }
}

export type Scanned = { kind: 'coupon' | 'customer' | 'unknown'; token: string } | { kind: 'poster' | 'other' | 'blank' }

/** Say what a clerk's camera saw. Codes of a later kind are left to the server (`unknown`). */
export function readScan(result: string): Scanned {
  const text = result.trim()
  if (text === '') return { kind: 'blank' }
  if (codeInLink(text) !== null || readCode(text) !== null) return { kind: 'poster' }
  if (/^YJC/.test(text)) return { kind: 'coupon', token: text }
  if (/^YJM/.test(text)) return { kind: 'customer', token: text }
  if (/^[\w.~=+-]{16,128}$/.test(text)) return { kind: 'unknown', token: text }
  return { kind: 'other' }
}
