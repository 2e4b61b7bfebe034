/** What screens do when something is long, slow, refused, wrong or gone: each case ends in words and a way on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedFor, bodyOf, done, fails, hear, mock, phone, scrollToEnd, see, show } from './play.mjs'
import { ANSWERS, campaign, coupon, friends, me, refuse } from './world.mjs'

const LANDING = { path: 'pages/landing/index', query: { c: 'HK7Q2M9X' } }
const POSTER = { path: 'packages/share/poster/index' }
const SET_DATA_LIMIT_BYTES = 30 * 1024

test('a thousand friends scroll without being loaded all', async () => {
  const pageOf = ({ query }) => {
    const from = Number(query.get('cursor') ?? 0)
    const items = Array.from({ length: 20 }, (_, i) => ({ ...friends[0], id: `r${from + i}`, friend_display_name: `第${from + i}位` }))
    return { items, next_cursor: from + 20 < 1000 ? String(from + 20) : null }
  }
  await show({ path: 'pages/referrals/index', changes: { 'GET /me/referrals': pageOf } })
  assert.equal((await phone.data()).rows.length, 20)

  for (const last of ['第39位', '第59位']) {
    await scrollToEnd()
    await phone.top.getByText(last).waitFor()
  }

  assert.equal((await phone.data()).rows.length, 60)
  assert.deepEqual(
    askedFor('/me/referrals?').map(({ url }) => new URL(url, 'http://shop').searchParams.get('cursor')),
    [null, '20', '40'],
  )
  assert.ok((await phone.mp(() => window.__mp.setDataStats.largest.bytes)) <= SET_DATA_LIMIT_BYTES)
  await done()
})

test('a list that breaks in the middle keeps what it has and goes on after a tap', async () => {
  let broken = true
  const pageOf = ({ query }) => {
    if (!query.has('cursor')) return { items: friends, next_cursor: 'next' }
    if (broken) return refuse(500, 'server', '')
    return { items: [{ ...friends[0], id: 'late', friend_display_name: '迟来的人' }], next_cursor: null }
  }
  await show({ path: 'pages/referrals/index', changes: { 'GET /me/referrals': pageOf } })
  await scrollToEnd()
  await see('没加载出来，轻点再试')
  broken = false
  await phone.tap('没加载出来，轻点再试')
  await see('迟来的人')
  await done()
})

test('used coupons are found behind many usable ones, though that side is too short to scroll', async () => {
  const pageOf = ({ query }) => {
    if (query.has('cursor')) return { items: [coupon({ id: 'old', title: '去年的券', state: 'used' })], next_cursor: null }
    return { items: Array.from({ length: 20 }, (_, i) => coupon({ id: `k${i}` })), next_cursor: 'next' }
  }
  await show({ path: 'pages/coupons/index', changes: { 'GET /me/coupons': pageOf } })
  assert.equal(askedFor('/me/coupons').length, 1)
  await phone.tap('用过和过期')
  await see('去年的券')
  await done()
})

test('a screen that met a cut network says so and comes back by its button', async () => {
  let cut = true
  await show({
    path: 'pages/home/index',
    changes: { 'GET /campaigns': () => (cut ? refuse(503, 'server', '') : ANSWERS['GET /campaigns']()) },
  })
  await see('没能加载出来')
  cut = false
  await phone.tap('再试一次')
  await see(campaign.name)
  await done()
})

test('a token that is refused is renewed without a word', async () => {
  let first = true
  const once = () => {
    const refused = first
    first = false
    return refused ? refuse(401, 'unauthenticated', '请先登录。') : ANSWERS['GET /campaigns']()
  }
  await show({ path: 'pages/home/index', changes: { 'GET /campaigns': once } })
  await see(campaign.name)
  assert.equal(askedFor('/sessions').length, 2)
  await done()
})

test('a claim whose answer was lost is the same claim at the next tap', async () => {
  await show(LANDING)
  await phone.page.route('**/api/v1/claims', (route) => route.abort())
  const keys = []
  phone.page.on('request', (request) => request.url().includes('/claims') && keys.push(request.headers()['idempotency-key']))
  await phone.tap('同意并领取')
  await hear('网络断开了')
  await phone.page.unroute('**/api/v1/claims')
  await phone.tap('同意并领取')
  await see('券已收好')
  assert.ok(keys.length >= 2 && keys[0])
  assert.equal(new Set(keys).size, 1)
  await done()
})

const REFUSALS = {
  not_new_customer: '你已经是老朋友了',
  self_referral: '这是你自己的推荐码',
  already_referred: '你已经有推荐人了',
  campaign_ended: '来晚了一步，活动结束了',
  budget_exhausted: '这一轮的礼物送完了',
  sold_out: '券刚刚被领完',
}

