/** Asking in WeChat's own dialog to be told; must be called straight from a tap. */
import { reportConsent } from './messaging'
import { currentShop } from './storefront'

export type Asked = { kind: 'accepted'; remaining: number } | { kind: 'refused' } | { kind: 'switched_off' }

const MAIN_SWITCH_OFF = 20004
const RESULTS = ['accept', 'reject', 'ban', 'filter']

/** Template ids that the server can write with; the dialog takes up to five, three are asked. */
export function askable(): string[] {
  return (currentShop().capabilities?.subscription_templates ?? []).slice(0, 3).map(({ template_id: id }) => id)
}

/** Show the dialog and tell the server what was chosen. Rejects with ApiError when the server could not be told. */
export async function askToTell(): Promise<Asked> {
  let answer: Record<string, unknown>
  try {
    answer = (await wx.requestSubscribeMessage({ tmplIds: askable() })) as unknown as Record<string, unknown>
  } catch (raw) {
    return { kind: (raw as { errCode?: number }).errCode === MAIN_SWITCH_OFF ? 'switched_off' : 'refused' }
  }
  const chosen = Object.entries(answer).filter((pair): pair is [string, string] => askable().includes(pair[0]) && RESULTS.includes(String(pair[1])))
  const { remaining } = await reportConsent(Object.fromEntries(chosen))
  if (!chosen.some(([, result]) => result === 'accept')) return { kind: 'refused' }
  return { kind: 'accepted', remaining: Object.values(remaining).reduce((sum, left) => sum + left, 0) }
}
