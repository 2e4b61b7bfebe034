/** The mini-program on the phones of the sandbox's page, played by the runner with its own small app. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { dropFile, openDesk, openSandbox } from '../support/desk.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('../runner/app', import.meta.url))
const CODE = fileURLToPath(new URL('../runner/code.png', import.meta.url))
let sandbox
let web
let desk
let people

before(async () => {
  sandbox = await openSandbox()
  web = await serveApp({ src: SRC, sandbox: sandbox.origin })
  desk = await openDesk(sandbox.origin)
})

beforeEach(async () => {
  await sandbox.post('/_mini-program', { url: web.url })
  await sandbox.post('/_reset')
  people = [await sandbox.person('王小美'), await sandbox.person('李静')]
  await desk.page.reload() // it would notice the reset a moment later
})

after(async () => {
  await closeBrowser()
  await web.close()
  await sandbox.close()
  assert.deepEqual(desk.failures, [])
})

/** What runs in the frame of a phone, once it is ready. */
async function appOf(nickname) {
  const frame = desk.phone(nickname).locator('iframe')
  const content = await (await frame.elementHandle()).contentFrame()
  await content.waitForSelector('html[data-mp-ready]', { state: 'attached' })
  return content
}

const openApp = async (nickname) => {
  await desk.phone(nickname).getByRole('button', { name: '打开小程序' }).click()
  return appOf(nickname)
}

const route = (app) => app.evaluate(() => [window.__mp.top().route, window.__mp.enterOptions.scene])

test('a service message opens its page, with its query and scene', async () => {
  await sandbox.notify('mini_program', people[0], { page: 'pages/b/b?from=notice' })
  const phone = desk.phone('王小美')
  await phone.locator('[data-chat=service_notices]').click()
  await phone.getByText('进入小程序查看').click()

  const app = await appOf('王小美')

  assert.deepEqual(await route(app), ['pages/b/b', 1014])
  await phone.getByText('pages/b/b?from=notice').waitFor()
})

test('the running app is opened anew by a template message, and comes back after it was left', async () => {
  await sandbox.post(`/_phones/${people[0].id}/follow`)
  await sandbox.notify('official_account', people[0], { page: 'pages/b/b?from=card' })
  const app = await openApp('王小美')
  const phone = desk.phone('王小美')
  await app.evaluate(() => (window.wasHere = true))
  await app.locator('.mp-leave').click()
  await phone.locator('[data-chat=official_account]').click()
  await phone.locator('.card').click()

  await app.waitForFunction(() => window.__mp.top().route === 'pages/b/b')

  assert.deepEqual(await route(app), ['pages/b/b', 1043])
  assert.equal(await app.evaluate(() => window.wasHere), true)
})

test('a card shared in the mini-program stands in the friend’s chat and opens the page', async () => {
  const app = await openApp('王小美')
  const sent = app.evaluate(() => window.__mp.share())
  await app.locator('.mp-send').click()
  await sent
  await desk.phone('王小美').getByRole('button', { name: '李静' }).click()
  const friend = desk.phone('李静')
  await friend.getByText('[小程序] tmenu').click()
  await friend.locator('.mini-card').click()

  assert.deepEqual(await route(await appOf('李静')), ['pages/a/a', 1007])
})

test('a saved picture lands in the album, and is there again after the page is loaded anew', async () => {
  const app = await openApp('王小美')
  const image = `data:image/png;base64,${fs.readFileSync(CODE, 'base64')}`
  await app.evaluate(async (url) => {
    const blob = await (await fetch(url)).blob()
    const filePath = window.__mp.files.keep(blob)
    window.__mp.wx.saveImageToPhotosAlbum({ filePath })
  }, image)
  const consent = app.locator('.mp-yes, .mp-modal-ok').first()
  await consent.click()
  await app.waitForFunction(() => window.__mp.album.length === 1 || document.querySelector('.mp-modal-ok'))
  if (await app.locator('.mp-modal-ok').count()) await app.locator('.mp-modal-ok').click()
  await app.waitForFunction(() => window.__mp.album.length === 1)
  await app.locator('.mp-leave').click()
  const phone = desk.phone('王小美')
  await phone.getByRole('button', { name: '我', exact: true }).click()
  await phone.getByText('1 张').waitFor()
  await desk.page.reload()

  const again = await openApp('王小美')

  await again.waitForFunction(() => window.__mp.album.length === 1)
})

test('a picture dropped on the phone while its scanner is open is what the scanner sees', async () => {
  const app = await openApp('王小美')
  const scanned = app.evaluate(() => new Promise((resolve) => window.__mp.wx.scanCode({ success: resolve, fail: resolve })))
  await app.locator('.mp-scan').waitFor()

  await dropFile(desk.page, desk.phone('王小美').locator('.drop-cover'), { bytes: fs.readFileSync(CODE), type: 'image/png' })

  assert.equal((await scanned).result, 'https://shop.example/r/ABCD2345')
})

test('a picture dropped while no scanner is open is scanned by WeChat itself', async () => {
  await openApp('王小美')
  await dropFile(desk.page, desk.phone('王小美'), { bytes: fs.readFileSync(CODE), type: 'image/png' })

  await desk.phone('王小美').getByText('https://shop.example/r/ABCD2345').waitFor()
})

test('without a runner there is no entry, and one that died is told in words', async () => {
  await sandbox.post('/_mini-program', { url: '' })
  const phone = desk.phone('李静')
  await phone.getByRole('button', { name: '打开小程序' }).waitFor({ state: 'detached' })
  await sandbox.post('/_mini-program', { url: 'http://127.0.0.1:9/' })
  await phone.getByRole('button', { name: '打开小程序' }).click()
  await phone.getByText('小程序没有打开').waitFor()

  await phone.getByRole('button', { name: '返回微信' }).click()

  await phone.getByText('还没有消息').waitFor()
})
