/** Scanning on the phones of the sandbox's page: texts, pictures dropped and chosen, pictures of an album. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { dropFile, openDesk, openSandbox } from '../support/desk.mjs'

const CODE = fileURLToPath(new URL('../runner/code.png', import.meta.url))
const LOGO = fileURLToPath(new URL('../runner/app/images/logo.png', import.meta.url))
const picture = (file) => ({ bytes: fs.readFileSync(file), type: 'image/png' })
const IN_CODE = 'https://shop.example/r/ABCD2345'
let sandbox
let desk
let phone

before(async () => {
  sandbox = await openSandbox(({ event, key }) => event && `${event} ${key}`)
  desk = await openDesk(sandbox.origin)
})

beforeEach(async () => {
  await sandbox.post('/_reset')
  await sandbox.person('李静')
  await desk.page.reload() // the page would notice the reset a moment later
  phone = desk.phone('李静')
})

after(async () => {
  await closeBrowser()
  await sandbox.close()
  assert.deepEqual(desk.failures, [])
})

const scanText = async (text) => {
  await phone.getByRole('button', { name: '扫一扫' }).first().click()
  await phone.getByLabel('码里的文字').fill(text)
  await phone.getByLabel('码里的文字').press('Enter')
}

test('a plain link of the shop opens the landing page', async () => {
  const { backend } = await sandbox.ask('GET', '/_state')
  await scanText(`${backend}/r/ABCD2345`)

  await phone.getByText('pages/landing/index').waitFor()
  const query = phone.locator('.found-line', { hasText: /^q/ }).locator('dd')
  assert.equal(await query.innerText(), `${backend}/r/ABCD2345`)
})

test('a code of the official account follows it and opens the chat', async () => {
  const asked = { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: 'ABCD2345' } } }
  const { url } = await sandbox.call('official_account', '/cgi-bin/qrcode/create', asked)
  await scanText(url)

  await phone.locator('.bubble', { hasText: 'subscribe qrscene_ABCD2345' }).waitFor()
})

test('a picture dropped on the phone is scanned', async () => {
  await dropFile(desk.page, phone, picture(CODE))

  await phone.getByText(IN_CODE).waitFor()
})

test('a picture dropped on the name above brings the phone back and is scanned there', async () => {
  await phone.getByRole('button', { name: '收起这部手机' }).click()
  await phone.waitFor({ state: 'hidden' })

  await dropFile(desk.page, desk.page.getByRole('button', { name: '李静（收起了）' }), picture(CODE))

  await phone.getByText(IN_CODE).waitFor()
})

test('a chosen picture is scanned', async () => {
  await phone.getByRole('button', { name: '扫一扫' }).first().click()
  const chosen = desk.page.waitForEvent('filechooser')
  await phone.getByRole('button', { name: '选一张图片' }).click()
  await (await chosen).setFiles(CODE)

  await phone.getByText(IN_CODE).waitFor()
})

test('a picture without a code is told in words', async () => {
  await dropFile(desk.page, phone, picture(LOGO))

  await desk.page.getByRole('alert').getByText('图片里没有找到码').waitFor()
})

test('a picture of one phone’s album is dragged to another phone', async () => {
  const image = picture(CODE).bytes.toString('base64')
  const { id } = await sandbox.person('王小美')
  await sandbox.post(`/_phones/${id}/album`, { image })
  const owner = desk.phone('王小美')
  await owner.getByRole('button', { name: '我', exact: true }).click()
  await owner.getByRole('button', { name: '相册' }).click()

  await owner.getByAltText('照片').dragTo(phone.locator('.phone'))

  await phone.getByText(IN_CODE).waitFor()
})

test('the scanner offers the pictures of the other phones', async () => {
  const { id } = await sandbox.person('王小美')
  await sandbox.post(`/_phones/${id}/album`, { image: picture(CODE).bytes.toString('base64') })
  await phone.getByRole('button', { name: '扫一扫' }).first().click()

  await phone.getByRole('button', { name: '扫王小美的图片' }).click()

  await phone.getByText(IN_CODE).waitFor()
})

test('a picture received is saved, and its code is read from it', async () => {
  const { id } = await sandbox.person('王小美')
  const [friend] = (await sandbox.ask('GET', '/_phones')).filter((one) => one.nickname === '李静')
  await sandbox.post(`/_phones/${id}/share`, { to: friend.id, image: picture(CODE).bytes.toString('base64') })
  await phone.getByText('[图片]').click()
  await phone.getByRole('button', { name: '查看图片' }).click()
  await phone.getByRole('button', { name: '保存到相册' }).click()
  await phone.getByText('已保存到相册').waitFor()

  await phone.getByRole('button', { name: '识别图中的码' }).click()

  await phone.getByText(IN_CODE).waitFor()
  assert.equal((await sandbox.ask('GET', `/_phones/${friend.id}`)).album.length, 1)
})
