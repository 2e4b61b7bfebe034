/** QR symbols equal those of an independent encoder (python-qrcode 8.2, in qr-symbols.json: one hex number a row, led by a 1). */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test } from 'node:test'
import { source } from './source.mjs'

const { encodeQr } = await source('utils/qr')
const SYMBOLS = JSON.parse(fs.readFileSync(new URL('./qr-symbols.json', import.meta.url), 'utf8'))

const rows = (matrix) => matrix.map((row) => BigInt(`0b1${row.map(Number).join('')}`).toString(16))

for (const { text, mask, hex } of SYMBOLS) {
  test(`${text.length} characters under mask ${mask} give the same modules`, () => {
    assert.deepEqual(rows(encodeQr(text, mask)), hex)
  })
}

test('the mask it chooses itself is one of the eight', () => {
  const chosen = rows(encodeQr('HK7Q2M9X')).join()
  assert.ok([0, 1, 2, 3, 4, 5, 6, 7].some((mask) => rows(encodeQr('HK7Q2M9X', mask)).join() === chosen))
})

test('what does not fit or is not ASCII is refused', () => {
  assert.throws(() => encodeQr('x'.repeat(214)), RangeError)
  assert.throws(() => encodeQr('码'), RangeError)
})
