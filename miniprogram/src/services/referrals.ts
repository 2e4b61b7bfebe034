/** Sharing, arriving by a share, claiming, and what came of it. */
import type { Answer } from '../utils/page-list'
import type { Channel } from '../utils/scene'
import { get, getPage, write } from './api'
import type { Campaign } from './campaigns'
import type { Coupon } from './coupons'

export interface Touch {
  referrer: { display_name: string; avatar_url: string | null }
  campaign: Campaign | null
  friend_offer: string
  friend_coupon?: { title: string; kind: string; discount_fen?: number | null; percent_off?: number | null; threshold_fen: number; valid_days?: number | null } | null
  claimable: boolean
  reason?: { code: string; message: string } | null
}

export interface ReferralReward {
  kind: string
  title: string
  state: string
  available_at?: string | null
}

export interface Referral {
  id: string
  friend_display_name: string
  friend_avatar_url?: string | null
  state: string
  created_at?: string
  timeline: { at: string; event: string; message: string }[]
  reasons: ({ code?: string; message: string } | string)[]
  rewards: ReferralReward[]
}

export interface ReferralSummary {
  counts: Record<string, number>
  next_milestone: { target: number; current: number; reward: string } | null
  contribution?: number | null
  earned?: { points: number; coupons: number }
}

export const touch = (code: string, channel: Channel): Promise<Touch> => write('/touches', { data: { referral_code: code, channel } })

export const claim = (code: string): Promise<{ referral: { id: string; state: string }; coupons: Coupon[] }> =>
  write('/claims', { data: { referral_code: code } })

/** Note that a share was made; sharing itself never waits for it. */
export const share = (campaignId: string, channel: 'friend' | 'poster' | 'link'): Promise<{ referral_code: string; path: string; url: string }> =>
  write('/shares', { data: { campaign_id: campaignId, channel } })

export const listReferrals = (cursor: string | null): Promise<Answer<Referral>> => getPage('/me/referrals', cursor)

export const referralSummary = (): Promise<ReferralSummary> => get('/me/referrals/summary')
