/** A visit as the screens show it. */
import type { Visit } from '../services/visits'
import { visits as t } from '../texts/visits'
import { formatFen } from './money'
import { fill } from './text'
import { formatTime } from './time'

export interface VisitRow {
  id: string
  nth: string
  store: string
  at: string
  amount: string
  reviewable: boolean
  reviewed: string
}

export function visitOf(visit: Visit): VisitRow {
  return {
    id: visit.id,
    nth: fill(t.nth, { number: visit.number }),
    store: visit.store.name,
    at: formatTime(visit.at),
    amount: formatFen(visit.amount_fen),
    reviewable: visit.reviewable && !visit.review,
    reviewed: visit.review ? fill(t.reviewed, { rating: visit.review.rating }) : '',
  }
}
