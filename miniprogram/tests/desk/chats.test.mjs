/** The chats on the phones of the sandbox's page. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { closeBrowser } from '../support/browser.mjs'
import { openDesk, openSandbox } from '../support/desk.mjs'

const WELCOME = '欢迎来到<a href="https://shop.example/">小店</a>'
const ANSWERS = { subscribe: () => WELCOME, CLICK: ({ key }) => `你点了 ${key}`, '': ({ words }) => `你说了 ${words}` }
let sandbox
let desk

before(async () => {
  sandbox = await openSandbox((told) => ANSWERS[told.event]?.(told))
  desk = await openDesk(sandbox.origin)
})

beforeEach(async () => {
  await sandbox.post('/_reset')
  await desk.page.reload() // it would notice the reset a moment later
})

after(async () => {
  await closeBrowser()
  await sandbox.close()
  assert.deepEqual(desk.failures, [])
})

test('a first phone is taken out, its owner follows and is welcomed', async () => {
  await desk.page.getByRole('button', { name: '拿出第一部手机' }).click()
  await desk.page.getByLabel('昵称').fill('王小美')
  await desk.page.getByRole('button', { name: '拿出手机' }).click()
  const phone = desk.phone('王小美')

  await phone.getByRole('button', { name: '关注「引荐小店」' }).click()
  await phone.getByRole('button', { name: '关注公众号' }).click()

  await phone.locator('.bubble', { hasText: '欢迎来到小店' }).waitFor()
  await phone.getByRole('button', { name: '小店', exact: true }).click()
  await phone.getByText('https://shop.example/').waitFor()
})

test('what a person writes is answered in the chat', async () => {
  const person = await sandbox.person('李静')
  await sandbox.post(`/_phones/${person.id}/follow`)
  const phone = desk.phone('李静')
  await phone.locator('[data-chat=official_account]').click()

  await phone.getByLabel('写消息').fill('积分')
  await phone.getByRole('button', { name: '发送' }).click()

  await phone.locator('.said.is-mine', { hasText: '积分' }).waitFor()
  await phone.locator('.said:not(.is-mine)', { hasText: '你说了 积分' }).waitFor()
})

test('the menu is tapped, and its page of the mini-program is told', async () => {
  const person = await sandbox.person('李静')
  await sandbox.post(`/_phones/${person.id}/follow`)
  const { appid } = await sandbox.account('mini_program')
  const inner = [
    { type: 'miniprogram', name: '我的推荐', url: 'https://shop.example/', appid, pagepath: 'pages/referrals/index?from=menu' },
  ]
  const menu = [
    { type: 'click', name: '积分', key: 'points' },
    { name: '更多', sub_button: inner },
  ]
  await sandbox.call('official_account', '/cgi-bin/menu/create', { button: menu })
  const phone = desk.phone('李静')
  await phone.locator('[data-chat=official_account]').click()

  await phone.getByRole('button', { name: '积分' }).click()
  await phone.getByText('你点了 points').waitFor()
  await phone.getByRole('button', { name: '更多' }).click()
  await phone.getByRole('button', { name: '我的推荐' }).click()

  await phone.getByText('pages/referrals/index').waitFor()
  assert.equal(await phone.locator('.found-line', { hasText: 'from' }).locator('dd').innerText(), 'menu')
})

test('a template message is a card with its lines, unread until the chat is opened', async () => {
  const person = await sandbox.person('王小美')
  await sandbox.post(`/_phones/${person.id}/follow`)
  await sandbox.notify('official_account', person, { thing2: '200 积分和一张 ¥15 券', page: 'pages/referrals/index' })
  const phone = desk.phone('王小美')
  const row = phone.locator('[data-chat=official_account]')
  await row.getByLabel('2 条未读').waitFor() // the welcome and the message

  await row.click()

  const card = phone.locator('.card')
  await card.getByText('推荐成功通知').waitFor()
  assert.equal(await card.locator('dl > div', { hasText: '获得奖励' }).locator('dd').innerText(), '200 积分和一张 ¥15 券')
  await phone.getByRole('button', { name: '返回' }).click()
  await row.waitFor()
  await row.locator('.badge').waitFor({ state: 'detached' })
})

test('a subscription message stands under 服务通知 and tells the page it opens', async () => {
  const person = await sandbox.person('王小美')
  await sandbox.notify('mini_program', person, { page: 'pages/coupons/index' })
  const phone = desk.phone('王小美')
  await phone.locator('[data-chat=service_notices]').click()

  await phone.getByText('进入小程序查看').click()

  await phone.getByText('pages/coupons/index').waitFor()
})

test('a picture of the account stands in the chat, opens large and stays when the upload has ended', async () => {
  const person = await sandbox.person('王小美')
  await sandbox.post(`/_phones/${person.id}/follow`)
  const avatar = await fetch(`${sandbox.origin}${person.avatar_url}`)
  const file = new File([await avatar.arrayBuffer()], 'poster.png', { type: 'image/png' })
  const media_id = await sandbox.uploadImage('official_account', file)
  const message = { touser: person.openids.official_account, msgtype: 'image', image: { media_id } }
  assert.equal((await sandbox.call('official_account', '/cgi-bin/message/custom/send', message)).errcode, 0)
  await sandbox.post('/_clock', { advance_seconds: 3 * 86400 + 1 })
  const phone = desk.phone('王小美')
  await phone.locator('[data-chat=official_account]').click()

  const picture = phone.getByRole('button', { name: '查看图片' })
  const img = await picture.locator('img').elementHandle()
  await desk.page.waitForFunction((one) => one.complete && one.naturalWidth > 0, img)
  await picture.click()

  await phone.getByText('识别图中的码').waitFor()
})

test('who stops following can only follow again', async () => {
  const person = await sandbox.person('李静')
  await sandbox.post(`/_phones/${person.id}/follow`)
  const phone = desk.phone('李静')
  await phone.getByRole('button', { name: '我', exact: true }).click()
  await phone.getByRole('button', { name: '取消关注' }).click()
  await phone.getByRole('button', { name: '通讯录' }).click()
  await phone.getByText('未关注').click()
  await phone.getByRole('button', { name: '关注公众号' }).click()

  await phone.getByLabel('写消息').waitFor()
})

test('friends write to each other', async () => {
  await sandbox.person('王小美')
  await sandbox.person('李静')
  const [one, other] = [desk.phone('王小美'), desk.phone('李静')]
  await one.getByRole('button', { name: '通讯录' }).click()
  await one.getByRole('button', { name: '李静' }).click()
  await one.getByLabel('写消息').fill('一起去吃饭吗')
  await one.getByLabel('写消息').press('Enter')

  await other.getByText('一起去吃饭吗').click()

  await other.locator('.bubble', { hasText: '一起去吃饭吗' }).waitFor()
})

test('a text with markup in it stays a text', async () => {
  const words = '<img src=x onerror=alert(1)>&lt;b&gt;'
  const person = await sandbox.person(words)
  await sandbox.post(`/_phones/${person.id}/send`, { text: words })
  const phone = desk.phone(words)
  await phone.locator('[data-chat=official_account]').click()

  assert.equal(await phone.locator('.is-mine .bubble').innerText(), words)
})
