/** The person as the screens show them. */
import type { Me } from '../services/storefront'
import { mine } from '../texts/mine'
import { formatCount } from './money'
import { fill } from './text'

export interface MeView {
  nickname: string
  avatar: string
  tier: string
  points: string
  code: string
  unread: string
  isStaff: boolean
}

export function meOf(me: Me): MeView {
  return {
    nickname: me.nickname ?? '',
    avatar: me.avatar_url ?? '',
    tier: typeof me.tier === 'string' ? me.tier : (me.tier?.name ?? ''),
    points: formatCount(me.points_available),
    code: me.referral_code,
    unread: me.inbox_unread ? fill(mine.unread, { count: me.inbox_unread }) : '',
    isStaff: Boolean(me.staff) || me.role !== 'customer',
  }
}
