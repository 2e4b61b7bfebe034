/** The person's picture, phone, consents and data. */
import type { Answer } from '../utils/page-list'
import { get, write, writeFile } from './api'

export interface Consent {
  kind: string
  version: string
  granted: boolean
  at: string
}

export const sendAvatar = (filePath: string): Promise<{ avatar_url: string }> => writeFile('/me/avatar', filePath)

export const sendPhoneCode = (code: string): Promise<{ phone_masked: string }> => write('/me/phone', { data: { code } })

export async function listConsents(): Promise<Consent[]> {
  const { items } = await get<Answer<Consent>>('/me/consents')
  return items
}

export const recordConsent = (kind: string, version: string, granted: boolean): Promise<Consent> =>
  write('/me/consents', { data: { kind, version, granted } })

export const exportMe = (): Promise<string> => get('/me/export', { asText: true, timeout: 20000 })

export const eraseMe = (): Promise<unknown> => write('/me', { method: 'DELETE' })
