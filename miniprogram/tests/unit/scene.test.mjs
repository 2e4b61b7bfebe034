/** A person is recognised by every way in, and a wrong picture is told from a code. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.mjs'

const { codeInLink, readCode, readEntry, readScan } = await source('utils/scene')
const CODE = 'HK7Q2M9X'

test('a code is read in any case, with blanks and hyphens', () => {
  for (const typed of [CODE, 'hk7q2m9x', 'HK7Q-2M9X', ' hk7q 2m9x ']) assert.equal(readCode(typed), CODE)
})

test('look-alike letters, other lengths and other signs are no code', () => {
  for (const typed of ['', 'HK7Q2M9', 'HK7Q2M9XX', 'HK7Q2M9O', 'HK7Q2M91', 'HK7Q2M9！']) assert.equal(readCode(typed), null)
})

test('each way in gives the code and its channel', () => {
  assert.deepEqual(readEntry({ c: CODE }), { code: CODE, channel: 'friend' })
  assert.deepEqual(readEntry({ c: CODE, typed: '1' }), { code: CODE, channel: 'typed' })
  assert.deepEqual(readEntry({ scene: CODE.toLowerCase() }), { code: CODE, channel: 'poster' })
  assert.deepEqual(readEntry({ q: encodeURIComponent(`https://yinjian.example/r/${CODE}`), scancode_time: '1' }), { code: CODE, channel: 'poster' })
  assert.deepEqual(readEntry({}), { code: null, channel: 'typed' })
})

test('a broken encoding is no code and no crash', () => {
  assert.deepEqual(readEntry({ q: '%E0%A4%A' }), { code: null, channel: 'poster' })
  assert.deepEqual(readEntry({ scene: '%' }), { code: null, channel: 'poster' })
})

test('a link holds a code only after /r/', () => {
  assert.equal(codeInLink(`https://a.example/r/${CODE}?from=x`), CODE)
  assert.equal(codeInLink(`https://a.example/x/${CODE}`), null)
})

test('the camera tells coupons, members, posters and other pictures apart', () => {
  assert.deepEqual(readScan('YJC7f3a9c1e5b2d8046'), { kind: 'coupon', token: 'YJC7f3a9c1e5b2d8046' })
  assert.deepEqual(readScan('YJM1b9d4f7a2c5e8036'), { kind: 'customer', token: 'YJM1b9d4f7a2c5e8036' })
  assert.deepEqual(readScan(`https://yinjian.example/r/${CODE}`), { kind: 'poster' })
  assert.deepEqual(readScan(CODE), { kind: 'poster' })
  assert.deepEqual(readScan('https://pay.example/abc'), { kind: 'other' })
  assert.deepEqual(readScan('  '), { kind: 'blank' })
})
