/** Whatever colour a shop chooses, words stay readable in light and dark. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { source } from './source.mjs'

const { brandStyle, contrast, readColor } = await source('utils/color')
const GROUNDS = { l: ['#f6f1e7', '#fffdf8'], d: ['#181411', '#231e1a'] }

const variables = (style) => Object.fromEntries(style.split(';').filter(Boolean).map((pair) => pair.slice(2).split(':')))
const ratio = (a, b) => contrast(readColor(a), readColor(b))

test('contrast is that of WCAG', () => {
  assert.equal(Math.round(ratio('#000', '#ffffff')), 21)
  assert.equal(ratio('#777777', '#777'), 1)
})

test('each of a thousand colours gives readable words on buttons, cards and paper', () => {
  for (let i = 0; i < 1000; i += 1) {
    const color = `#${((i * 7919 * 2113) % 0x1000000).toString(16).padStart(6, '0')}`
    const v = variables(brandStyle(color))
    for (const mode of ['l', 'd']) {
      assert.ok(ratio(v[`on-brand-${mode}`], v[`brand-${mode}`]) >= 4.4, `${color} ${mode}: button`)
      for (const ground of [...GROUNDS[mode], v[`brand-soft-${mode}`]]) assert.ok(ratio(v[`brand-text-${mode}`], ground) >= 4.4, `${color} ${mode}: text on ${ground}`)
    }
  }
})

test('a colour that cannot be read changes nothing', () => {
  for (const text of ['', 'red', '#12', '#gggggg']) assert.equal(brandStyle(text), '')
})
