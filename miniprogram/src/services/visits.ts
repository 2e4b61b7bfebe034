/** The person's visits and reviews. */
import type { Answer } from '../utils/page-list'
import { getPage, write } from './api'

export interface Visit {
  id: string
  store: { id: string; name: string }
  amount_fen: number
  number: number
  at: string
  reviewable: boolean
  review?: { rating: number; text?: string | null } | null
}

export const listVisits = (cursor: string | null): Promise<Answer<Visit>> => getPage('/me/visits', cursor)

/** Find one visit in the list: it has no address of its own. Looks through the newest 100. */
export async function findVisit(id: string): Promise<Visit | null> {
  let cursor: string | null = null
  for (let page = 0; page < 2; page += 1) {
    const answer: Answer<Visit> = await getPage('/me/visits', cursor, 50)
    const found = answer.items.find((visit) => visit.id === id)
    if (found || answer.next_cursor === null) return found ?? null
    cursor = answer.next_cursor
  }
  return null
}

export interface ReviewDraft {
  visit_id: string
  rating: number
  text?: string
  tags?: string[]
  share_with_referrer: boolean
}

export const sendReview = (draft: ReviewDraft): Promise<{ id: string; state: string }> => write('/reviews', { data: { ...draft } })
