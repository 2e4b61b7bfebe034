/** Dates, names and sentences read as people in the shop say them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.mjs'

const { formatClock, formatDate, formatTime, secondsLeft } = await source('utils/time')
const { clipName, fill, initial, phrases } = await source('utils/text')
const NOW = Date.parse('2026-11-22T12:00:00+08:00')

test('times are those of China, whatever offset they come in', () => {
  for (const at of ['2026-11-22T23:30:00+08:00', '2026-11-22T15:30:00Z', '2026-11-22T15:30:00.123456+00:00']) assert.equal(formatTime(at, NOW), '11月22日 23:30')
  assert.equal(formatClock('2026-11-22T16:05:00Z'), '00:05')
})

test('the year is said when it is another one', () => {
  assert.equal(formatDate('2027-01-01T00:00:00+08:00', NOW), '2027年1月1日')
  assert.equal(formatDate('2026-12-31T15:59:59Z', NOW), '12月31日')
})

test('what is no time stays silent', () => {
  for (const at of [null, undefined, '', 'soon']) assert.equal(formatDate(at, NOW), '')
})

test('a rotating code lives as long as the server says, and half a minute when the phone clock is far off', () => {
  assert.equal(secondsLeft({ expires_in: 12, expires_at: '2020-01-01T00:00:00Z' }, NOW), 12)
  assert.equal(secondsLeft({ expires_at: '2026-11-22T12:00:20+08:00' }, NOW), 20)
  assert.equal(secondsLeft({ expires_at: '2026-12-30T12:00:20+08:00' }, NOW), 30)
  assert.equal(secondsLeft({ expires_at: '2020-01-01T00:00:00Z' }, NOW), 30)
})

test('names are cut by characters, never inside an emoji', () => {
  assert.equal(clipName('西湖边的小猫🐱🐱🐱', 8), '西湖边的小猫🐱…')
  assert.equal(clipName(' 王小美 ', 8), '王小美')
  assert.deepEqual(['🐱咪', '', null, ' 李静'].map(initial), ['🐱', '友', '友', '李'])
})

test('a sentence takes its facts, and nothing where there is none', () => {
  assert.equal(fill('再来 {left} 位，得{reward}', { left: 2, reward: '小菜' }), '再来 2 位，得小菜')
  assert.equal(fill('{name}，你好', {}), '，你好')
})

test('a sentence breaks behind its punctuation only, and nothing of it is lost', () => {
  assert.deepEqual(phrases('没赶上也没关系，看看还有没有别的券。'), ['没赶上也没关系，', '看看还有没有别的券。'])
  assert.deepEqual(phrases('他说：“汤很鲜。”谢谢你'), ['他说：', '“汤很鲜。”', '谢谢你'])
  for (const text of ['', '。', '，先来', '再来 3 位朋友', '好！！好', 'busy…']) assert.equal(phrases(text).join(''), text)
})
