/** Cards, pictures and codes travel between phones and to the page around them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser, openContext } from '../support/browser.mjs'
import { startSandbox } from '../support/neighbours.mjs'
import { address, newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
const CODE = fileURLToPath(new URL('./code.png', import.meta.url))
const ROUND_CODE = fileURLToPath(new URL('./round_code.jpg', import.meta.url))
let sandbox
let web

before(async () => {
  sandbox = await startSandbox({ opens: { opens: 'mini_program', path: 'pages/b/b', query: 'scene=ABCD2345' } })
  web = await serveApp({ src: SRC, sandbox: sandbox.origin })
})

after(async () => {
  await closeBrowser()
  await web.close()
  await sandbox.close()
})

const scan = (phone) => phone.mp(() => new Promise((resolve) => window.__mp.wx.scanCode({ success: resolve, fail: resolve })))

test('scanCode reads the code in a chosen picture', async () => {
  const phone = await newPhone(web.url)
  await phone.open({ phone: 'p1' })
  const scanned = scan(phone)
  await phone.page.locator('.mp-scan .mp-file').setInputFiles(CODE)
  const { result, scanType, errMsg } = await scanned
  assert.deepEqual({ result, scanType, errMsg }, { result: 'https://shop.example/r/ABCD2345', scanType: 'QR_CODE', errMsg: 'scanCode:ok' })
  await phone.settle()
})

test('a mini-program code is a path, not a text', async () => {
  const phone = await newPhone(web.url)
  await phone.open({ phone: 'p1' })
  const scanned = scan(phone)
  await phone.page.locator('.mp-scan .mp-file').setInputFiles(ROUND_CODE)
  const { result, path, scanType } = await scanned
  assert.deepEqual({ result, path, scanType }, { result: '', path: 'pages/b/b?scene=ABCD2345', scanType: 'WX_CODE' })
})

test('a picture without a code says so and waits; turning away is a cancel', async () => {
  const phone = await newPhone(web.url)
  await phone.open({ phone: 'p1' })
  const scanned = scan(phone)
  await phone.page.locator('.mp-scan .mp-file').setInputFiles(fileURLToPath(new URL('./app/images/logo.png', import.meta.url)))
  await phone.page.getByText('没有看到码').waitFor()
  await phone.page.locator('.mp-scan-no').tap()
  assert.equal((await scanned).errMsg, 'scanCode:fail cancel')
})

test('one phone scans what the other shows', async () => {
  const context = await openContext()
  const [shower, scanner] = [await newPhone(web.url, { context }), await newPhone(web.url, { context })]
  await shower.open({ phone: 'p1', nickname: '李静', consents: 'given' })
  await scanner.open({ phone: 'p2' })
  const chooser = shower.page.waitForEvent('filechooser')
  const chosen = shower.mp(() => window.__mp.wx.chooseMedia({ count: 1 }))
  await shower.page.locator('.mp-file-label').click()
  await (await chooser).setFiles(CODE)
  const { tempFiles } = await chosen
  await shower.mp((url) => window.__mp.wx.previewImage({ urls: [url] }), tempFiles[0].tempFilePath)
  const scanned = scan(scanner)
  await scanner.page.getByText('对准李静的手机').tap()
  assert.equal((await scanned).result, 'https://shop.example/r/ABCD2345')
  await shower.settle()
  await scanner.settle()
})

test('a long press on a picture follows its code to the page the sandbox names', async () => {
  const phone = await newPhone(web.url)
  await phone.open({ phone: 'p3', consents: 'given' })
  await phone.mp(
    async (bytes) => {
      const path = window.__mp.files.keep(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
      await window.__mp.wx.previewImage({ urls: [path] })
      const picture = await (await fetch(document.querySelector('.mp-preview img').src)).blob()
      void window.__mp.pictureMenu(picture)
    },
    [...(await import('node:fs')).readFileSync(CODE)],
  )
  await phone.page.getByText('识别图中的码').tap()
  await phone.at('pages/b/b')
  assert.deepEqual(JSON.parse(sandbox.seen.findLast(({ url }) => url === '/_phones/p3/scan').body), {
    payload: 'https://shop.example/r/ABCD2345',
  })
  assert.equal(await phone.mp(() => window.__mp.enterOptions.scene), 1012)
  assert.equal(await phone.mp(() => window.__mp.pages()[0].query.scene), 'ABCD2345')
  await phone.settle()
})

/** A page with one phone in a frame, as the sandbox's page has them; `heard` are the messages it got. */
async function frame(options) {
  const context = await openContext()
  const page = await context.newPage()
  await page.route('**/around', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }))
  await page.goto(`${web.url}around`)
  await page.evaluate(
    (src) => {
      window.heard = []
      addEventListener('message', ({ data }) => data?.source === 'mini-program' && window.heard.push(data))
      const inner = Object.assign(document.createElement('iframe'), { src, width: 375, height: 780 })
      document.body.append(inner)
    },
    address(web.url, options),
  )
  const heard = (type) =>
    page.waitForFunction((wanted) => window.heard.find((message) => message.type === wanted), type).then((found) => found.jsonValue())
  const tell = (message) => page.evaluate((given) => document.querySelector('iframe').contentWindow.postMessage(given, '*'), message)
  return { page, heard, tell, inner: page.frameLocator('iframe') }
}

test('the page around hears what the phone opens and can open another page in it', async () => {
  const { heard, tell, page } = await frame({ phone: 'p4', path: 'pages/a/a', query: 'k=v', scene: 1047 })
  const { path, query, phone } = await heard('opened')
  assert.deepEqual({ path, query, phone }, { path: 'pages/a/a', query: { k: 'v' }, phone: 'p4' })
  await page.evaluate(() => (window.heard = []))
  await tell({ type: 'open', path: 'pages/b/b', query: 'from=card', scene: 1007 })
  const opened = await heard('opened')
  assert.deepEqual([opened.path, opened.query, opened.scene], ['pages/b/b', { from: 'card' }, 1007])
})

test('a card is shown, sent, and handed to the page around', async () => {
  const { heard, inner } = await frame({ phone: 'p5', path: 'pages/a/a' })
  await heard('ready')
  await inner.locator('.mp-more').tap()
  await inner.getByText('发送给朋友').tap()
  await inner.locator('.mp-card').waitFor()
  await inner.locator('.mp-send').tap()
  const { title, path, from } = await heard('share')
  assert.deepEqual({ title, path, from }, { title: 'tmenu', path: '/pages/a/a', from: 'menu' })
})

test('the scanner takes what the page around scanned', async () => {
  const { heard, tell, page } = await frame({ phone: 'p6', path: 'pages/a/a' })
  await heard('ready')
  const [inside] = page.frames().slice(1)
  const scanned = inside.evaluate(() => window.__mp.wx.scanCode())
  await heard('scan')
  await tell({ type: 'scanned', text: 'TOKEN-1' })
  assert.equal((await scanned).result, 'TOKEN-1')
})
