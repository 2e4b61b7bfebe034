/** Calls in the name of the person: token, one silent renewal, and keys for writes. */
import { ApiError, errorOf, settled } from './api-error'
import { type Request, send, upload } from './http'
import { beginIntent, endIntent } from './intents'
import { renew, token } from './session'

const BASE = '/api/v1'

async function asMe<T>(use: (token: string) => Promise<T>): Promise<T> {
  const first = await token()
  try {
    return await use(first)
  } catch (raw) {
    if (errorOf(raw).status !== 401) throw raw
    return use(await renew())
  }
}

/** Read as the person. */
export function get<T>(path: string, options: Pick<Request, 'timeout' | 'asText'> = {}): Promise<T> {
  return asMe((mine) => send<T>({ path: BASE + path, token: mine, ...options }))
}

/** Read what needs no person. */
export function getOpen<T>(path: string): Promise<T> {
  return send<T>({ path: BASE + path })
}

/** Read one page of a list. */
export function getPage<T>(path: string, cursor: string | null, limit = 20): Promise<T> {
  const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
  return get<T>(`${path}?limit=${limit}${after}`)
}

interface Write {
  method?: 'POST' | 'DELETE'
  data?: Record<string, unknown>
  timeout?: number
}

/** Write as the person; the act keeps its key until the server has answered. */
export async function write<T>(path: string, { method = 'POST', data, timeout }: Write = {}): Promise<T> {
  const action = `${method} ${path}`
  const key = beginIntent(action, data)
  try {
    const answer = await asMe((mine) => send<T>({ method, path: BASE + path, token: mine, key, ...(data ? { data } : {}), ...(timeout ? { timeout } : {}) }))
    endIntent(action)
    return answer
  } catch (raw) {
    const error = errorOf(raw)
    if (settled(error)) endIntent(action)
    throw error
  }
}

/** Send a file as the person. */
export function writeFile<T>(path: string, filePath: string): Promise<T> {
  const key = beginIntent(`FILE ${path}`, filePath)
  return asMe((mine) => upload<T>(BASE + path, filePath, mine, key)).finally(() => endIntent(`FILE ${path}`))
}

/** Whether an error carries one of these codes. */
export function isCode(raw: unknown, ...codes: string[]): boolean {
  return raw instanceof ApiError && codes.includes(raw.code)
}