for (const [code, title] of Object.entries(REFUSALS)) {
  test(`a claim refused with ${code} ends in kind words and a way on`, async () => {
    await show({ ...LANDING, changes: { 'POST /claims': () => refuse(409, code, '不行') } })
    await phone.tap('同意并领取')
    await see(title)
    assert.equal(await phone.top.locator('wx-button:visible').count(), 1)
    await done()
  })
}

test('a refusal of a later kind is told in the words of the server', async () => {
  await show({ ...LANDING, changes: { 'POST /claims': () => refuse(409, 'brand_new', '今天店休，明天再来领。') } })
  await phone.tap('同意并领取')
  await see('今天店休，明天再来领。')
  await done()
})

test('the consent is recorded before the claim', async () => {
  await show(LANDING)
  await phone.tap('同意并领取')
  await see('券已收好')
  const writes = askedFor('POST')
    .map(({ url }) => url)
    .filter((url) => /consents|claims/.test(url))
  assert.deepEqual(writes, ['/api/v1/me/consents', '/api/v1/claims'])
  await done()
})

test('a typed code with a slip is said at once, a right one opens the gift', async () => {
  await show({ path: 'pages/landing/index' })
  await phone.top.locator('input').fill('HK7Q2M9O')
  await phone.tap('看看能领什么')
  await hear('码可能不完整')
  await phone.top.locator('input').fill('hk7q 2m9x')
  await phone.tap('看看能领什么')
  await see('推荐你来')
  assert.deepEqual(bodyOf(askedFor('POST /api/v1/touches')[0]), { referral_code: 'HK7Q2M9X', channel: 'typed' })
  await done()
})

test('a code that turns by itself never dies under the camera, and tells when it was used', async () => {
  let count = 0
  const next = () =>
    ++count < 3
      ? { token: `YJC${count}`.padEnd(20, '0'), expires_at: '2026-11-22T12:00:06+08:00', expires_in: 6 }
      : refuse(409, 'coupon_used', '用过了。')
  await show({ path: 'packages/wallet/coupon/index', query: { id: 'k1' }, changes: { 'POST /me/coupons/{id}/token': next } })
  await phone.page.waitForFunction(() => window.__mp.data().code.startsWith('YJC2'))
  await see('用好了，谢谢光临')
  await done()
})

test('a code that cannot be renewed is covered and renewed by a tap', async () => {
  let cut = true
  const turn = () => (cut ? refuse(500, 'server', '') : ANSWERS['POST /me/coupons/{id}/token']())
  await show({ path: 'packages/wallet/coupon/index', query: { id: 'k1' }, changes: { 'POST /me/coupons/{id}/token': turn } })
  await see('码没能更新')
  cut = false
  await phone.tap('码没能更新')
  await phone.page.waitForFunction(() => window.__mp.data().code !== '')
  assert.equal((await phone.data()).stale, false)
  await done()
})

test('a refused album leads to the settings, not to a dead end', async () => {
  await show(POSTER)
  await phone.top.locator('.picture:not(.faint)').first().waitFor()
  await fails('saveImageToPhotosAlbum', 'auth deny')
  await phone.tap('保存到相册')
  await see('还不能保存图片')
  await mock('openSetting', {})
  await phone.page.getByText('去允许').click()
  await phone.page.waitForFunction(() => window.__mp.callsOf('openSetting').length === 1)
  await done()
})

test('a refused consent is taken kindly and told to the server', async () => {
  await show(POSTER)
  await mock('requestSubscribeMessage', { 'tpl-success': 'reject' })
  await phone.tap('提醒我')
  await hear('没关系，随时可以在这里打开')
  assert.deepEqual(bodyOf(askedFor('/me/subscriptions')[0]), { template_results: { 'tpl-success': 'reject' } })
  await done()
})

test('a given consent shows how many messages are left', async () => {
  await show(POSTER)
  await mock('requestSubscribeMessage', { 'tpl-success': 'accept' })
  await phone.tap('提醒我')
  await see('还能收到 3 条')
  await done()
})

test('the card to a friend carries the own code and a picture, and the share is noted', async () => {
  await show({ path: 'pages/home/index' })
  await phone.mp(() => void window.__mp.share('menu'))
  await phone.page.waitForFunction(() => window.__mp.callsOf('shareAppMessage').length === 1)
  const [card] = await phone.callsOf('shareAppMessage')
  assert.equal(card.path, '/pages/landing/index?c=HK7Q2M9X')
  assert.match(card.imageUrl, /^(\/images\/share\.jpg|http.*\.jpg)$/)
  assert.ok(card.title.includes(campaign.friend_offer))
  await done()
})

