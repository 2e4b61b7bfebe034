/** A referral, and how far somebody has come, as the screens show them. */
import type { Referral, ReferralReward, ReferralSummary } from '../services/referrals'
import { common } from '../texts/common'
import { home } from '../texts/home'
import { referrals as t } from '../texts/referrals'
import { formatCount } from './money'
import { fill, saidName } from './text'
import { formatDate, formatTime } from './time'

export interface ProgressView {
  count: string
  line: string
  next: string
  percent: number
  label: string
  points: string
  coupons: string
  contribution: string
}

function cameBy(counts: Record<string, number>): number {
  // A friend came when the referral went beyond the claim; a reversed one came and returned the goods.
  return ['qualified', 'pending', 'rewarded'].reduce((sum, state) => sum + (counts[state] ?? 0), 0)
}

export function progressOf({ counts, next_milestone: milestone, earned, contribution }: ReferralSummary): ProgressView {
  const came = cameBy(counts)
  const left = milestone ? milestone.target - milestone.current : 0
  const facts = milestone ? { left, reward: milestone.reward, current: milestone.current, target: milestone.target } : null
  return {
    count: formatCount(came),
    line: came > 0 ? fill(home.progress, { count: formatCount(came) }) : home.progressNone,
    next: facts ? fill(left > 0 ? t.next : t.nextDone, facts) : '',
    percent: milestone ? Math.min(100, Math.round((milestone.current / milestone.target) * 100)) : 0,
    label: facts ? fill(t.progressAlt, facts) : '',
    points: earned && earned.points > 0 ? fill(t.earnedPoints, { points: formatCount(earned.points) }) : '',
    coupons: earned && earned.coupons > 0 ? fill(t.earnedCoupons, { coupons: formatCount(earned.coupons) }) : '',
    contribution: contribution ? fill(t.contribution, { value: formatCount(contribution) }) : '',
  }
}

export interface ReferralRow {
  id: string
  name: string
  avatar: string
  state: string
  word: string
  tone: '' | 'on' | 'good' | 'gold' | 'bad'
  hint: string
  date: string
}

const WORDS: Record<string, string> = t.states
const HINTS: Record<string, string> = t.hints
const TONES: Record<string, ReferralRow['tone']> = { claimed: 'on', qualified: 'on', pending: 'gold', rewarded: 'good', rejected: 'bad', reversed: 'bad' }

/** The line of the list: small, so that a page of rows stays far below the limit of setData. */
export function rowOf(referral: Referral): ReferralRow {
  return {
    id: referral.id,
    name: saidName(referral.friend_display_name) || common.someFriend,
    avatar: referral.friend_avatar_url ?? '',
    state: referral.state,
    word: WORDS[referral.state] ?? t.states.other,
    tone: TONES[referral.state] ?? '',
    hint: HINTS[referral.state] ?? t.hints.other,
    date: formatDate(referral.created_at ?? referral.timeline[0]?.at),
  }
}

export interface ReferralStory {
  steps: { key: number; at: string; message: string }[]
  reasons: string[]
  rewards: { title: string; state: string; tone: string }[]
}

function rewardState({ state, available_at: at }: ReferralReward): string {
  const words: Record<string, string> = t.rewardStates
  if (state === 'pending') return at ? fill(t.rewardStates.pending, { date: formatDate(at) }) : t.rewardStates.pendingNoDate
  return words[state] ?? t.rewardStates.available
}

/** What unfolds below the line: every step, the reasons, the rewards. */
export function storyOf({ timeline, reasons, rewards }: Referral): ReferralStory {
  return {
    steps: timeline.map(({ at, message }, key) => ({ key, at: formatTime(at), message })),
    reasons: reasons.map((reason) => (typeof reason === 'string' ? reason : reason.message)),
    rewards: rewards.map((reward) => ({
      title: reward.title,
      state: rewardState(reward),
      tone: reward.state === 'pending' ? 'gold' : reward.state === 'reversed' || reward.state === 'expired' ? 'bad' : 'good',
    })),
  }
}
