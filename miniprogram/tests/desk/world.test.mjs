/** The clock, the faults, the log and the page's own states. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { closeBrowser } from '../support/browser.mjs'
import { openDesk, openSandbox, pageFindings } from '../support/desk.mjs'

const DAY_S = 86_400
let sandbox
let desk
let page

before(async () => {
  sandbox = await openSandbox()
  desk = await openDesk(sandbox.origin)
  page = desk.page
})

beforeEach(async () => {
  await sandbox.post('/_reset')
  await sandbox.person('王小美')
  await page.reload() // it would notice the reset a moment later
  await desk.phone('王小美').waitFor()
})

after(async () => {
  await closeBrowser()
  await sandbox.close()
  assert.deepEqual(desk.failures, [])
})

const openTool = async (name, at = page) => {
  if (!(await at.getByRole('tab', { name }).isVisible())) await at.getByRole('button', { name: '日志' }).click()
  await at.getByRole('tab', { name }).click()
}

test('the clock is moved by a step and by any number of hours', async () => {
  await openTool('时钟')
  await page.getByRole('button', { name: '+1 天' }).click()
  await page.getByText('比真实时间快 1 天').waitFor()
  await page.getByLabel('多少').fill('3')
  await page.getByLabel('单位').selectOption('hours')
  await page.getByRole('button', { name: '拨', exact: true }).click()

  await page.getByText('比真实时间快 1 天 3 小时').waitFor()
  const { ahead_seconds: ahead } = await sandbox.ask('GET', '/_clock')
  assert.equal(ahead, DAY_S + 3 * 3600)
})

test('a fault is switched on, hits as often as asked, and can be switched off', async () => {
  await openTool('故障')
  await page.getByLabel('哪个接口').fill('/cgi-bin/user/get')
  await page.getByRole('radio', { name: '错误码' }).click()
  await page.getByRole('spinbutton', { name: '错误码' }).fill('45009')
  await page.getByLabel('接下来几次').fill('2')
  await page.getByRole('button', { name: '打开故障' }).click()
  await page.getByText('还会发生 2 次').waitFor()

  const answer = await sandbox.call('official_account', '/cgi-bin/user/get')

  assert.equal(answer.errcode, 45009)
  await page.getByText('还会发生 1 次').waitFor()
  await page.getByRole('button', { name: '关掉', exact: true }).click()
  await page.getByText('现在没有故障').waitFor()
  assert.deepEqual(await sandbox.ask('GET', '/_faults'), [])
})

for (const [kind, fields] of [
  ['没有回音', { timeout: 15, after_effect: true }],
  ['很慢', { delay: 3 }],
  ['乱码', { garbage: true }],
  ['被用户拒收', { finish: 'failed:user block' }],
]) {
  test(`the fault ${kind} reaches the sandbox`, async () => {
    await openTool('故障')
    await page.getByLabel('哪个接口').fill('/cgi-bin/message/template/send')
    await page.getByRole('radio', { name: kind }).click()
    await page.getByLabel('接下来几次').fill('1')
    if (fields.after_effect) await page.getByLabel('其实已经办了').check()
    await page.getByRole('button', { name: '打开故障' }).click()
    await page.locator('.fault').waitFor()

    const [{ id: _, ...fault }] = await sandbox.ask('GET', '/_faults')
    assert.deepEqual(fault, { path: '/cgi-bin/message/template/send', times: 1, ...fields })
  })
}

test('a callback can be delivered twice', async () => {
  await openTool('故障')
  await page.getByLabel('哪个接口').fill('/wechat/official-account')
  await page.getByRole('radio', { name: '重复送达' }).click()
  await page.getByRole('button', { name: '打开故障' }).click()

  await page.getByText('多送 1 次').waitFor()
})

test('the log shows calls with request and answer, and can be filtered', async () => {
  await openTool('日志')
  await sandbox.call('official_account', '/cgi-bin/menu/create', { button: [{ type: 'click', name: '积分', key: 'points' }] })
  await sandbox.call('official_account', '/cgi-bin/user/info?openid=nobody')
  await page.getByLabel('筛选').fill('menu/create')
  const entry = page.locator('.entry')
  await entry.filter({ hasText: '/cgi-bin/menu/create' }).locator('summary').click()

  await entry.getByText('"points"').waitFor()
  assert.equal(await entry.count(), 1)
  assert.match(await entry.innerText(), /"access_token": "\*\*\*"/)
  await page.getByLabel('筛选').fill('')
  await page.getByRole('radio', { name: '出错' }).click()
  await page.locator('.entry-code').first().waitFor()
  assert.equal(await entry.filter({ hasText: 'menu/create' }).count(), 0)
  await page.getByRole('radio', { name: '全部' }).click()
})

test('calls that are not built are counted above and listed', async () => {
  await sandbox.call('official_account', '/cgi-bin/not/here', {})
  await page.getByRole('button', { name: '没有的接口' }).click()

  await page.getByText('POST /cgi-bin/not/here').waitFor()
})

test('an account’s callback address is verified, and the account is taken out of the Open Platform', async () => {
  await openTool('账号')
  const facts = page.locator('.account-facts', { hasText: '服务号' })
  await facts.getByRole('button', { name: '验证回调地址' }).click()
  await facts.getByText('通过：签名和 echostr 都对').waitFor()

  const told = page.waitForResponse('**/_apps/official_account/binding')
  await facts.getByLabel('绑定在开放平台上').uncheck()
  await told

  assert.equal((await sandbox.account('official_account')).is_bound, false)
})

