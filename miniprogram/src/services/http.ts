/** The only caller of the network: time-outs, one retry for reads, retries of writes under one key, clear words. */
import { baseUrl } from '../config/env'
import { failures } from '../texts/common'
import { type ApiError, errorOf, failureOf, refusal, retryDelay } from './api-error'

export interface Request {
  /** wx.request has no PATCH. */
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  data?: Record<string, unknown>
  token?: string
  /** Kept over the retries of a write; a write without one is never repeated. */
  key?: string
  /** Milliseconds; 8 s for reads and 12 s for writes unless given. */
  timeout?: number
  /** Answer the body as text, for files. */
  asText?: boolean
}

const wait = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms) })

function headers(request: Request): Record<string, string> {
  return {
    accept: 'application/json',
    ...(request.data ? { 'content-type': 'application/json' } : {}),
    ...(request.token ? { authorization: `Bearer ${request.token}` } : {}),
    ...(request.key ? { 'Idempotency-Key': request.key } : {}),
  }
}

function once<T>(request: Request): Promise<T> {
  const method = request.method ?? 'GET'
  return new Promise((resolve, reject) => {
    wx.request({
      url: baseUrl() + request.path,
      method,
      ...(request.data ? { data: request.data } : {}),
      header: headers(request),
      dataType: request.asText ? 'text' : 'json',
      responseType: 'text',
      timeout: request.timeout ?? (method === 'GET' ? 8000 : 12000),
      success: ({ statusCode, data, header }) => {
        if (statusCode >= 200 && statusCode < 300) resolve(data as T)
        else reject(refusal(statusCode, data, header as Record<string, string>))
      },
      fail: ({ errMsg }) => reject(failureOf(errMsg)),
    })
  })
}

/** Send one request. Rejects only with ApiError. */
export async function send<T>(request: Request): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once<T>(request)
    } catch (raw) {
      const error = errorOf(raw)
      const delay = retryDelay(error, attempt, request.method ?? 'GET', request.key !== undefined)
      if (delay === null) throw error
      await wait(delay)
    }
  }
}

/** Send a file of the phone as multipart field `file`. Rejects only with ApiError. */
export function upload<T>(path: string, filePath: string, token: string, key: string): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: baseUrl() + path,
      filePath,
      name: 'file',
      header: { authorization: `Bearer ${token}`, 'Idempotency-Key': key },
      timeout: 20000,
      success: ({ statusCode, data }) => {
        const body = parsed(data)
        if (statusCode >= 200 && statusCode < 300) resolve(body as T)
        else reject(refusal(statusCode, body, {}))
      },
      fail: ({ errMsg }) => reject(failureOf(errMsg)),
    })
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Fetch a picture into a file of the phone and answer its path. Rejects only with ApiError. */
export function download(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      timeout: 15000,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode === 200) resolve(tempFilePath)
        else reject(refusal(statusCode, null, {}))
      },
      fail: ({ errMsg }) => reject(failureOf(errMsg)),
    })
  })
}

/** The sentence to show for a failure of any kind. */
export function sentence(raw: unknown): string {
  const error: ApiError = errorOf(raw)
  return error.message || failures.unknown
}
