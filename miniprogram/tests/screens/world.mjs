/** A shop as the API tells of it: one ready answer for each call, so that each screen can be looked at in each state. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'

const CARD = fs.readFileSync(fileURLToPath(new URL('../../src/images/share.jpg', import.meta.url)))
const POSTER = fs.readFileSync(fileURLToPath(new URL('poster.jpg', import.meta.url)))
const day = (n, time = '12:30:00') => new Date(Date.parse(`2026-11-22T${time}+08:00`) + n * 86_400_000).toISOString()
const page = (items, next = null) => ({ items, next_cursor: next })

export const FEATURES = ['referrals', 'posters', 'coupons', 'points', 'points_statement', 'visits', 'reviews', 'inbox', 'subscriptions', 'avatar', 'phone', 'customer_token', 'stores', 'consents', 'export', 'erase', 'staff', 'staff_scan', 'undo']

export const brand = { name: '青禾小馆', slogan: '一间认真做饭的小店', color: '#b5452c', logo_url: null, hours: '每天 10:00–22:00', phone: '0571-8700 0000', address: '杭州市西湖区龙井路 18 号', privacy_contact: 'privacy@qinghe.example' }

export const capabilities = {
  features: Object.fromEntries(FEATURES.map((name) => [name, true])),
  subscription_templates: [{ key: 'success', template_id: 'tpl-success', title: '推荐成功通知' }],
  poster_code_kind: 'qr',
  review_tags: ['味道好', '服务贴心', '环境舒服', '上菜快', '值得再来'],
  undo_minutes: 10,
  privacy_version: '2026-11',
}

export const me = { id: 'p1', nickname: '王小美', avatar_url: null, phone_masked: null, tier: { name: '银卡' }, points_available: 1280, referral_code: 'HK7Q2M9X', role: 'customer', birthday: null, preferences: { name_form: 'masked' }, inbox_unread: 2, referred_by: { display_name: '陈**' }, staff: null }

export const clerk = { ...me, nickname: '小林', role: 'clerk', staff: { role: 'clerk', store_id: 's1', store_name: '西湖店' } }

export const campaign = {
  id: 'c1',
  name: '带朋友来，吃顿好的',
  rules: [
    '老朋友把海报给还没来过的朋友，朋友扫码可领一张 ¥20 新人券。',
    '朋友第一次到店消费满 ¥100 后，推荐人得 200 积分和一张 ¥15 券。',
    '奖励在朋友消费后马上记到名下；朋友退单，奖励会一起收回。',
    '每位朋友只认一位推荐人，每位推荐人每月最多奖励 20 次。',
    '积分从到账起一年内有效，券的有效期写在券面上。',
  ],
  referrer_offer: '朋友首次到店消费后，得 200 积分和一张 ¥15 券',
  friend_offer: '¥20 新人券，满 ¥100 可用',
  starts_at: day(-20),
  ends_at: day(39),
}

export const coupon = (over = {}) => ({ id: 'k1', title: '新人立减券', kind: 'amount_off', state: 'available', valid_from: day(0), valid_until: day(30), threshold_fen: 10000, discount_fen: 2000, percent_off: null, stores: [], terms: ['每桌限用一张，不与其他优惠同享。', '不找零，不兑现。'], source: '陈**推荐', used_at: null, ...over })

const wallet = [
  coupon(),
  coupon({ id: 'k2', title: '推荐答谢券', discount_fen: 1500, threshold_fen: 0, source: null, stores: ['西湖店', '滨江店'] }),
  coupon({ id: 'k3', title: '生日当月菜品折扣', kind: 'percent_off', discount_fen: null, percent_off: 12, threshold_fen: 20000, source: null }),
  coupon({ id: 'k4', title: '桂花酒酿圆子一份', kind: 'free_item', discount_fen: null, threshold_fen: 0, state: 'pending', valid_from: day(9), source: null }),
  coupon({ id: 'k5', title: '秋日小聚券', discount_fen: 3050, state: 'used', used_at: day(-5), source: null }),
  coupon({ id: 'k6', title: '开业纪念券', discount_fen: 9999999999, state: 'expired', valid_until: day(-60), source: null }),
]

const steps = (...rows) => rows.map(([n, message, time]) => ({ at: day(n, time), event: 'step', message }))

export const friends = [
  { id: 'r1', friend_display_name: '李**', friend_avatar_url: null, state: 'rewarded', created_at: day(-6), timeline: steps([-6, '李** 扫了你的海报'], [-6, '李** 领了新人券', '12:31:00'], [-3, '李** 第一次到店消费', '19:02:00'], [-3, '你得到 200 积分和一张 ¥15 券', '19:02:10']), reasons: [], rewards: [{ kind: 'points', title: '200 积分', state: 'available' }, { kind: 'coupon', title: '¥15 推荐答谢券', state: 'available' }] },
  { id: 'r2', friend_display_name: '周女士', friend_avatar_url: null, state: 'pending', created_at: day(-2), timeline: steps([-2, '周女士领了新人券'], [0, '周女士第一次到店消费']), reasons: [], rewards: [{ kind: 'points', title: '200 积分', state: 'pending', available_at: day(7) }] },
  { id: 'r3', friend_display_name: 'Z**', friend_avatar_url: null, state: 'claimed', created_at: day(-1), timeline: steps([-1, 'Z** 领了新人券']), reasons: [], rewards: [] },
  { id: 'r4', friend_display_name: '何**', friend_avatar_url: null, state: 'touched', created_at: day(0), timeline: steps([0, '何** 看了你的推荐']), reasons: [], rewards: [] },
  { id: 'r5', friend_display_name: '孙**', friend_avatar_url: null, state: 'rejected', created_at: day(-9), timeline: steps([-9, '孙** 领券时发现以前来过']), reasons: [{ code: 'not_new_customer', message: '孙** 在今年三月来过店里，这次活动只奖励带来新朋友。' }], rewards: [] },
]

export const summary = { counts: { total: 5, touched: 1, claimed: 1, qualified: 0, pending: 1, rewarded: 1, rejected: 1, reversed: 0, expired: 0 }, next_milestone: { target: 5, current: 2, reward: '招牌小菜一份' }, contribution: 86, earned: { points: 200, coupons: 1 } }

const poster = (name, title, origin) => ({ name, title, preview_url: `${origin}/poster.jpg`, sizes: [{ width: 750, height: 1334 }] })

const line = (over) => ({ id: 'l1', kind: 'redemption', at: day(0, '12:41:00'), title: '新人立减券', customer: '李**', amount_fen: 12800, discount_fen: 2000, undoable: true, undone: false, ...over })

const touch = { referrer: { display_name: '王**', avatar_url: null }, campaign, friend_offer: campaign.friend_offer, friend_coupon: { title: '新人立减券', kind: 'amount_off', discount_fen: 2000, threshold_fen: 10000, percent_off: null, valid_days: 30 }, claimable: true, reason: null }

/** Every answer, by method and path; `{id}` stands for any one part. */
export const ANSWERS = {
  'POST /sessions': () => ({ token: 't', expires_at: '2030-01-01T00:00:00+08:00', customer: { id: 'p1', nickname: me.nickname, referral_code: me.referral_code }, is_new: false, brand, capabilities, me }),
  'GET /brand': () => brand,
  'GET /capabilities': () => capabilities,
  'GET /me': () => me,
  'POST /me': ({ body }) => ({ ...me, ...body }),
  'POST /me/avatar': ({ origin }) => ({ avatar_url: `${origin}/card.jpg` }),
  'POST /me/phone': () => ({ phone_masked: '138****0000' }),
  'GET /me/consents': () => page([{ kind: 'privacy', version: '2026-11', granted: true, at: day(-6) }]),
  'POST /me/consents': ({ body }) => ({ ...body, at: day(0) }),
  'GET /me/export': () => ({ person: me }),
  'DELETE /me': () => ({}),
  'GET /campaigns': () => page([campaign]),
  'GET /campaigns/{id}': () => campaign,
  'POST /shares': () => ({ referral_code: me.referral_code, path: '/pages/landing/index?c=HK7Q2M9X', url: 'https://yinjian.example/r/HK7Q2M9X' }),
  'GET /posters/templates': ({ origin }) => page([poster('welcome', '新客礼', origin), poster('holiday', '亲友同行', origin), poster('story', '我的一句话', origin), { name: 'card', title: '分享卡', preview_url: null, sizes: [{ width: 1000, height: 800 }] }]),
  'POST /posters': ({ origin }) => ({ id: 'x', image_url: `${origin}/poster.jpg`, width: 750, height: 1334, payload: 'https://yinjian.example/r/HK7Q2M9X' }),
  'POST /touches': () => touch,
  'POST /claims': () => ({ referral: { id: 'r9', state: 'claimed' }, coupons: [coupon()] }),
  'GET /me/referrals': () => page(friends),
  'GET /me/referrals/summary': () => summary,
  'GET /me/coupons': () => page(wallet),
  'GET /me/coupons/{id}': ({ id }) => wallet.find((one) => one.id === id) ?? refuse(404, 'not_found', '没有找到这张券。'),
  'POST /me/coupons/{id}/token': () => ({ token: 'YJC7f3a9c1e5b2d8046a7c9e1f3b5d7', expires_at: day(0), expires_in: 30 }),
  'POST /me/token': () => ({ token: 'YJM1b9d4f7a2c5e8036b1d4f7a9c2e5', expires_at: day(0), expires_in: 30 }),
  'GET /me/points': () => ({ available: 1280, pending: 200, debt: 0, expiring: [{ points: 80, expires_at: day(20) }] }),
  'GET /me/points/entries': () => page([
    { id: 'e1', at: day(0), points: 200, state: 'pending', title: '推荐奖励', source: '周女士第一次到店消费', available_at: day(7), expires_at: null },
    { id: 'e2', at: day(-3), points: 200, state: 'available', title: '推荐奖励', source: '李** 第一次到店消费', available_at: null, expires_at: day(360) },
    { id: 'e3', at: day(-12), points: -500, state: 'spent', title: '积分抵用', source: '西湖店消费 ¥186.00', available_at: null, expires_at: null },
    { id: 'e4', at: day(-30), points: 1380, state: 'available', title: '消费积分', source: '西湖店消费 ¥1,380.00', available_at: null, expires_at: day(20) },
  ]),
  'GET /me/points/statement': () => ({ entries: [] }),
  'GET /me/visits': () => page([
    { id: 'v3', store: { id: 's1', name: '西湖店' }, amount_fen: 18600, number: 3, at: day(-1, '19:20:00'), reviewable: true, review: null },
    { id: 'v2', store: { id: 's1', name: '西湖店' }, amount_fen: 1, number: 2, at: day(-40), reviewable: false, review: { rating: 5, text: '好吃' } },
    { id: 'v1', store: { id: 's2', name: '滨江银泰城旗舰体验店' }, amount_fen: 9999999999, number: 1, at: day(-400), reviewable: false, review: null },
  ]),
  'POST /reviews': () => ({ id: 'w1', state: 'published' }),
  'GET /me/inbox': () => page([
    { id: 'm1', kind: 'success', title: '推荐成功', body: '李** 第一次来店里了，说：“汤很鲜，店员也热情。”你得到 200 积分和一张 ¥15 券。', created_at: day(-3), read_at: null, page: 'pages/referrals/index' },
    { id: 'm2', kind: 'coupon', title: '券快到期了', body: '推荐答谢券还有 3 天到期，来店里坐坐吧。', created_at: day(-4), read_at: day(-4), page: 'packages/wallet/coupon/index?id=k2' },
    { id: 'm3', kind: 'notice', title: '门店通知', body: '周三下午盘点，营业到 17:00。', created_at: day(-9), read_at: day(-8), page: null },
  ]),
  'POST /me/inbox/read': () => ({ unread: 0 }),
  'POST /me/subscriptions': () => ({ remaining: { 'tpl-success': 3 } }),
  'GET /stores': () => page([
    { id: 's1', name: '西湖店', address: '杭州市西湖区龙井路 18 号', phone: '0571-8700 0000', hours: '每天 10:00–22:00' },
    { id: 's2', name: '滨江店', address: '杭州市滨江区江南大道 228 号银泰城 3 楼', phone: null, hours: '每天 10:30–21:30' },
  ]),
  'POST /staff/join': () => ({ role: 'clerk', store_id: 's1', store_name: '西湖店' }),
  'POST /staff/scan': ({ body }) => ({ kind: body.token.startsWith('YJM') ? 'customer' : 'coupon', customer: { display_name: '李**', visits: 0 }, coupon: coupon() }),
  'POST /staff/redemptions': ({ body }) => ({ id: 'l9', coupon: coupon({ state: 'used', used_at: day(0) }), discount_fen: 2000, payable_fen: body.order_amount_fen - 2000, visit: { id: 'v9', number: 1 }, undo_until: day(0), undo_seconds: 600 }),
  'POST /staff/redemptions/{id}/undo': () => ({ id: 'l9', undone_at: day(0) }),
  'POST /staff/visits': ({ body }) => ({ visit: { id: 'v9', number: 4, amount_fen: body.amount_fen, customer: { display_name: '李**' } } }),
  'GET /staff/today': () => ({ date: '2026-11-22', store: { id: 's1', name: '西湖店' }, visits: { count: 12, amount_fen: 345600 }, redemptions: { count: 5, discount_fen: 10000 }, recent: [line({}), line({ id: 'l2', kind: 'visit', at: day(0, '12:10:00'), title: null, customer: '周女士', amount_fen: 18650, discount_fen: null, undoable: false }), line({ id: 'l3', at: day(0, '11:48:00'), title: '推荐答谢券', customer: '何**', amount_fen: 9900, discount_fen: 1500, undoable: false, undone: true })] }),
}

