/** Every screen in every state: where it is, what the shop answers, and what is tapped to get there. */
import { ANSWERS, brand, clerk, friends, me, refuse } from './world.mjs'

const EMPTY = { items: [], next_cursor: null }
export const BUSY = () => refuse(500, 'server', '')
const session = (over) => ({ ...ANSWERS['POST /sessions'](), ...over })
const touched = (code) => ({ ...ANSWERS['POST /touches'](), claimable: false, reason: { code, message: '' } })

/** The four states of one screen whose main answer is `call`. */
function four(name, path, call, { empty, query, changes = {} } = {}) {
  const screen = { path, query, changes }
  return [
    { ...screen, name: `${name}-loading`, changes: { ...changes, [call]: null } },
    { ...screen, name: `${name}-ready` },
    ...(empty === undefined ? [] : [{ ...screen, name: `${name}-empty`, changes: { ...changes, [call]: empty } }]),
    { ...screen, name: `${name}-failed`, changes: { ...changes, [call]: BUSY } },
  ]
}

const LANDING = 'pages/landing/index'
const CODE = { c: 'HK7Q2M9X' }
const COUPON = 'packages/wallet/coupon/index'
const staffed = { 'POST /sessions': session({ me: clerk }), 'GET /me': clerk }
const NOBODY = { ...me, nickname: null, avatar_url: null, tier: null, points_available: 0, inbox_unread: 0, referred_by: null }
const LONG = '西湖边最爱喝龙井的小猫咪🐱和她的👨‍👩‍👧‍👦一家人今天也要开开心心地吃饭呀吃饭呀🍜🍜🍜还有一点点甜品'

