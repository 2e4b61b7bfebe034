/** What may go wrong with a call, and what to do about it. */
import { failures } from '../texts/common'

/** The one error that calls reject with; `message` is a sentence for people. `status` is 0 when no answer came. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(message)
    // DevTools compiles classes to ES5, where a subclass of Error would lose its own type.
    Object.setPrototypeOf(this, ApiError.prototype)
    this.name = 'ApiError'
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; details?: Record<string, unknown> }
}

/** An answer other than 2xx. */
export function refusal(status: number, body: unknown, header: Record<string, string>): ApiError {
  const error = (typeof body === 'object' && body !== null ? (body as ErrorBody).error : undefined) ?? {}
  const after = Number(Object.entries(header).find(([name]) => name.toLowerCase() === 'retry-after')?.[1])
  const server = status >= 500
  return new ApiError(
    error.code ?? (server ? 'server' : 'unknown'),
    server ? failures.server : (error.message ?? failures.unknown),
    status,
    error.details ?? {},
    Number.isFinite(after) ? after : null,
  )
}

/** No answer: the net is gone, or too slow. `errMsg` is WeChat's. */
export function failureOf(errMsg: string): ApiError {
  const slow = /time\s?out|timed out|abort/i.test(errMsg)
  return slow ? new ApiError('timeout', failures.timeout, 0) : new ApiError('offline', failures.offline, 0)
}

/** Anything thrown, as an ApiError. */
export function errorOf(raw: unknown): ApiError {
  return raw instanceof ApiError ? raw : new ApiError('unknown', failures.unknown, 0)
}

const GATEWAY = [502, 503, 504]

/** Milliseconds to wait before trying again, or null to give up. `attempt` counts from 0. */
export function retryDelay(error: ApiError, attempt: number, method: string, keyed: boolean): number | null {
  const unheard = error.status === 0 || GATEWAY.includes(error.status)
  if (method === 'GET') return attempt === 0 && (unheard || error.status === 500) ? 300 : null
  if (!keyed || attempt >= 2) return null
  if (error.code === 'in_progress') return Math.min(error.retryAfter ?? 1, 3) * 1000
  return unheard ? 400 * (attempt + 1) : null
}

/** A write that got an answer is settled; one without may still have happened. */
export function settled(error: ApiError): boolean {
  return error.status > 0 && !GATEWAY.includes(error.status) && error.code !== 'in_progress' && error.status < 500
}
