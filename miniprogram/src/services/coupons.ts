/** The person's coupons and rotating codes. */
import type { Answer } from '../utils/page-list'
import { get, getPage, write } from './api'

export interface Coupon {
  id: string
  title: string
  kind: string
  state: string
  valid_from: string | null
  valid_until: string | null
  threshold_fen: number
  discount_fen?: number | null
  percent_off?: number | null
  stores?: string[]
  terms?: string[]
  source?: string | null
  used_at?: string | null
}

export interface RotatingCode {
  token: string
  expires_at: string
  expires_in?: number
}

export const listCoupons = (cursor: string | null): Promise<Answer<Coupon>> => getPage('/me/coupons', cursor)

export const getCoupon = (id: string): Promise<Coupon> => get(`/me/coupons/${encodeURIComponent(id)}`)

/** A code lives half a minute, so every asking is an act of its own: no key is kept. */
export const couponCode = (id: string): Promise<RotatingCode> => write(`/me/coupons/${encodeURIComponent(id)}/token`)

export const memberCode = (): Promise<RotatingCode> => write('/me/token')
