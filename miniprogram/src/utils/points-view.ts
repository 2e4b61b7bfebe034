/** A line of the statement as the screen shows it. */
import type { PointsEntry } from '../services/points'
import { points as t } from '../texts/points'
import { formatChange } from './money'
import { fill } from './text'
import { formatDate, formatTime } from './time'

export interface EntryRow {
  id: string
  title: string
  source: string
  at: string
  change: string
  plus: boolean
  note: string
}

function noteOf({ state, available_at: at }: PointsEntry): string {
  if (state === 'pending') return at ? fill(t.states.pending, { date: formatDate(at) }) : t.states.pendingNoDate
  if (state === 'expired') return t.states.expired
  return state === 'reversed' ? t.states.reversed : ''
}

export function entryOf(entry: PointsEntry): EntryRow {
  return {
    id: entry.id,
    title: entry.title ?? entry.source,
    source: entry.title ? entry.source : '',
    at: formatTime(entry.at),
    change: formatChange(entry.points),
    plus: entry.points > 0,
    note: noteOf(entry),
  }
}
