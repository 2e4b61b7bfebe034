/** The clerk's figures and refusals as the screens show them. */
import type { Today, TodayLine } from '../services/staff'
import { staff as t } from '../texts/staff'
import { formatFen } from './money'
import { fill, saidName } from './text'
import { formatClock } from './time'

export interface DeskRow {
  id: string
  key: string
  title: string
  sub: string
  amount: string
  discount: string
  undoable: boolean
  undone: boolean
  customer: string
}

export interface DeskView {
  visits: string
  takings: string
  redemptions: string
  discount: string
  rows: DeskRow[]
}

function lineOf(line: TodayLine): DeskRow {
  return {
    id: line.id,
    key: `${line.kind}:${line.id}`,
    title: line.kind === 'redemption' ? fill(t.redeemed, { title: line.title ?? '' }) : t.visited,
    sub: `${formatClock(line.at)} · ${saidName(line.customer) || t.someCustomer}`,
    amount: formatFen(line.amount_fen),
    discount: line.discount_fen ? formatFen(-line.discount_fen) : '',
    undoable: line.kind === 'redemption' && line.undoable && !line.undone,
    undone: line.undone,
    customer: saidName(line.customer) || t.someCustomer,
  }
}

export function deskOf({ visits, redemptions, recent }: Today): DeskView {
  return {
    visits: fill(t.times, { count: visits.count }),
    takings: formatFen(visits.amount_fen),
    redemptions: fill(t.times, { count: redemptions.count }),
    discount: formatFen(redemptions.discount_fen),
    rows: (recent ?? []).map(lineOf),
  }
}

const REFUSALS: Record<string, { title: string; body: string }> = t.refused

/** The words for a refusal at the counter; the server's own sentence where it says more than we do. */
export function refusalOf(code: string, message: string): { title: string; body: string } {
  return REFUSALS[code] ?? { title: t.refused.other.title, body: message || t.refused.other.body }
}
