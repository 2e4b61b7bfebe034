/** What belongs to a person comes from the sandbox, after the consents WeChat asks for. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { startSandbox } from '../support/neighbours.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
const VISIT = { template_id: 'visit', title: '到店通知' }
const GIFT = { template_id: 'gift', title: '礼券到账通知' }
let sandbox
let web

before(async () => {
  sandbox = await startSandbox({ templates: [VISIT, GIFT] })
  web = await serveApp({ src: SRC, sandbox: sandbox.origin })
})

after(async () => {
  await closeBrowser()
  await web.close()
  await sandbox.close()
})

/** A phone, open, with what `wx[name]` answers or fails with. */
async function open(options) {
  const phone = await newPhone(web.url)
  await phone.open({ consents: 'given', ...options })
  const call = (name, given) =>
    phone.mp(([key, value]) => new Promise((resolve) => window.__mp.wx[key]({ ...value, success: resolve, fail: resolve })), [name, given])
  return { phone, call, close: async () => (await phone.settle(), phone.close()) }
}

const lastAsked = (path) => JSON.parse(sandbox.seen.findLast(({ url }) => url === path).body)

test('wx.login gives a code of the person named in the address', async () => {
  const { call, close } = await open({ phone: 'p1' })
  assert.match((await call('login')).code, /^p1-login-code-/)
  assert.equal((await call('checkSession')).errMsg, 'checkSession:ok')
  await close()
})

test('without a name a person is made once and remembered', async () => {
  const { call, close } = await open({ nickname: '李女士' })
  const [first, second] = [await call('login'), await call('login')]
  assert.equal(first.code.split('-login')[0], second.code.split('-login')[0])
  assert.deepEqual(lastAsked('/_phones'), { nickname: '李女士' })
  await close()
})

test('the phone number is given only when the person allows it', async () => {
  const { phone, close } = await open({ phone: 'p2' })
  await phone.top.locator('.phone').tap()
  await phone.page.locator('.mp-modal-ok').tap()
  await phone.page.waitForFunction(() => window.__mp.data().ev.some((event) => event.includes('p2-phone-code')))
  await close()
})

test('the subscription dialog names the messages and tells the sandbox each verdict', async () => {
  const { phone, close } = await open({ phone: 'p3' })
  await phone.top.locator('.plain').tap()
  const asked = phone.mp(() => window.__mp.wx.requestSubscribeMessage({ tmplIds: ['visit', 'gift'] }))
  const dialog = phone.page.locator('.mp-subscribe')
  await dialog.getByText('礼券到账通知').tap()
  await dialog.locator('.mp-yes').tap()
  const { visit, gift } = await asked
  assert.deepEqual({ visit, gift }, { visit: 'accept', gift: 'reject' })
  const told = sandbox.seen.filter(({ url }) => url === '/_phones/p3/subscribe').map(({ body }) => JSON.parse(body))
  assert.deepEqual(told, [
    { template_ids: ['visit'], accept: true },
    { template_ids: ['gift'], accept: false },
  ])
  await close()
})

test('a choice kept for always is not asked again', async () => {
  const { phone, close } = await open({ phone: 'p4' })
  await phone.top.locator('.plain').tap()
  const first = phone.mp(() => window.__mp.wx.requestSubscribeMessage({ tmplIds: ['visit'] }))
  await phone.page.getByText('总是保持以上选择').tap()
  await phone.page.locator('.mp-subscribe .mp-yes').tap()
  await first
  const { visit } = await phone.mp(() => window.__mp.wx.requestSubscribeMessage({ tmplIds: ['visit'] }))
  assert.equal(visit, 'accept')
  await close()
})

test('a subscription cannot be asked for without a tap, nor for a template that is not there', async () => {
  const { phone, call, close } = await open({ phone: 'p5' })
  assert.match((await call('requestSubscribeMessage', { tmplIds: ['visit'] })).errMsg, /TAP gesture/)
  await phone.top.locator('.plain').tap()
  assert.equal((await call('requestSubscribeMessage', { tmplIds: ['none'] })).errCode, 20001)
  await close()
})

test('what touches personal data waits for the privacy consent', async () => {
  const { phone, call, close } = await open({ phone: 'p6', consents: undefined })
  assert.equal((await call('getPrivacySetting')).needAuthorization, true)
  const refused = call('setClipboardData', { data: 'x' })
  await phone.page.locator('.mp-privacy .mp-no').tap()
  assert.equal((await refused).errno, 104)
  const allowed = call('setClipboardData', { data: 'x' })
  await phone.page.locator('.mp-privacy .mp-yes').tap()
  assert.equal((await allowed).errMsg, 'setClipboardData:ok')
  assert.equal((await call('getPrivacySetting')).needAuthorization, false)
  await close()
})

test('an app that asks itself decides by its own button', async () => {
  const { phone, call, close } = await open({ phone: 'p7', consents: undefined })
  await phone.mp(() => window.__mp.wx.onNeedPrivacyAuthorization((resolve) => (window.__mp.decide = resolve)))
  const waiting = call('getClipboardData')
  await phone.page.waitForFunction(() => window.__mp.decide)
  await phone.mp(() => window.__mp.decide({ event: 'agree', buttonId: 'agree' }))
  assert.equal((await waiting).errMsg, 'getClipboardData:ok')
  await close()
})

test('saving a picture asks for the album once; a refusal stays until the settings change it', async () => {
  const { phone, call, close } = await open({ phone: 'p8', consents: undefined })
  const save = () => call('saveImageToPhotosAlbum', { filePath: '/images/logo.png' })
  const refused = save()
  await phone.page.locator('.mp-privacy .mp-yes').tap()
  await phone.page.locator('.mp-modal-no').tap()
  assert.equal((await refused).errMsg, 'saveImageToPhotosAlbum:fail auth deny')
  assert.equal((await save()).errMsg, 'saveImageToPhotosAlbum:fail auth deny')
  const settings = call('openSetting')
  await phone.page.locator('.mp-settings input').check()
  await phone.page.locator('.mp-settings .mp-yes').tap()
  assert.equal((await settings).authSetting['scope.writePhotosAlbum'], true)
  assert.equal((await save()).errMsg, 'saveImageToPhotosAlbum:ok')
  await close()
})
