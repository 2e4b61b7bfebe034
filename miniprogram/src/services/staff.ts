/** What a clerk does at the counter. */
import { get, write } from './api'
import type { Coupon } from './coupons'

export interface Scan {
  kind: 'coupon' | 'customer'
  customer: { display_name: string; visits?: number }
  coupon: Coupon | null
}

export interface Redemption {
  id?: string
  coupon: Coupon
  discount_fen: number
  payable_fen?: number
  visit: { id: string; number: number }
  undo_seconds?: number
}

export interface StaffVisit {
  id: string
  number: number
  customer?: { display_name: string }
}

export interface TodayLine {
  id: string
  kind: 'redemption' | 'visit'
  at: string
  title?: string | null
  customer: string
  amount_fen: number
  discount_fen?: number | null
  undoable: boolean
  undone: boolean
}

export interface Today {
  date?: string
  store?: { id: string; name: string }
  visits: { count: number; amount_fen: number }
  redemptions: { count: number; discount_fen: number }
  recent?: TodayLine[]
}

export const join = (inviteCode: string): Promise<{ role: string; store_id: string; store_name?: string }> =>
  write('/staff/join', { data: { invite_code: inviteCode } })

export const today = (storeId: string): Promise<Today> => get(`/staff/today?store_id=${encodeURIComponent(storeId)}`)

export const scan = (token: string, storeId: string): Promise<Scan> => write('/staff/scan', { data: { token, store_id: storeId } })

export interface RedemptionDraft {
  token: string
  store_id: string
  order_amount_fen: number
  order_no?: string
}

export const redeem = (draft: RedemptionDraft): Promise<Redemption> => write('/staff/redemptions', { data: { ...draft } })

export const undo = (id: string): Promise<unknown> => write(`/staff/redemptions/${encodeURIComponent(id)}/undo`, { data: {} })

export type VisitDraft = { store_id: string; amount_fen: number; order_no: string } & ({ customer_token: string } | { phone: string })

export const recordVisit = (draft: VisitDraft): Promise<{ visit: StaffVisit }> => write('/staff/visits', { data: { ...draft } })
