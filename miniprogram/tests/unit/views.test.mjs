/** Server facts become the right words on tickets, friends, points and the desk. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coupon, friends, summary } from '../screens/world.mjs'
import { source } from './source.mjs'

const { foldOf, promisedTicket, ticketOf } = await source('utils/coupon-view')
const { progressOf, rowOf, storyOf } = await source('utils/referral-view')
const { entryOf } = await source('utils/points-view')
const { deskOf, refusalOf } = await source('utils/staff-view')
const { appendPatch } = await source('utils/page-list')

test('a percentage off is said as the Chinese fold', () => {
  assert.deepEqual([10, 12, 20, 50, 5, 1].map(foldOf), ['9', '8.8', '8', '5', '9.5', '9.9'])
})

test('a ticket says worth, condition and last day', () => {
  const { sign, figure, condition, validity, usable } = ticketOf(coupon({ valid_until: '2030-01-02T00:00:00+08:00' }))
  assert.deepEqual({ sign, figure, condition, validity, usable }, { sign: '¥', figure: '20', condition: '满 ¥100 可用', validity: '2030年1月2日前有效', usable: true })
})

test('the largest worth is set small enough for the stub', () => {
  assert.ok(ticketOf(coupon({ discount_fen: 9_999_999_999 })).size < ticketOf(coupon()).size)
})

test('a state that is not known yet is not usable and has a word', () => {
  const { usable, stateWord } = ticketOf(coupon({ state: 'frozen' }))
  assert.deepEqual({ usable, stateWord }, { usable: false, stateWord: '不可用' })
})

test('a promised ticket tells how long it will last, not a date', () => {
  assert.equal(promisedTicket({ title: '新人券', kind: 'amount_off', discount_fen: 500, threshold_fen: 0, valid_days: 7 }).validity, '领取后 7 天内有效')
})

test('progress counts friends who came, and tells what is left to the milestone', () => {
  const { count, next, percent } = progressOf(summary)
  assert.deepEqual({ count, next, percent }, { count: '2', next: '再来 3 位朋友，得招牌小菜一份', percent: 40 })
})

test('without a milestone there is no bar, and with nobody a kind line', () => {
  const { line, next, points } = progressOf({ counts: {}, next_milestone: null })
  assert.deepEqual({ line, next, points }, { line: '还没有朋友来过', next: '', points: '' })
})

test('a row of the list stays small: 20 of them are far below the limit of setData', () => {
  const rows = Array.from({ length: 20 }, () => rowOf({ ...friends[0], friend_display_name: '🐱'.repeat(60) }))
  assert.ok(JSON.stringify(appendPatch('rows', 980, rows)).length < 16_000)
  assert.deepEqual(Object.keys(appendPatch('rows', 980, rows.slice(0, 2))), ['rows[980]', 'rows[981]'])
})

test('the story tells steps in order, reasons in both forms, and when a reward becomes usable', () => {
  const { steps, reasons, rewards } = storyOf({ ...friends[1], reasons: ['一句话', { code: 'x', message: '两句话' }] })
  assert.deepEqual(steps.map(({ key }) => key), [0, 1])
  assert.deepEqual(reasons, ['一句话', '两句话'])
  assert.match(rewards[0].state, /^\d+月\d+日生效$/)
})

test('a line of points names its source once', () => {
  const bare = { id: 'e', at: '2026-11-22T12:00:00+08:00', points: -5, source: '抵用' }
  assert.equal(entryOf(bare).source, '')
  assert.equal(entryOf({ ...bare, title: '积分抵用' }).source, '抵用')
})

test('the desk works with figures alone', () => {
  assert.deepEqual(deskOf({ visits: { count: 1, amount_fen: 1 }, redemptions: { count: 0, discount_fen: 0 } }), { visits: '1 次', takings: '¥0.01', redemptions: '0 次', discount: '¥0.00', rows: [] })
})

test('a refusal at the counter that has no words of ours uses the words of the server', () => {
  assert.equal(refusalOf('coupon_used', 'x').title, '这张券用过了')
  assert.equal(refusalOf('brand_new_code', '请找店长。').body, '请找店长。')
})
