/** The build refuses, with file and line, what WeChat refuses or would silently draw as nothing. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { build } from '../../tools/build.mjs'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mini-program-build-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const SOUND = {
  'app.json': '{"pages": ["pages/a/a"]}',
  'app.ts': 'App({})',
  'app.wxss': 'page { color: #111; }',
  'pages/a/a.json': '{}',
  'pages/a/a.ts': 'Page({})',
  'pages/a/a.wxml': '<view class="a">甲</view>',
  'pages/a/a.wxss': '.a { width: 10rpx; }',
}

let count = 0
/** Writes the sound app with some files changed and builds it; answers the findings. */
async function findings(changes = {}) {
  const src = path.join(folder, `app-${++count}`)
  for (const [file, text] of Object.entries({ ...SOUND, ...changes })) {
    fs.mkdirSync(path.dirname(path.join(src, file)), { recursive: true })
    fs.writeFileSync(path.join(src, file), text)
  }
  return build({ src, out: path.join(folder, `out-${count}`) }).then(
    ({ warnings }) => warnings,
    ({ errors }) => errors ?? [],
  )
}

test('a sound app has no findings', async () => {
  assert.deepEqual(await findings(), [])
})

const REFUSED = {
  'an unknown tag': [{ 'pages/a/a.wxml': '<view>\n<veiw /></view>' }, 'pages/a/a.wxml:2 <veiw> is neither built in nor in usingComponents'],
  'a tag of the web': [{ 'pages/a/a.wxml': '<div>甲</div>' }, 'pages/a/a.wxml:1 <div> is neither built in nor in usingComponents'],
  'a call in a template': [
    { 'pages/a/a.wxml': '<view>{{ items.map(x) }}</view>' },
    'pages/a/a.wxml:1 "items.map(" calls something that is not a WXS module',
  ],
  'an attribute WeChat ignores': [
    { 'pages/a/a.wxml': '<view role="button">甲</view>' },
    'pages/a/a.wxml:1 <view> does not know the attribute "role": WeChat calls it aria-role',
  ],
  'a selector for everything': [{ 'pages/a/a.wxss': '.a * { color: red; }' }, 'pages/a/a.wxss: the selector * is not supported in WXSS'],
  'a file of the package in url()': [
    { 'pages/a/a.wxss': '.a { background: url(/images/a.png); }' },
    'pages/a/a.wxss: a local file in url() shows nothing on a phone: url(/images/a.png)',
  ],
  'a style sheet that cannot be read': [{ 'pages/a/a.wxss': '.a { color: red;' }, 'pages/a/a.wxss:1: Unclosed block'],
  'a page that is not there': [{ 'app.json': '{"pages": ["pages/a/a", "pages/b/b"]}' }, 'pages/b/b: no .ts or .js file'],
  'a component that is not there': [
    { 'pages/a/a.json': '{"usingComponents": {"x-y": "/components/x/x"}}' },
    'pages/a/a.json: component "x-y" not found at "/components/x/x"',
  ],
  'a module that is not there': [{ 'pages/a/a.ts': "import { a } from './b'; Page({ a })" }, 'pages/a/a.ts: cannot resolve "./b"'],
  'a WXS script that is not there': [{ 'pages/a/a.wxml': '<wxs src="./m.wxs" module="m" />' }, 'pages/a/m.wxs: not found'],
  'a theme value that is not there': [
    {
      'app.json': '{"pages": ["pages/a/a"], "darkmode": true, "themeLocation": "theme.json", "window": {"backgroundColor": "@page"}}',
      'theme.json': '{"light": {"page": "#fff"}, "dark": {}}',
    },
    'theme.json: no dark value for "@page"',
  ],
  'dark styles without dark mode': [
    { 'app.wxss': '@media (prefers-color-scheme: dark) { page { color: #fff; } }' },
    'app.json: style sheets speak of prefers-color-scheme, but "darkmode" is not true',
  ],
}

for (const [name, [changes, sentence]] of Object.entries(REFUSED)) {
  test(`${name} is found`, async () => {
    assert.deepEqual(await findings(changes), [sentence])
  })
}

const BROKEN = {
  'an unclosed binding': { 'pages/a/a.wxml': '<view>{{ a </view>' },
  'an unclosed tag': { 'pages/a/a.wxml': '<view><text></view>' },
  'newer JavaScript in WXS': { 'pages/a/a.wxml': '<wxs module="m">module.exports = { a: () => 1 }</wxs>' },
  'TypeScript that cannot be read': { 'pages/a/a.ts': 'Page({' },
  'settings that are no JSON': { 'pages/a/a.json': '{' },
}

for (const [name, changes] of Object.entries(BROKEN)) {
  test(`${name} is found in its file`, async () => {
    const found = await findings(changes)
    assert.ok(
      found.some((sentence) => sentence.startsWith('pages/a/a')),
      found.join('\n'),
    )
  })
}

test('a build that fails leaves what was built before', async () => {
  const out = path.join(folder, 'kept')
  await findings()
  await build({ src: path.join(folder, `app-${count}`), out })
  await assert.rejects(build({ src: path.join(folder, 'nothing'), out }))
  assert.ok(fs.existsSync(path.join(out, 'app.js')))
})

test('a component of an npm package is found where DevTools packs it', async () => {
  const used = {
    'pages/a/a.json': '{"usingComponents": {"x-mark": "some-package/mark/mark"}}',
    'pages/a/a.wxml': '<x-mark />',
  }
  assert.deepEqual(await findings(used), ['pages/a/a.json: component "x-mark" not found at "some-package/mark/mark"'])
  const mark = 'miniprogram_npm/some-package/mark/mark'
  const packed = { [`${mark}.json`]: '{"component": true}', [`${mark}.js`]: 'Component({})', [`${mark}.wxml`]: '<view>记</view>' }
  assert.deepEqual(await findings({ ...used, ...packed }), [])
})
