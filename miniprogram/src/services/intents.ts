/** Idempotency keys: one for each tap, kept in storage until the server has answered, so that a second try of the same act is the same act. */

interface Intent {
  key: string
  body: string
  at: number
}

const STORE = 'intents'
const DAY_MS = 24 * 3600 * 1000

function newKey(): string {
  let key = ''
  while (key.length < 32) key += Math.floor(Math.random() * 16).toString(16)
  return key
}

function read(nowMs: number): Record<string, Intent> {
  const all = (wx.getStorageSync(STORE) || {}) as Record<string, Intent>
  return Object.fromEntries(Object.entries(all).filter(([, intent]) => nowMs - intent.at < DAY_MS))
}

/** Answer the key for `action`; the one already kept when the same act is still unanswered. */
export function beginIntent(action: string, body: unknown, nowMs: number = Date.now()): string {
  const intents = read(nowMs)
  const text = JSON.stringify(body ?? null)
  const earlier = intents[action]
  if (earlier?.body === text) return earlier.key
  const key = newKey()
  wx.setStorageSync(STORE, { ...intents, [action]: { key, body: text, at: nowMs } })
  return key
}

/** Forget the key: the server has answered. */
export function endIntent(action: string): void {
  const { [action]: _, ...rest } = read(Date.now())
  wx.setStorageSync(STORE, rest)
}
