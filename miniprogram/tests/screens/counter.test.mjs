/** The clerk's screens when a code is wrong, late or refused, and when an amount is odd: each case says what to do with the customer who waits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedFor, bodyOf, done, hear, mock, phone, see, show } from './play.mjs'
import { ANSWERS, clerk, refuse } from './world.mjs'

const COUPON_TOKEN = 'YJC7f3a9c1e5b2d8046a7c9e1f3b5d7'
const STAFF = { 'POST /sessions': { ...ANSWERS['POST /sessions'](), me: clerk }, 'GET /me': clerk }
const DESK = { path: 'packages/staff/desk/index', changes: STAFF }

const PICTURES = { 'https://yinjian.example/r/HK7Q2M9X': '这是推荐海报', 'https://pay.example/x': '这不是券码', '': '没扫到内容' }

for (const [result, title] of Object.entries(PICTURES)) {
  test(`a clerk who scans ${result || 'nothing'} is told what it was`, async () => {
    await show(DESK)
    await mock('scanCode', { result })
    await phone.tap('扫码核销')
    await see(title)
    await phone.page.locator('.mp-modal-ok').click()
    await done()
  })
}

const AT_COUNTER = {
  token_expired: '码已经过期',
  coupon_used: '这张券用过了',
  coupon_expired: '这张券过期了',
  coupon_not_valid_here: '这张券不在本店用',
  unknown_token: '这个码认不出来',
}

for (const [code, title] of Object.entries(AT_COUNTER)) {
  test(`a redemption refused with ${code} says what to ask the customer for`, async () => {
    const status = code === 'unknown_token' ? 404 : 409
    await show({
      path: 'packages/staff/redeem/index',
      query: { token: COUPON_TOKEN },
      changes: { ...STAFF, 'POST /staff/redemptions': () => refuse(status, code, '不行') },
    })
    await phone.top.locator('input').first().fill('128')
    await phone.tap('确认核销')
    await see(title)
    await see('再扫一次')
    await done()
  })
}

test('a bill below the threshold keeps the coupon and the form', async () => {
  await show({
    path: 'packages/staff/redeem/index',
    query: { token: COUPON_TOKEN },
    changes: { ...STAFF, 'POST /staff/redemptions': () => refuse(409, 'threshold_not_met', '还差 ¥20 才能用。') },
  })
  await phone.top.locator('input').first().fill('80')
  await phone.tap('确认核销')
  await see('还差 ¥20 才能用。')
  await phone.page.locator('.mp-modal-ok').click()
  assert.equal((await phone.data()).amount, '80')
  await done()
})

const AMOUNTS = {
  'nothing typed': ['', '先填金额'],
  letters: ['abc', '金额写到分为止'],
  'too much': ['100000000', '金额最多 ¥99,999,999.99'],
}

for (const [what, [typed, words]] of Object.entries(AMOUNTS)) {
  test(`an amount of ${what} is stopped on the phone`, async () => {
    await show({ path: 'packages/staff/redeem/index', query: { token: COUPON_TOKEN }, changes: STAFF })
    await phone.top.locator('input').first().fill(typed)
    await phone.tap('确认核销')
    await hear(words)
    assert.equal(askedFor('/staff/redemptions').length, 0)
    await done()
  })
}

for (const [typed, fen] of Object.entries({ 0.01: 1, 99999999.99: 9_999_999_999 })) {
  test(`a bill of ¥${typed} arrives to the fen`, async () => {
    await show({ path: 'packages/staff/redeem/index', query: { token: COUPON_TOKEN }, changes: STAFF })
    await phone.top.locator('input').first().fill(typed)
    await phone.tap('确认核销')
    await see('核销好了')
    assert.deepEqual(bodyOf(askedFor('/staff/redemptions')[0]), { token: COUPON_TOKEN, store_id: 's1', order_amount_fen: fen })
    await done()
  })
}

test('an undo that comes too late is explained', async () => {
  await show({ ...DESK, changes: { ...STAFF, 'POST /staff/redemptions/{id}/undo': () => refuse(409, 'undo_too_late', '超过了。') } })
  await phone.tap(phone.top.getByText('撤销', { exact: true }))
  await see('撤销这次核销？')
  await phone.page.locator('.mp-modal-ok').click()
  await see('过了可以撤销的时间')
  await phone.page.locator('.mp-modal-ok').click()
  await done()
})

test('a visit without a receipt gets one number, kept when it is tried again', async () => {
  let cut = true
  const record = (request) => (cut ? refuse(500, 'server', '') : ANSWERS['POST /staff/visits'](request))
  await show({
    path: 'packages/staff/visit/index',
    query: { token: 'YJM1b9d4f7a2c5e8036b1d4f7a9c2e5' },
    changes: { ...STAFF, 'POST /staff/visits': record },
  })
  await phone.top.locator('input').first().fill('88')
  await phone.tap('记下这次到店')
  await hear('店里的系统正忙')
  cut = false
  await phone.tap('记下这次到店')
  await see('记好了')
  const numbers = askedFor('/staff/visits').map((request) => bodyOf(request).order_no)
  assert.match(numbers[0], /^M\d{17}$/)
  assert.equal(new Set(numbers).size, 1)
  await done()
})

test('a phone number with a slip is stopped before it is sent', async () => {
  await show({ path: 'packages/staff/visit/index', changes: STAFF })
  await phone.tap('记下这次到店')
  await hear('先扫会员码，或输入手机号')
  await phone.top.locator('input').first().fill('1380000')
  await phone.tap('记下这次到店')
  await hear('手机号是 11 位数字')
  await done()
})
