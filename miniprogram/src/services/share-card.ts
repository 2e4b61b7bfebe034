/** The 5:4 picture on the card that a friend taps; drawn ahead, because sharing itself must not wait. */
import { ownCode } from './session'
import { listTemplates, makePoster, type PosterTemplate } from './posters'
import { currentShop, offers } from './storefront'
import { share } from './referrals'
import type { Campaign } from './campaigns'
import { home } from '../texts/home'
import { routes, withQuery } from '../utils/routes'
import { fill } from '../utils/text'

const PACKAGED = '/images/share.jpg'
const RATIO = 1.25

const drawn = new Map<string, string>()

/** Whether a template is a share card: its first size is 5:4. */
export function isShareCard({ sizes }: PosterTemplate): boolean {
  const first = sizes[0]
  return first !== undefined && Math.abs(first.width / first.height - RATIO) < 0.01
}

/** Whether a template is a poster to hold in the hand. */
export function isPoster({ sizes }: PosterTemplate): boolean {
  const first = sizes[0]
  return first !== undefined && first.height > first.width
}

/** Have the card drawn; without one the packaged picture serves, so nothing is reported. */
export async function prepareCard(campaignId: string): Promise<void> {
  if (drawn.has(campaignId) || !offers('posters')) return
  try {
    const card = (await listTemplates()).find(isShareCard)
    if (card) drawn.set(campaignId, (await makePoster(campaignId, card.name, false)).image_url)
  } catch {
    // The packaged picture is good enough.
  }
}

export interface Card {
  title: string
  path: string
  imageUrl: string
}

/** The card of `campaign`; without one, of the shop. */
export function cardOf(campaign: Campaign | null): Card {
  const name = currentShop().brand?.name ?? ''
  const code = ownCode()
  return {
    title: campaign ? fill(home.shareTitle, { shop: name, offer: campaign.friend_offer }) : fill(home.shareTitlePlain, { shop: name }),
    path: code === null ? routes.home : withQuery(routes.landing, { c: code }),
    imageUrl: (campaign && drawn.get(campaign.id)) || PACKAGED,
  }
}

/** Note the share; a failure changes nothing for the person. */
export function noteShare(campaign: Campaign | null, channel: 'friend' | 'poster' | 'link'): void {
  if (campaign) share(campaign.id, channel).catch(() => undefined)
}
