/** A campaign as the screens show it. */
import type { Campaign } from '../services/campaigns'
import { home } from '../texts/home'
import { fill } from './text'
import { formatDate, isWithinAYear } from './time'

export interface CampaignView {
  id: string
  name: string
  friendOffer: string
  referrerOffer: string
  until: string
}

export function campaignOf(campaign: Campaign): CampaignView {
  return {
    id: campaign.id,
    name: campaign.name,
    friendOffer: campaign.friend_offer,
    referrerOffer: campaign.referrer_offer,
    until: isWithinAYear(campaign.ends_at) ? fill(home.until, { date: formatDate(campaign.ends_at) }) : home.noEnd,
  }
}