test('a reset clears the desk, after a question', async () => {
  await page.getByRole('button', { name: '全部清空' }).click()
  await page.getByRole('button', { name: '清空', exact: true }).click()

  await page.getByText('桌上还没有手机').waitFor()
  assert.equal(await page.locator('.stand').count(), 0)
})

test('phones put away stay away after the page is loaded again', async () => {
  await desk.phone('王小美').getByRole('button', { name: '收起这部手机' }).click()
  await page.reload()

  await page.getByText('手机都收起来了').waitFor()
  await page.getByRole('button', { name: '王小美（收起了）' }).click()
  await desk.phone('王小美').waitFor()
})

test('by keyboard alone a chat is opened and left', async () => {
  await sandbox.post('/_phones/p1/follow')
  const phone = desk.phone('王小美')
  const row = phone.locator('[data-chat=official_account]')
  await row.focus()
  await page.keyboard.press('Enter')
  await phone.getByLabel('写消息').waitFor()

  await page.keyboard.press('Escape')

  await row.waitFor()
})

for (const dark of [false, true]) {
  test(`axe finds nothing, ${dark ? 'dark' : 'light'}`, async () => {
    const looks = await openDesk(sandbox.origin, { dark })
    const [person] = await sandbox.ask('GET', '/_phones')
    await sandbox.post(`/_phones/${person.id}/follow`)
    await sandbox.notify('official_account', person, { page: 'pages/home/index' })
    await sandbox.post('/_faults', { path: '/cgi-bin/user/get', errcode: 45009, times: 1 })
    const phone = looks.phone('王小美')
    await phone.locator('.badge').waitFor()
    const findings = [await pageFindings(looks.page)]
    await phone.locator('[data-chat=official_account]').click()
    await phone.locator('.card').waitFor()
    for (const name of ['时钟', '故障', '日志']) {
      await openTool(name, looks.page)
      findings.push(await pageFindings(looks.page))
    }
    await phone.getByRole('button', { name: '扫一扫' }).first().click()
    findings.push(await pageFindings(looks.page))
    await looks.close()

    assert.deepEqual(findings.flat(), [])
  })
}

test('when the sandbox is gone the page says so, and recovers', async () => {
  const mortal = await openSandbox()
  const other = await openDesk(mortal.origin)
  await other.page.getByText('桌上还没有手机').waitFor()

  await mortal.close()

  await other.page.getByRole('alert').getByText('连不上沙箱').waitFor()
  assert.ok(await other.page.getByRole('button', { name: '新手机' }).isDisabled())
  await other.close()
})
