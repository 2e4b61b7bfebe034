/** When something fails every screen says so in words, keeps a way on, and comes back when the cause is gone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUSY, SCREENS } from './catalogue.mjs'
import { askedFor, done, fails, hear, mock, phone, see, show } from './play.mjs'
import { ANSWERS, campaign, coupon, me, refuse } from './world.mjs'

const COUPON = { path: 'packages/wallet/coupon/index', query: { id: 'k1' } }
const MAX_FEN = 9_999_999_999

/** The button, not a sentence that says the same. */
const tryAgain = () => phone.tap(phone.top.locator('wx-button', { hasText: '再试一次' }))

for (const screen of SCREENS.filter(({ name }) => name.endsWith('-failed'))) {
  test(`${screen.name} tells why and comes back by its button`, async () => {
    let broken = true
    const mending = ([call, answer]) => [call, answer === BUSY ? (asked) => (broken ? BUSY() : ANSWERS[call](asked)) : answer]
    await show({ ...screen, changes: Object.fromEntries(Object.entries(screen.changes).map(mending)) })
    await see('没能加载出来')
    await see('店里的系统正忙')
    broken = false
    await tryAgain()
    await phone.page.waitForFunction(() => window.__mp.data().state === 'ready')
    await done()
  })
}

test('a cut net is named, and the screen comes back with it', async () => {
  await show({ path: 'pages/home/index' })
  await phone.mp(() => window.__mp.setNetwork('none'))
  await phone.mp(() => window.__mp.wx.switchTab({ url: '/pages/coupons/index' }))
  await see('网络断开了')
  await phone.mp(() => window.__mp.setNetwork('wifi'))
  await tryAgain()
  await see('新人立减券')
  await done()
})

test('an answer that never comes is given up in words', async () => {
  await show({ path: 'pages/home/index' })
  await fails('request', 'request:fail timeout')
  await phone.mp(() => window.__mp.wx.switchTab({ url: '/pages/coupons/index' }))
  await see('网络有点慢，请再试一次。')
  await done()
})

test('a person who stays unknown is told so, and can try again', async () => {
  let known = false
  const unknown = () => (known ? ANSWERS['GET /campaigns']() : refuse(401, 'unauthenticated', '登录过期了，请再试一次。'))
  await show({ path: 'pages/home/index', changes: { 'GET /campaigns': unknown } })
  await see('登录过期了')
  assert.equal(askedFor('GET /api/v1/campaigns').length, 2)
  known = true
  await tryAgain()
  await see(campaign.name)
  await done()
})

test('a login that WeChat refuses is told in words', async () => {
  await show({ path: 'pages/home/index', changes: { 'GET /me/coupons': () => refuse(401, 'unauthenticated', '请先登录。') } })
  await fails('login', 'login:fail')
  await phone.mp(() => window.__mp.wx.switchTab({ url: '/pages/coupons/index' }))
  await see('登录没有成功，')
  await done()
})

const OVER = {
  used: ['用好了，谢谢光临', '说说这次怎么样'],
  expired: ['这张券已经过期了', '回到券包'],
  void: ['这张券已经作废', '回到券包'],
}

for (const [state, [words, way]] of Object.entries(OVER)) {
  test(`a coupon that is ${state} shows no code, but words and a way on`, async () => {
    await show({ ...COUPON, changes: { 'GET /me/coupons/{id}': coupon({ state }) } })
    await see(words)
    await see(way)
    assert.equal(askedFor('/token').length, 0)
    await done()
  })
}

test('a coupon that dies while it is shown gives its code up', async () => {
  await show({ ...COUPON, changes: { 'POST /me/coupons/{id}/token': () => refuse(409, 'coupon_expired', '过期了。') } })
  await see('这张券已经过期了')
  await done()
})

test('a picture of a face that is gone leaves the first letter of the name', async () => {
  await show({ path: 'pages/mine/index', changes: { 'GET /me': ({ origin }) => ({ ...me, avatar_url: `${origin}/gone.jpg` }) } })
  await phone.top.getByText('王', { exact: true }).waitFor()
  await done()
})

test('a phone number that is not given is taken kindly', async () => {
  await show({ path: 'packages/account/profile/index' })
  await mock('openType:getPhoneNumber', { errMsg: 'getPhoneNumber:fail user deny' })
  await phone.tap('用微信手机号')
  await hear('没关系，需要时再填也行')
  assert.equal(askedFor('/me/phone').length, 0)
  await done()
})

test('an own picture that cannot be sent is told, and the old one stays', async () => {
  await show({ path: 'packages/account/profile/index', changes: { 'POST /me/avatar': () => refuse(413, 'too_large', '太大了。') } })
  await mock('openType:chooseAvatar', { avatarUrl: '/images/share.jpg' })
  await phone.tap(phone.top.locator('.choose'))
  await hear('头像没传上去，请再试一次')
  assert.equal((await phone.data()).avatar, '')
  await done()
})

for (const [fen, words] of [
  [1, '0.01'],
  [MAX_FEN, '99,999,999.99'],
]) {
  test(`¥${words} is read whole on a visit, on a ticket and with its code`, async () => {
    const worth = coupon({ discount_fen: fen })
    const changes = {
      'GET /me/visits': () => ({
        items: [
          {
            id: 'v1',
            store: { id: 's1', name: '西湖店' },
            amount_fen: fen,
            number: 1,
            at: campaign.starts_at,
            reviewable: true,
            review: null,
          },
        ],
        next_cursor: null,
      }),
      'GET /me/coupons': { items: [worth], next_cursor: null },
      'GET /me/coupons/{id}': worth,
    }
    for (const screen of [{ path: 'packages/wallet/visits/index' }, { path: 'pages/coupons/index' }, COUPON]) {
      await show({ ...screen, changes }, { small: true })
      const spilt = await phone.mp((text) => {
        const shown = [...document.querySelectorAll('.mp-view.on *')].filter((one) => one.innerText?.trim().endsWith(text))
        const ends = shown.map((one) => one.getBoundingClientRect().right)
        return ends.length === 0 || Math.max(...ends) > innerWidth
      }, words)
      assert.equal(spilt, false, screen.path)
      await done()
    }
  })
}
