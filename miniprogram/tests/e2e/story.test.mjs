/** The one story, clicked through on three phones against the real backend and sandbox. Steps follow each other. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { after, before, test } from 'node:test'
import { closeBrowser, openContext } from '../support/browser.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'
import { openShop, WeChat } from '../support/shop.mjs'

/** What a person may tap at most, from design: a poster saved, a coupon claimed, a coupon redeemed. */
const TAPS = { poster: 2, claim: 2, redeem: 3 }
const SCENE_SCAN = 1011
const SCENE_MESSAGE = 1014

let shop
let web
let wechat
let referrer
let friend
let clerk
let poster

/** A person with a phone; phones of one browser can look at each other. */
async function arrive(context, nickname) {
  const id = await wechat.person(nickname)
  const phone = await newPhone(web.url, { context })
  return Object.assign(phone, { id, nickname, start: (options) => phone.open({ phone: id, nickname, consents: 'given', ...options }) })
}

/** The scanner opens and is held before the friend's phone: no tap, as a camera needs none. */
const holdBefore = async (phone, other) => {
  const button = phone.page.getByText(`对准${other.nickname}的手机`)
  await button.waitFor()
  await button.evaluate((element) => element.click())
  await phone.mp(() => (window.__mp.taps -= 1))
}

before(async () => {
  shop = await openShop()
  web = await serveApp({ backend: shop.backend, sandbox: shop.sandbox })
  wechat = new WeChat(shop.sandbox)
  const context = await openContext()
  referrer = await arrive(context, '王小美')
  friend = await arrive(context, '李静')
  clerk = await arrive(context, '店员小陈')
  await wechat.post(`/${referrer.id}/follow`)
})

after(async () => {
  try {
    for (const phone of [referrer, friend, clerk]) await phone?.settle()
  } finally {
    await closeBrowser()
    await web?.close()
    await shop?.close()
  }
})

test('the referrer saves her poster in two taps', async () => {
  await referrer.start({ path: 'pages/home/index' })

  const taps = await referrer.countTaps(async () => {
    await referrer.tap('做一张推荐海报')
    await referrer.at('packages/share/poster/index')
    await referrer.top.locator('.picture:not(.faint)').first().waitFor()
    const saved = referrer.page.waitForEvent('download')
    await referrer.tap('保存到相册')
    poster = fs.readFileSync(await (await saved).path())
  })

  assert.ok(taps <= TAPS.poster, `${taps} taps`)
  assert.ok(poster.length > 10_000)
})

test('the friend, who never agreed to anything, scans it, sees who recommends, and claims in two taps', async () => {
  const opened = await wechat.scan(friend.id, poster)
  assert.equal(opened.opens, 'mini_program')
  await friend.start({ path: opened.path, query: opened.query, scene: SCENE_SCAN, consents: undefined })
  await friend.top.getByText('推荐你来').waitFor()

  const taps = await friend.countTaps(async () => {
    await friend.tap('同意并领取')
    await friend.top.getByText('券已收好').waitFor()
  })

  assert.ok(taps <= TAPS.claim, `${taps} taps`)
})

test('the clerk joins with the invitation', async () => {
  await clerk.start({ path: 'packages/staff/join/index', query: { code: shop.invitation } })
  await clerk.tap(clerk.top.locator('wx-button'))
  await clerk.tap('打开工作台')
  await clerk.at('packages/staff/desk/index')
})

test('the friend shows the coupon, the clerk redeems it in three taps', async () => {
  await friend.tap('打开我的券')
  await friend.at('packages/wallet/coupon/index')
  await friend.top.locator('canvas').waitFor()
  await friend.calm()
  await clerk.top.getByText('扫码核销').waitFor()

  const taps = await clerk.countTaps(async () => {
    await clerk.tap('扫码核销')
    await holdBefore(clerk, friend)
    await clerk.at('packages/staff/redeem/index')
    await clerk.top.locator('.amount input').fill('156')
    await clerk.tap('确认核销')
    await clerk.top.getByText('核销好了').waitFor()
  })

  assert.ok(taps <= TAPS.redeem, `${taps} taps`)
  assert.match(await clerk.top.innerText(), /136/) // ¥156 less ¥20
})

test('the referrer reads 推荐成功, taps it, and sees the reward', async () => {
  const message = await wechat.message(referrer.id, '推荐成功')
  const [path, query] = (message.opens?.path ?? message.opens?.page ?? 'pages/referrals/index').split('?')
  await referrer.mp((options) => window.__mp.open(options), { path, query: message.opens?.query ?? query, scene: SCENE_MESSAGE })

  await referrer.top.getByText('已奖励').first().waitFor()
  await referrer.mp(() => window.__mp.wx.switchTab({ url: '/pages/coupons/index' }))
  await referrer.top.locator('ticket, x-ticket').first().waitFor()
})

test('the used coupon says so on the friend’s phone', async () => {
  await friend.mp(() => window.__mp.wx.switchTab({ url: '/pages/coupons/index' }))
  await friend.tap('用过和过期')

  await friend.top.getByText('已使用').first().waitFor()
})

test('the friend comes again with the member code, the referrer reads 再次到店', async () => {
  await friend.tap('可以用')
  await friend.tap('会员码')
  await friend.top.locator('canvas').waitFor()
  await friend.calm()
  await clerk.tap('扫下一位')
  await holdBefore(clerk, friend)
  await clerk.at('packages/staff/visit/index')
  await clerk.top.locator('.amount input').fill('98.5')
  await clerk.tap(clerk.top.locator('.bar wx-button'))

  await wechat.message(referrer.id, '再次到店')
})
