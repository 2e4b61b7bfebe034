/** A coupon as a ticket shows it. */
import type { Coupon } from '../services/coupons'
import { coupons as t } from '../texts/coupons'
import { bareYuan, shortFen } from './money'
import { fill } from './text'
import { formatDate, formatTime } from './time'

export interface TicketView {
  id: string
  /** The stub: `¥` before, figure, or a word. */
  sign: string
  figure: string
  word: string
  /** Size of the figure in px: ¥99,999,999.99 must fit the stub as well as ¥5. */
  size: number
  title: string
  condition: string
  validity: string
  source: string
  state: string
  stateWord: string
  usable: boolean
}

type Face = Pick<TicketView, 'sign' | 'figure' | 'word'>

function figureSize(length: number): number {
  if (length <= 4) return 38
  if (length <= 6) return 26
  return length <= 9 ? 18 : 13
}

function face(coupon: Pick<Coupon, 'kind' | 'discount_fen' | 'percent_off'>): Face {
  if (typeof coupon.discount_fen === 'number') return { sign: '¥', figure: bareYuan(coupon.discount_fen), word: '' }
  if (typeof coupon.percent_off === 'number') return { sign: '', figure: foldOf(coupon.percent_off), word: t.fold }
  return { sign: '', figure: '', word: coupon.kind === 'free_item' ? t.free : t.gift }
}

/** 12 % off is 8.8 折, 20 % off is 8 折. */
export function foldOf(percentOff: number): string {
  const tenths = 100 - percentOff
  return tenths % 10 === 0 ? String(tenths / 10) : `${Math.floor(tenths / 10)}.${tenths % 10}`
}

function validity(coupon: Coupon): string {
  if (coupon.state === 'used' && coupon.used_at) return fill(t.usedAt, { time: formatTime(coupon.used_at) })
  if (coupon.state === 'pending') return fill(t.usableFrom, { date: formatDate(coupon.valid_from) })
  return coupon.valid_until ? fill(t.until, { date: formatDate(coupon.valid_until) }) : ''
}

const STATES: Record<string, string> = t.states

/** Where a coupon can be used, in one line. */
export function whereOf(coupon: Pick<Coupon, 'stores'>): string {
  return coupon.stores && coupon.stores.length > 0 ? fill(t.onlyStores, { stores: coupon.stores.join('、') }) : t.allStores
}

export function conditionOf(thresholdFen: number): string {
  return thresholdFen > 0 ? fill(t.threshold, { amount: shortFen(thresholdFen) }) : t.noThreshold
}

export function ticketOf(coupon: Coupon): TicketView {
  const front = face(coupon)
  return {
    id: coupon.id,
    ...front,
    size: figureSize(front.figure.length),
    title: coupon.title,
    condition: conditionOf(coupon.threshold_fen),
    validity: validity(coupon),
    source: coupon.source ?? '',
    state: coupon.state,
    stateWord: STATES[coupon.state] ?? t.states.other,
    usable: coupon.state === 'available',
  }
}

type Promised = { title: string; kind: string; discount_fen?: number | null; percent_off?: number | null; threshold_fen: number; valid_days?: number | null }

/** A coupon that is not given yet, on the landing page. */
export function promisedTicket(coupon: Promised): TicketView {
  const days = coupon.valid_days ? fill(t.days, { days: coupon.valid_days }) : ''
  return { ...ticketOf({ id: '', state: 'available', valid_from: null, valid_until: null, ...coupon }), stateWord: '', validity: days }
}