export const SCREENS = [
  ...four('home', 'pages/home/index', 'GET /campaigns', { empty: EMPTY }),
  { name: 'home-first', path: 'pages/home/index', changes: { 'GET /me/referrals/summary': { counts: {}, next_milestone: { target: 1, current: 0, reward: '招牌小菜一份' }, contribution: 0 } } },
  { name: 'home-bare', path: 'pages/home/index', changes: { 'POST /sessions': session({ capabilities: { features: {} }, brand: { ...brand, slogan: null, color: '#1f6f5c' } }) } },
  ...four('landing', LANDING, 'POST /touches', { query: CODE }),
  { name: 'landing-rules', path: LANDING, query: CODE, taps: ['活动规则'] },
  { name: 'landing-claimed', path: LANDING, query: CODE, taps: ['同意并领取'] },
  { name: 'landing-long-name', path: LANDING, query: CODE, changes: { 'POST /touches': { ...ANSWERS['POST /touches'](), referrer: { display_name: LONG, avatar_url: null } } } },
  { name: 'landing-no-code', path: LANDING },
  { name: 'landing-unknown', path: LANDING, query: CODE, changes: { 'POST /touches': () => refuse(404, 'unknown_referral_code', '没有找到这个推荐码。') } },
  ...['not_new_customer', 'self_referral', 'already_referred', 'already_claimed', 'campaign_ended', 'budget_exhausted', 'sold_out'].map((code) => ({ name: `landing-${code}`, path: LANDING, query: CODE, changes: { 'POST /touches': touched(code) } })),
  ...four('poster', 'packages/share/poster/index', 'GET /posters/templates', { empty: EMPTY }),
  { name: 'poster-making', path: 'packages/share/poster/index', changes: { 'POST /posters': null } },
  { name: 'poster-broken', path: 'packages/share/poster/index', changes: { 'POST /posters': BUSY } },
  { name: 'poster-nameless', path: 'packages/share/poster/index', changes: { 'POST /sessions': session({ me: NOBODY }), 'GET /me': NOBODY } },
  ...four('rules', 'packages/share/rules/index', 'GET /campaigns', { empty: EMPTY }),
  ...four('referrals', 'pages/referrals/index', 'GET /me/referrals', { empty: EMPTY }),
  { name: 'referrals-story', path: 'pages/referrals/index', taps: ['李**'] },
  { name: 'referrals-reason', path: 'pages/referrals/index', changes: { 'GET /me/referrals': { items: [friends[4], { ...friends[0], friend_display_name: LONG }], next_cursor: null } }, taps: ['孙**'] },
  ...four('coupons', 'pages/coupons/index', 'GET /me/coupons', { empty: EMPTY }),
  { name: 'coupons-past', path: 'pages/coupons/index', taps: ['用过和过期'] },
  ...four('code', COUPON, 'GET /me/coupons/{id}', { query: { id: 'k1' } }),
  { name: 'code-member', path: COUPON, query: { member: '1' } },
  { name: 'code-pending', path: COUPON, query: { id: 'k4' } },
  { name: 'code-used', path: COUPON, query: { id: 'k5' } },
  { name: 'code-expired', path: COUPON, query: { id: 'k6' } },
  { name: 'code-missing', path: COUPON, query: { id: 'none' } },
  { name: 'code-stale', path: COUPON, query: { id: 'k1' }, changes: { 'POST /me/coupons/{id}/token': BUSY } },
  ...four('mine', 'pages/mine/index', 'GET /me'),
  { name: 'mine-nobody', path: 'pages/mine/index', changes: { 'POST /sessions': session({ me: NOBODY }), 'GET /me': NOBODY } },
  { name: 'mine-long-name', path: 'pages/mine/index', changes: { 'GET /me': { ...me, nickname: LONG, points_available: 99999999 } } },
  { name: 'mine-clerk', path: 'pages/mine/index', changes: staffed },
  ...four('points', 'packages/wallet/points/index', 'GET /me/points/entries', { empty: EMPTY }),
  ...four('visits', 'packages/wallet/visits/index', 'GET /me/visits', { empty: EMPTY }),
  ...four('review', 'packages/wallet/review/index', 'GET /me/visits', { empty: EMPTY, query: { visit_id: 'v3' } }),
  { name: 'review-filled', path: 'packages/wallet/review/index', query: { visit_id: 'v3' }, taps: ['[aria-label^="5 星"]', '味道好', '把这句话也告诉 陈**'] },
  { name: 'review-done', path: 'packages/wallet/review/index', query: { visit_id: 'v3' }, taps: ['[aria-label^="5 星"]', '把这句话也告诉 陈**', '提交评价'] },
  ...four('inbox', 'packages/account/inbox/index', 'GET /me/inbox', { empty: EMPTY }),
  ...four('profile', 'packages/account/profile/index', 'GET /me'),
  ...four('privacy', 'packages/account/privacy/index', 'GET /me/consents', { empty: EMPTY }),
  ...four('stores', 'packages/account/stores/index', 'GET /stores', { empty: EMPTY }),
  ...four('desk', 'packages/staff/desk/index', 'GET /staff/today', { changes: staffed, empty: { visits: { count: 0, amount_fen: 0 }, redemptions: { count: 0, discount_fen: 0 }, recent: [] } }),
  { name: 'desk-stranger', path: 'packages/staff/desk/index' },
  { name: 'join-ready', path: 'packages/staff/join/index', query: { code: 'WELCOME-88' } },
  { name: 'join-refused', path: 'packages/staff/join/index', query: { code: 'OLD' }, changes: { 'POST /staff/join': () => refuse(404, 'not_found', '邀请码不对。') }, taps: ['wx-button'] },
  { name: 'join-done', path: 'packages/staff/join/index', query: { code: 'WELCOME-88' }, taps: ['wx-button'] },
  ...four('redeem', 'packages/staff/redeem/index', 'POST /staff/scan', { changes: staffed, query: { token: 'YJC7f3a9c1e5b2d8046a7c9e1f3b5d7' } }),
  { name: 'redeem-done', path: 'packages/staff/redeem/index', query: { token: 'YJC7f3a9c1e5b2d8046a7c9e1f3b5d7' }, changes: staffed, fills: { 'input[type=text], .wx-input-inner': '128' }, taps: ['确认核销'] },
  ...['token_expired', 'coupon_used', 'coupon_not_valid_here'].map((code) => ({ name: `redeem-${code}`, path: 'packages/staff/redeem/index', query: { token: 'YJC7f3a9c1e5b2d8046a7c9e1f3b5d7' }, changes: { ...staffed, 'POST /staff/scan': () => refuse(409, code, '') } })),
  { name: 'visit-ready', path: 'packages/staff/visit/index', changes: staffed },
  { name: 'visit-scanned', path: 'packages/staff/visit/index', query: { token: 'YJM1b9d4f7a2c5e8036b1d4f7a9c2e5' }, changes: staffed },
  { name: 'visit-done', path: 'packages/staff/visit/index', query: { token: 'YJM1b9d4f7a2c5e8036b1d4f7a9c2e5' }, changes: staffed, fills: { '.wx-input-inner': '99999999.99' }, taps: ['记下这次到店'] },
]

