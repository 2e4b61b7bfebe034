/** Running campaigns and their rules. */
import type { Answer } from '../utils/page-list'
import { get } from './api'

export interface Campaign {
  id: string
  name: string
  rules: string[]
  referrer_offer: string
  friend_offer: string
  starts_at?: string | null
  ends_at: string | null
}

export async function listCampaigns(): Promise<Campaign[]> {
  const { items } = await get<Answer<Campaign>>('/campaigns')
  return items
}

export function getCampaign(id: string): Promise<Campaign> {
  return get<Campaign>(`/campaigns/${encodeURIComponent(id)}`)
}
