/** Amounts are shown and read to the fen, from ¥0.01 to ¥99,999,999.99. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.mjs'

const { bareYuan, formatChange, formatCount, formatFen, MAX_FEN, parseYuan, shortFen } = await source('utils/money')

test('a bill shows two decimals and thousands at every size', () => {
  const shown = [0, 1, 10, 100, 123456, MAX_FEN, -2050].map(formatFen)
  assert.deepEqual(shown, ['¥0.00', '¥0.01', '¥0.10', '¥1.00', '¥1,234.56', '¥99,999,999.99', '−¥20.50'])
})

test('a ticket shows decimals only where there are some', () => {
  assert.deepEqual([2000, 2050, 1, 100000000].map(bareYuan), ['20', '20.50', '0.01', '1,000,000'])
  assert.deepEqual([2000, -500].map(shortFen), ['¥20', '−¥5'])
})

test('what a clerk types becomes the same fen', () => {
  const typed = ['128', '128.5', '128.50', '0.01', '.5', '007', '1,234.56', '¥ 88', '88。8', '99999999.99', '5.']
  assert.deepEqual(typed.map(parseYuan), [12800, 12850, 12850, 1, 50, 700, 123456, 8800, 8880, MAX_FEN, 500])
})

test('what is no amount is named, never guessed', () => {
  assert.deepEqual(['', '  ', '0', '0.00'].map(parseYuan), ['none', 'none', 'none', 'none'])
  assert.deepEqual(['abc', '1.234', '1.2.3', '-5', '1e3', '.'].map(parseYuan), ['bad', 'bad', 'bad', 'bad', 'bad', 'bad'])
  assert.equal(parseYuan('100000000'), 'huge')
})

test('every amount of fen survives being shown and read again', () => {
  for (let fen = 1; fen <= MAX_FEN; fen = fen * 3 + 7) assert.equal(parseYuan(formatFen(fen)), fen)
})

test('points carry their sign and thousands', () => {
  assert.deepEqual([200, -1380, 0].map(formatChange), ['+200', '−1,380', '0'])
  assert.equal(formatCount(99999999), '99,999,999')
})