test('what the server does not offer is not there', async () => {
  const bare = { ...ANSWERS['POST /sessions'](), capabilities: { features: {} } }
  await show({ path: 'pages/mine/index', changes: { 'POST /sessions': bare, 'GET /capabilities': { features: {} } } })
  await see('王小美')
  for (const word of ['消息', '到店记录', '门店', '会员码', '可用积分', '我是店员'])
    assert.equal(await phone.top.getByText(word, { exact: true }).count(), 0, word)
  await done()
})

test('a nickname of 60 characters with emoji is saved whole', async () => {
  const long = '西湖边的小猫🐱👨‍👩‍👧'.repeat(5)
  await show({ path: 'packages/account/profile/index' })
  await phone.top.locator('input').first().fill(long)
  await phone.tap('保存')
  await hear('已保存')
  assert.deepEqual(bodyOf(askedFor('POST /api/v1/me').filter(({ url }) => url === '/api/v1/me')[0]), { nickname: long })
  await done()
})

test('a review needs stars, and goes to the referrer only when chosen', async () => {
  await show({ path: 'packages/wallet/review/index', query: { visit_id: 'v3' } })
  await phone.tap('提交评价')
  await hear('先点几颗星吧')
  await phone.tap(phone.top.locator('[aria-label^="4 星"]'))
  await phone.tap('提交评价')
  await see('收到，谢谢你')
  assert.deepEqual(bodyOf(askedFor('POST /api/v1/reviews')[0]), { visit_id: 'v3', rating: 4, share_with_referrer: false })
  await done()
})

test('a person without nickname and picture is shown and invited, never blocked', async () => {
  const nobody = { ...me, nickname: null, tier: null }
  await show({ ...POSTER, changes: { 'POST /sessions': { ...ANSWERS['POST /sessions'](), me: nobody }, 'GET /me': nobody } })
  await phone.top.locator('.picture:not(.faint)').first().waitFor()
  await see('设置昵称和头像')
  await done()
})

for (const looks of [{}, { small: true }, { largeText: true }, { small: true, largeText: true }]) {
  test(`the most points a person can have stay in their place, ${JSON.stringify(looks)}`, async () => {
    await show({ path: 'pages/mine/index', changes: { 'GET /me': { ...me, points_available: 99_999_999 } } }, looks)
    await see('99,999,999')
    const spilt = await phone.mp(() => {
      const isInside = (inner, outer) => inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5
      const facts = [...document.querySelectorAll('.mp-view.on .fact')]
      const words = facts.flatMap((fact) => [...fact.children].map((child) => [child, fact]))
      return words
        .filter(([child, fact]) => !isInside(child.getBoundingClientRect(), fact.getBoundingClientRect()))
        .map(([child]) => child.innerText)
    })
    assert.deepEqual(spilt, [])
    await done()
  })
}

test('messages are marked as read, and lead only to pages that are here', async () => {
  const strange = {
    id: 'm9',
    kind: 'x',
    title: '来自未来',
    body: '新的页面',
    created_at: '2026-11-22T12:00:00+08:00',
    read_at: null,
    page: 'packages/later/index',
  }
  await show({ path: 'packages/account/inbox/index', changes: { 'GET /me/inbox': { items: [strange], next_cursor: null } } })
  await see('来自未来')
  assert.equal(await phone.top.getByText('去看看').count(), 0)
  assert.deepEqual(bodyOf(askedFor('/me/inbox/read')[0]), { ids: ['m9'] })
  await done()
})

test('a coupon that is gone is said, with the way back', async () => {
  await show({ path: 'packages/wallet/coupon/index', query: { id: 'k1' }, changes: { 'GET /me/coupons/{id}': coupon({ state: 'void' }) } })
  await see('这张券已经作废')
  await phone.tap('回到券包')
  await phone.at('pages/coupons/index')
  await done()
})

test('erasing asks first, and afterwards the phone knows nobody', async () => {
  await show({ path: 'packages/account/privacy/index' })
  await phone.tap('注销并删除')
  await see('确定要删除吗？')
  await phone.page.getByText('取消', { exact: true }).click()
  assert.equal(askedFor('DELETE').length, 0)
  await phone.tap('注销并删除')
  await phone.page.getByText('确定删除').click()
  await see('已经删除。谢谢你来过。')
  await phone.page.locator('.mp-modal-ok').click()
  await phone.at('pages/home/index')
  assert.equal(askedFor('DELETE').length, 1)
  await done()
})
