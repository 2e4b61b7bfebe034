/** Who this phone is to the backend: one login, kept in storage, renewed silently. */
import { failures } from '../texts/common'
import { instant } from '../utils/time'
import { ApiError } from './api-error'
import { send } from './http'
import type { Brand, Capabilities, Me } from './storefront'

export interface SessionAnswer {
  token: string
  expires_at: string
  customer: { id: string; nickname: string | null; referral_code: string }
  is_new: boolean
  brand?: Brand
  capabilities?: Capabilities
  me?: Me
}

interface Kept {
  token: string
  expiresAt: string
  referralCode: string
}

const STORE = 'session'
const EARLY_MS = 60_000

let kept: Kept | null | undefined
let running: Promise<string> | null = null
const hearers: ((answer: SessionAnswer) => void)[] = []

function recall(): Kept | null {
  if (kept === undefined) kept = (wx.getStorageSync(STORE) || null) as Kept | null
  return kept
}

/** Call `hear` after each login. */
export function onLogin(hear: (answer: SessionAnswer) => void): void {
  hearers.push(hear)
}

/** The own referral code, known after the first login. */
export function ownCode(): string | null {
  return recall()?.referralCode ?? null
}

async function login(referralCode?: string): Promise<string> {
  const { code } = await wx.login().catch(() => {
    throw new ApiError('sign_in', failures.signIn, 0)
  })
  // No key: WeChat takes a code once, so a second try needs a second wx.login.
  const answer = await send<SessionAnswer>({
    method: 'POST',
    path: '/api/v1/sessions',
    data: { code, ...(referralCode ? { referral_code: referralCode } : {}) },
  })
  kept = { token: answer.token, expiresAt: answer.expires_at, referralCode: answer.customer.referral_code }
  wx.setStorageSync(STORE, kept)
  hearers.forEach((hear) => hear(answer))
  return answer.token
}

/** Answer a token, logging in when there is none. Callers at the same time share one login. */
export async function token(referralCode?: string): Promise<string> {
  const now = recall()
  if (now && instant(now.expiresAt) - Date.now() > EARLY_MS) return now.token
  return renew(referralCode)
}

/** Log in again: the token was refused. */
export function renew(referralCode?: string): Promise<string> {
  running ??= login(referralCode).finally(() => { running = null })
  return running
}

/** Forget who this was, after the person erased their data. */
export function forget(): void {
  kept = null
  wx.removeStorageSync(STORE)
}
