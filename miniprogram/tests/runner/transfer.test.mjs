/** A merchant's transfer reaches the person only after they confirmed it, and only when the sandbox carries it out. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { startSandbox } from '../support/neighbours.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
const APP_ID = 'wx1111111111110000'
const GIVEN = { mchId: '1900000001', appId: APP_ID, package: 'bill-1' }
const REFUSAL = '没有这笔转账'
let sandbox
let web

before(async () => {
  const transfer = (body) =>
    body.package === 'bill-1'
      ? { state: 'SUCCESS' }
      : { status: 404, body: JSON.stringify({ error: { code: 'not_found', message: REFUSAL } }) }
  sandbox = await startSandbox({ appid: APP_ID, transfer })
  web = await serveApp({ src: SRC, sandbox: sandbox.origin })
})

after(async () => {
  await closeBrowser()
  await web.close()
  await sandbox.close()
})

/** A phone, open; `transfer` asks WeChat and answers what `success` or `fail` was told. */
async function open(options, url = web.url) {
  const phone = await newPhone(url)
  await phone.open({ title: '阿芳美发', ...options })
  const transfer = (given) =>
    phone.mp(
      (value) => new Promise((resolve) => window.__mp.wx.requestMerchantTransfer({ ...value, success: resolve, fail: resolve })),
      given,
    )
  const dialog = phone.page.locator('.mp-transfer')
  return { phone, transfer, dialog, close: async () => (await phone.settle(), phone.close()) }
}

const confirmed = (person) =>
  sandbox.seen.filter(({ url }) => url === `/_phones/${person}/confirm-transfer`).map(({ body }) => JSON.parse(body))

test('a confirmed transfer is confirmed at the sandbox', async () => {
  const { phone, transfer, dialog, close } = await open({ phone: 't1' })
  assert.equal(await phone.mp(() => window.__mp.wx.canIUse('requestMerchantTransfer')), true)
  const asked = transfer(GIVEN)
  await dialog.getByText('收款确认').waitFor()
  assert.equal(await dialog.getByText('阿芳美发').count(), 1)
  assert.deepEqual(confirmed('t1'), [])
  await dialog.getByText('确认收款').tap()
  assert.deepEqual(await asked, { errMsg: 'requestMerchantTransfer:ok', result: 'success' })
  assert.deepEqual(confirmed('t1'), [{ package: 'bill-1' }])
  assert.equal(await dialog.count(), 0)
  await close()
})

test('a cancelled transfer is not told to the sandbox', async () => {
  const { transfer, dialog, close } = await open({ phone: 't2' })
  const asked = transfer(GIVEN)
  await dialog.getByText('取消').tap()
  assert.deepEqual(await asked, { errMsg: 'requestMerchantTransfer:fail cancel' })
  assert.deepEqual(confirmed('t2'), [])
  await close()
})

test('a refusal of the sandbox is told in its words, and the visitor stays who they are', async () => {
  const { phone, transfer, dialog, close } = await open({ nickname: '李女士' })
  const idOf = async () => (await phone.mp(() => window.__mp.wx.login())).code.split('-login')[0]
  const earlier = await idOf()
  const asked = transfer({ ...GIVEN, package: 'bill-2' })
  await dialog.getByText('确认收款').tap()
  assert.equal((await asked).errMsg, `requestMerchantTransfer:fail sandbox answered 404: ${REFUSAL}`)
  assert.deepEqual(confirmed(earlier), [{ package: 'bill-2' }])
  assert.equal(await idOf(), earlier)
  await close()
})

test("another mini-program's appId is refused without asking; the own one is known by both its names", async () => {
  const { phone, transfer, dialog, close } = await open({ phone: 't3' })
  assert.match((await transfer({ ...GIVEN, appId: 'wx9999999999990000' })).errMsg, /^requestMerchantTransfer:fail appId is not that/)
  assert.equal(await dialog.count(), 0)
  const appId = await phone.mp(() => window.__mp.wx.getAccountInfoSync().miniProgram.appId)
  const asked = transfer({ ...GIVEN, appId })
  await dialog.getByText('确认收款').tap()
  assert.equal((await asked).result, 'success')
  await close()
})

test('a missing or empty parameter is refused by its name', async () => {
  const { transfer, dialog, close } = await open({ phone: 't4' })
  for (const name of ['mchId', 'appId', 'package']) {
    const start = `requestMerchantTransfer:fail parameter error: parameter.${name} should`
    assert.equal((await transfer({ ...GIVEN, [name]: undefined })).errMsg, `${start} be String instead of Undefined;`)
    assert.equal((await transfer({ ...GIVEN, [name]: '' })).errMsg, `${start} not be empty;`)
  }
  assert.equal(await dialog.count(), 0)
  await close()
})

test('without a sandbox, or without a network, the transfer fails', async () => {
  const alone = await serveApp({ src: SRC })
  const { phone, transfer, close } = await open({ phone: 't5' }, alone.url)
  assert.equal((await transfer(GIVEN)).errMsg, 'requestMerchantTransfer:fail sandbox: no sandbox')
  await phone.mp(() => window.__mp.setNetwork('none'))
  assert.equal((await transfer(GIVEN)).errMsg, 'requestMerchantTransfer:fail net::ERR_INTERNET_DISCONNECTED')
  await close()
  await alone.close()
})
