/** What holds for the whole source: one caller of the network, one place for words, no colour outside the tokens, every page in routes. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { source } from './source.mjs'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

const FILES = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => !name.startsWith('miniprogram_npm') && /\.(ts|wxml|wxss|json)$/.test(name))
  .map((name) => ({ name: name.split(path.sep).join('/'), text: fs.readFileSync(path.join(SRC, name), 'utf8') }))

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
const naming = (pattern, kinds) => FILES.filter(({ name, text }) => kinds.test(name) && pattern.test(withoutComments(text))).map(({ name }) => name)

test('only services/http calls the network', () => {
  assert.deepEqual(naming(/wx\.(request|uploadFile|downloadFile)\b/, /\.ts$/), ['services/http.ts'])
})

test('only texts/ holds Chinese words', () => {
  const others = naming(/[\u4e00-\u9fff]/, /\.(ts|wxml)$/).filter((name) => !name.startsWith('texts/'))
  assert.deepEqual(others, ['utils/screen.ts', 'utils/text.ts', 'utils/time.ts'])
})

test('colours stand in the tokens; only the code page is always printed black on white', () => {
  const others = naming(/#[0-9a-f]{3,8}\b/i, /\.wxss$/).filter((name) => name !== 'styles/tokens.wxss')
  assert.deepEqual(others.sort(), ['components/qr-code/qr-code.wxss', 'components/ticket/ticket.wxss', 'packages/wallet/coupon/index.wxss'])
})

test('every page of app.json has a route, and every route a page', async () => {
  const { routes } = await source('utils/routes')
  const app = JSON.parse(FILES.find(({ name }) => name === 'app.json').text)
  const pages = [...app.pages, ...app.subPackages.flatMap(({ root, pages: inside }) => inside.map((page) => `${root}/${page}`))]
  assert.deepEqual(Object.values(routes).sort(), pages.map((page) => `/${page}`).sort())
})

test('tabs and the landing stand in the main package, nothing else', () => {
  const app = JSON.parse(FILES.find(({ name }) => name === 'app.json').text)
  const tabs = app.tabBar.list.map(({ pagePath }) => pagePath)
  assert.deepEqual(app.pages.filter((page) => !tabs.includes(page)), ['pages/landing/index'])
})

test('the hosts of trial and release are https', async () => {
  for (const name of ['trial', 'release']) assert.match((await source(`config/env.${name}`)).baseUrl, /^https:\/\/[^/]+$/)
})

test('files stay small', () => {
  assert.deepEqual(FILES.filter(({ text }) => text.split('\n').length > 400).map(({ name }) => name), [])
})

test('no request uses a method that WeChat refuses', () => {
  assert.deepEqual(naming(/'PATCH'/, /\.ts$/), [])
})
