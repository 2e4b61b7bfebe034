/** The runner behaves as WeChat does: life cycle, components, templates, forms, routes, storage. One phone, in the order of the file. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
let web
let phone
let top

const log = () => phone.mp(() => window.__mp.app().log)
const events = async () => (await phone.data()).ev
const saw = async (event) => assert.ok((await events()).includes(event), `${event} is not in ${(await events()).join(' ')}`)

before(async () => {
  web = await serveApp({ src: SRC })
  phone = await newPhone(web.url)
  await phone.open({ query: 'k=v', consents: 'given' })
  await phone.page.waitForFunction(() => window.__mp.app().log.includes('a.onReady'))
  top = phone.top
})

after(async () => {
  try {
    await phone.settle()
  } finally {
    await closeBrowser()
    await web.close()
  }
})

test('the app starts before its first page, components before the page is ready', async () => {
  const lines = await log()
  assert.ok(lines[0].startsWith('app.onLaunch'))
  const order = ['child.created', 'child.attached', 'a.onLoad {"k":"v"}', 'a.onShow', 'a.onReady'].map((line) => lines.indexOf(line))
  assert.ok(
    order.every((at, index) => at >= 0 && (index === 0 || at > order[index - 1])),
    lines.join(' | '),
  )
})

test('properties, observers, behaviors and slots reach the drawing', async () => {
  assert.equal(await top.locator('x-child').first().innerText(), 'abc-ABC-1\nHEADBODY')
})

test('a style of the page does not enter an isolated component', async () => {
  assert.equal(await phone.mp(() => getComputedStyle(document.querySelector('.mp-view.on x-child wx-view')).color), 'rgb(9, 9, 9)')
})

test('selectComponent gives methods, composed events leave the component', async () => {
  await phone.mp(() => window.__mp.page().selectComponent('#kid').inc())
  await saw('change:2')
  assert.equal(await phone.mp(() => window.__mp.page().selectComponent('#kid').behMethod()), 'beh')
})

test('wx:if, wx:elif and wx:else draw one branch', async () => {
  await phone.mp(() => window.__mp.page().setData({ n: 3 }))
  assert.equal(await top.locator('.mid').innerText(), '中')
  await phone.mp(() => window.__mp.page().setData({ n: 9 }))
  assert.equal(await top.locator('.big').count(), 1)
  assert.equal(await top.locator('.mid').count(), 0)
})

test('wx:for gives item, index, dataset and WXS results', async () => {
  await top.locator('.r').nth(1).tap()
  await saw('row:[2,"two","tap"]')
  assert.equal(await top.locator('.r').nth(1).innerText(), '1:two TWO')
})

test('templates and includes draw with their data', async () => {
  assert.deepEqual(await top.locator('.row').allInnerTexts(), ['a=9', 'b=2'])
  assert.equal(await top.locator('.inc').innerText(), 'included M')
})

test('catch stops an event, marks travel with it', async () => {
  await top.locator('.inner').tap()
  await top.locator('.plain').tap()
  await saw('inner:"1"')
  assert.equal((await events()).filter((event) => event === 'outer:1').length, 1)
})

test('model:value binds both ways', async () => {
  await top.locator('.mi input').fill('hello')
  assert.equal(await top.locator('.echo').innerText(), 'hello')
})

test('setData understands paths', async () => {
  await phone.mp(() => window.__mp.page().setData({ 'rows[0].t': 'ONE', 'rows[2]': { id: 3, t: 'three' } }))
  assert.match(await top.locator('.r').nth(0).innerText(), /ONE/)
  assert.equal(await top.locator('.r').count(), 3)
})

test('relations link parent and children', async () => {
  assert.equal(await phone.mp(() => window.__mp.page().selectComponent('#lst').nodes()), 3)
})

test('a 2d canvas can be drawn on and made a file', async () => {
  const found = await phone.mp(
    () =>
      new Promise((resolve) => {
        const { wx } = window.__mp
        const query = wx.createSelectorQuery().select('#cv').fields({ node: true, size: true })
        query.exec(([{ node, width }]) => {
          node.width = 50
          node.getContext('2d').fillRect(0, 0, 10, 10)
          const success = ({ tempFilePath }) => resolve({ width: Math.round(width), tempFilePath })
          wx.canvasToTempFilePath({ canvas: node, destWidth: 25, destHeight: 75, success })
        })
      }),
  )
  assert.equal(found.width, 52)
  assert.match(found.tempFilePath, /^wxfile:\/\/tmp_\w+\.png$/)
  const size = await phone.mp((src) => window.__mp.wx.getImageInfo({ src }), found.tempFilePath)
  assert.deepEqual([size.width, size.height, size.type], [25, 75, 'png'])
})

test('radio, checkbox and label change together', async () => {
  await top.locator('wx-radio').nth(1).tap()
  await top.getByText('勾P').tap()
  await top.locator('wx-checkbox').nth(1).tap()
  await saw('radio:"y"')
  await saw('check:["p"]')
  await saw('check:["p","q"]')
})

test('the date picker changes the date', async () => {
  await top.locator('.date').tap()
  await phone.page.locator('.mp-picker-in').fill('2026-12-31')
  await phone.page.locator('.mp-picker-ok').tap()
  await top.getByText('2026-12-31').waitFor()
})

test('the phone number button asks the person and reports a refusal', async () => {
  await top.locator('.phone').tap()
  await phone.page.locator('.mp-modal-no').tap()
  await phone.page.waitForFunction(() => window.__mp.data().ev.some((event) => event.startsWith('phone:')))
  await saw('phone:undefined')
})

test('a picture loads from the package; widthFix and rpx give its size', async () => {
  assert.ok((await events()).some((event) => event.startsWith('img:{"width":128')))
  const picture = await top.locator('.img').boundingBox()
  assert.ok(Math.abs(picture.width - 104) < 1 && Math.abs(picture.height - 104) < 1, JSON.stringify(picture))
  const bar = await top.locator('.rpx').boundingBox()
  assert.ok(Math.abs(bar.width - 195) < 0.5)
})

test('fixed stays while the page scrolls, and its end is reported', async () => {
  await phone.mp(() => {
    window.__mp.top().scroller.scrollTop = 99999
  })
  await phone.page.waitForFunction(() => window.__mp.app().log.includes('a.bottom'))
  assert.ok((await phone.mp(() => window.__mp.page().scrolled)) > 100)
  const bar = await top.locator('.fixed').boundingBox()
  assert.equal(Math.round(bar.y + bar.height), 844 - 84)
})

test('pageScrollTo goes up again', async () => {
  await phone.mp(() => window.__mp.wx.pageScrollTo({ scrollTop: 0, duration: 0 }))
  assert.equal(await phone.mp(() => window.__mp.top().scroller.scrollTop), 0)
})

test('pulling down asks the page', async () => {
  await phone.mp(() => window.__mp.pullDown())
  assert.ok((await log()).includes('a.pull'))
})

test('a long press is reported after 350 ms', async () => {
  await top.locator('.long').scrollIntoViewIfNeeded()
  const box = await top.locator('.long').boundingBox()
  const chrome = await phone.page.context().newCDPSession(phone.page)
  await chrome.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: box.x + 5, y: box.y + 5 }] })
  await phone.page.waitForFunction(() => window.__mp.data().ev.includes('long:1'))
  await chrome.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
})

test('a navigator opens a page with its own navigation bar, 100vh is the whole screen', async () => {
  await top.locator('.nav').tap()
  await phone.at('pages/b/b')
  assert.equal(await top.locator('.bview').innerText(), 'B nav')
  assert.equal(Math.round((await top.locator('.bview').boundingBox()).height), 844)
  assert.ok((await log()).includes('a.onHide'))
  assert.ok((await log()).includes('child.hide'))
})

test('going back shows the first page again and unloads the second', async () => {
  await phone.mp(() => window.__mp.wx.navigateBack())
  const lines = await log()
  assert.equal(lines.filter((line) => line === 'a.onShow').length, 2)
  assert.ok(lines.includes('b.onUnload'))
})

test('the event channel carries messages both ways', async () => {
  await phone.mp(async () => {
    const events = { back: ({ y }) => window.__mp.app().log.push('back ' + y) }
    const { eventChannel } = await window.__mp.wx.navigateTo({ url: '/pages/b/b', events })
    eventChannel.emit('hello', { x: 1 })
  })
  assert.ok((await log()).includes('b.hello 1'))
  assert.ok((await log()).includes('back 2'))
  await phone.mp(() => window.__mp.wx.navigateBack())
})

test('the tab bar switches, navigateTo a tab page is refused', async () => {
  await phone.page.locator('.mp-tab').nth(1).tap()
  await phone.at('pages/mine/mine')
  const refusal = await phone.mp(() => window.__mp.wx.navigateTo({ url: '/pages/a/a' }).catch((error) => error.errMsg))
  assert.equal(refusal, 'navigateTo:fail can not navigateTo a tabbar page')
})

test('a tab page keeps its state', async () => {
  await phone.page.locator('.mp-tab').nth(0).tap()
  await phone.at('pages/a/a')
  assert.equal((await phone.data()).txt, 'hello')
})

test('a page of a subpackage opens, an unknown page does not', async () => {
  await phone.mp(() => window.__mp.wx.navigateTo({ url: '/sub/pages/deep/deep' }))
  assert.equal(await top.innerText(), '分包页')
  const refusal = await phone.mp(() => window.__mp.wx.navigateTo({ url: '/pages/zzz' }).catch((error) => error.errMsg))
  assert.equal(refusal, 'navigateTo:fail page "pages/zzz" is not found')
  await phone.mp(() => window.__mp.wx.navigateBack())
})

test('storage keeps values, at once and later', async () => {
  const found = await phone.mp(async () => {
    const { wx } = window.__mp
    wx.setStorageSync('k', { a: [1] })
    await wx.setStorage({ key: 'j', data: 5 })
    const late = await wx.getStorage({ key: 'j' })
    return [wx.getStorageSync('k'), wx.getStorageSync('none'), late.data, await wx.getStorage({ key: 'x' }).catch((error) => error.errMsg)]
  })
  assert.deepEqual(found, [{ a: [1] }, '', 5, 'getStorage:fail data not found'])
})

test('a test may answer for wx: a value, a failure, a function', async () => {
  const found = await phone.mp(async () => {
    const { mock, wx } = window.__mp
    mock('login', new Error('no net'))
    mock('scanCode', { result: 'Q' })
    mock('requestSubscribeMessage', ({ tmplIds: [id] }) => ({ [id]: 'reject' }))
    const spoken = await new Promise((resolve) => wx.login({ fail: ({ errMsg }) => resolve('cb ' + errMsg) }))
    const thrown = await wx.login().catch((error) => error.errMsg)
    return [thrown, (await wx.scanCode()).result, (await wx.requestSubscribeMessage({ tmplIds: ['T'] })).T, spoken]
  })
  assert.deepEqual(found, ['login:fail no net', 'Q', 'reject', 'cb login:fail no net'])
})

test('action sheet and modal answer what was tapped', async () => {
  const sheet = phone.mp(() => window.__mp.wx.showActionSheet({ itemList: ['甲', '乙'] }).then(({ tapIndex }) => tapIndex))
  await phone.page.getByText('乙', { exact: true }).tap()
  assert.equal(await sheet, 1)
  const modal = phone.mp(() => window.__mp.wx.showModal({ title: 'T', content: 'C' }).then(({ cancel }) => cancel))
  await phone.page.locator('.mp-modal-no').tap()
  assert.equal(await modal, true)
})

test('the tap that opens a dialog does not press the button that appears under the finger', async () => {
  const shown = phone.mp(() => window.__mp.wx.showModal({ title: 'T', content: 'C' }))
  const yes = phone.page.locator('.mp-modal-ok')
  const { x, y } = await yes.boundingBox()
  await yes.tap()
  await shown
  await phone.mp(() => {
    const open = () => window.__mp.wx.showModal({ title: 'T', content: 'C' }).then(({ confirm }) => (window.confirmed = confirm))
    document.addEventListener('touchend', open, { once: true })
    document.addEventListener('click', () => (window.clicked = true), { capture: true, once: true })
  })

  await phone.page.touchscreen.tap(x + 5, y + 5)
  await phone.page.waitForFunction(() => window.clicked)
  assert.equal(await phone.mp(() => window.confirmed), undefined)
  await yes.tap()

  await phone.page.waitForFunction(() => window.confirmed === true)
})

test('previewImage shows the picture and a tap closes it', async () => {
  await phone.mp(() => window.__mp.wx.previewImage({ urls: ['/images/logo.png'] }))
  await phone.page.locator('.mp-preview').tap()
  assert.equal(await phone.page.locator('.mp-preview').count(), 0)
})
