/** Requests, uploads and downloads really reach the backend and come back as WeChat gives them. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { closeBrowser } from '../support/browser.mjs'
import { startNeighbour } from '../support/neighbours.mjs'
import { newPhone } from '../support/phone.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
const SLOW_MS = 5000
let backend
let web
let phone

/** Calls `wx[name]` and answers its success or failure. */
const call = (name, options) =>
  phone.mp(([key, given]) => new Promise((resolve) => window.__mp.wx[key]({ ...given, success: resolve, fail: resolve })), [name, options])

before(async () => {
  backend = await startNeighbour(async ({ url, headers }) => {
    if (url.startsWith('/api/echo')) return { url, authorization: headers.authorization, origin: headers.origin, cookie: headers.cookie }
    if (url === '/api/refusal') return { status: 409, body: JSON.stringify({ error: { code: 'coupon_used' } }) }
    if (url === '/api/picture') return { headers: { 'content-type': 'image/png' }, body: PIXEL }
    if (url === '/api/slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref())
    return url === '/api/upload' ? { ok: true } : undefined
  })
  web = await serveApp({ src: SRC, backend: backend.origin })
  phone = await newPhone(web.url)
  await phone.open({ consents: 'given' })
})

after(async () => {
  try {
    await phone.settle()
  } finally {
    await closeBrowser()
    await web.close()
    await backend.close()
  }
})

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

test('a request goes to the backend whatever host the address names, with its headers and no cookie', async () => {
  const { data, statusCode } = await call('request', {
    url: 'https://shop.example/api/echo',
    data: { q: '老 带新', n: 1 },
    header: { Authorization: 'Bearer t' },
  })
  assert.equal(statusCode, 200)
  assert.deepEqual(data, { url: '/api/echo?q=%E8%80%81%20%E5%B8%A6%E6%96%B0&n=1', authorization: 'Bearer t' })
})

test('a refusal is a success with its status, as in WeChat', async () => {
  const { data, statusCode } = await call('request', { url: 'https://shop.example/api/refusal', method: 'POST', data: {} })
  assert.equal(statusCode, 409)
  assert.equal(data.error.code, 'coupon_used')
})

test('a body is sent as JSON', async () => {
  await call('request', { url: 'https://shop.example/api/upload', method: 'POST', data: { a: '值' } })
  const { body, headers } = backend.seen.at(-1)
  assert.equal(body.toString(), '{"a":"值"}')
  assert.equal(headers['content-type'], 'application/json')
})

test('a method that WeChat does not know is refused', async () => {
  const { errMsg } = await call('request', { url: 'https://shop.example/api/echo', method: 'PATCH', data: {} })
  assert.equal(errMsg, 'request:fail method is invalid')
})

test('a time-out and an aborted request fail with their words', async () => {
  const late = await call('request', { url: 'https://shop.example/api/slow', timeout: 50 })
  assert.equal(late.errMsg, 'request:fail timeout')
  const aborted = await phone.mp(
    () =>
      new Promise((resolve) => {
        const task = window.__mp.wx.request({ url: 'https://shop.example/api/slow', fail: resolve })
        setTimeout(() => task.abort(), 20)
      }),
  )
  assert.equal(aborted.errMsg, 'request:fail abort')
})

test('without network every transfer fails, and the app is told of the change', async () => {
  await phone.mp(() => {
    window.__mp.wx.onNetworkStatusChange((status) => (window.__mp.seenStatus = status))
    window.__mp.setNetwork('none')
  })
  const { errMsg } = await call('request', { url: 'https://shop.example/api/echo' })
  assert.match(errMsg, /^request:fail net::ERR_INTERNET_DISCONNECTED/)
  assert.deepEqual(await phone.mp(() => window.__mp.seenStatus), { isConnected: false, networkType: 'none' })
  await phone.mp(() => window.__mp.setNetwork('wifi'))
})

test('uploadFile sends multipart with the file, its name and the other fields', async () => {
  const { statusCode, data } = await call('uploadFile', {
    url: 'https://shop.example/api/upload',
    filePath: '/images/logo.png',
    name: 'image',
    formData: { kind: 'avatar' },
    header: { Authorization: 'Bearer t' },
  })
  assert.equal(statusCode, 200)
  assert.equal(data, '{"ok":true}') // text: WeChat does not parse it
  const { headers, body } = backend.seen.at(-1)
  const text = body.toString('latin1')
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/)
  assert.match(text, /name="kind"\r\n\r\navatar/)
  assert.match(text, /name="image"; filename="logo\.png"\r\nContent-Type: image\/png/)
  assert.ok(body.length > 4300)
  assert.equal(headers.authorization, 'Bearer t')
})

test('uploadFile refuses a file that is not there', async () => {
  const { errMsg } = await call('uploadFile', { url: 'https://shop.example/api/upload', filePath: 'wxfile://tmp_none.png', name: 'image' })
  assert.equal(errMsg, 'uploadFile:fail file not found')
})

test('downloadFile keeps the bytes as a file that can be saved, shown and measured', async () => {
  const { tempFilePath, statusCode } = await call('downloadFile', { url: 'https://shop.example/api/picture' })
  assert.equal(statusCode, 200)
  assert.match(tempFilePath, /^wxfile:\/\/tmp_/)
  const { width, height } = await call('getImageInfo', { src: tempFilePath })
  assert.deepEqual([width, height], [1, 1])
  const download = phone.page.waitForEvent('download')
  assert.equal((await call('saveImageToPhotosAlbum', { filePath: tempFilePath })).errMsg, 'saveImageToPhotosAlbum:ok')
  assert.equal((await download).suggestedFilename(), 'yinjian-1.png')
  assert.deepEqual(await phone.mp(() => window.__mp.album.map(({ bytes, width: wide }) => [bytes, wide])), [[PIXEL.length, 1]])
})

test('an address of the network cannot be saved without downloading it first', async () => {
  const { errMsg } = await call('saveImageToPhotosAlbum', { filePath: 'https://shop.example/api/picture' })
  assert.equal(errMsg, 'saveImageToPhotosAlbum:fail no such file or directory')
})

test('files can be written, read, copied and removed', async () => {
  const found = await phone.mp(async () => {
    const manager = window.__mp.wx.getFileSystemManager()
    const run = (name, options) => new Promise((resolve) => manager[name]({ ...options, success: resolve, fail: resolve }))
    await run('writeFile', { filePath: 'wxfile://usr/a.txt', data: '你好', encoding: 'utf8' })
    await run('copyFile', { srcPath: 'wxfile://usr/a.txt', destPath: 'wxfile://usr/b.txt' })
    await run('unlink', { filePath: 'wxfile://usr/a.txt' })
    const copy = await run('readFile', { filePath: 'wxfile://usr/b.txt', encoding: 'utf8' })
    const gone = await run('readFile', { filePath: 'wxfile://usr/a.txt' })
    return [copy.data, gone.errMsg]
  })
  assert.deepEqual(found, ['你好', 'readFile:fail no such file or directory'])
})