/** An answer that refuses, in the contract's form. */
export function refuse(status, code, message) {
  return { status, body: JSON.stringify({ error: { code, message, details: {} }, request_id: 'r' }) }
}

const PATTERNS = (answers) =>
  Object.entries(answers).map(([name, answer]) => {
    const [method, path] = name.split(' ')
    return { method, match: new RegExp(`^/api/v1${path.replace('{id}', '(?<id>[^/]+)')}$`), answer }
  })

/**
 * The function a stand-in backend answers with. `changes` replaces answers by name: a function, a value, or null for a server
 * that never answers.
 *
 * @param {Record<string, unknown>} changes
 * @param {Buffer} posterPicture
 */
export function world(changes = {}, posterPicture = POSTER) {
  const all = PATTERNS({ ...ANSWERS, ...changes })
  return async ({ method, url, headers, body }) => {
    const { pathname, searchParams } = new URL(url, 'http://shop')
    if (pathname === '/poster.jpg') return { headers: { 'content-type': 'image/jpeg' }, body: posterPicture }
    if (pathname === '/card.jpg') return { headers: { 'content-type': 'image/jpeg' }, body: CARD }
    for (const { method: wanted, match, answer } of all) {
      const found = method === wanted && match.exec(pathname)
      if (!found) continue
      if (answer === null) return new Promise(() => {})
      const isJson = headers['content-type']?.includes('json') && body.length > 0
      const asked = { body: isJson ? JSON.parse(body) : {}, id: found.groups?.id, query: searchParams, origin: `http://${headers.host}` }
      return typeof answer === 'function' ? answer(asked) : answer
    }
    return refuse(404, 'not_found', '没有找到。')
  }
}
