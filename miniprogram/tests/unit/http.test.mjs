/** The request layer: one login, one retry for reads, one act for a write however often it is sent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeWx, source } from './source.mjs'

const OFFLINE = { fail: 'request:fail ' }
const SLOW = { fail: 'request:fail timeout' }
const refused = (statusCode, code, message = '不行', header = {}) => ({ statusCode, header, data: { error: { code, message } } })
const SESSION = { data: { token: 't1', expires_at: '2099-01-01T00:00:00Z', customer: { id: 'p', nickname: null, referral_code: 'HK7Q2M9X' }, is_new: true } }
const paths = (sent) => sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)
const keys = (sent) => sent.map(({ header }) => header['Idempotency-Key'])

test('a read is sent once more after a cut, then says plainly that the net is gone', async () => {
  const { sent } = fakeWx([OFFLINE, OFFLINE])
  const { getOpen } = await source('services/api')
  await assert.rejects(getOpen('/brand'), { code: 'offline', status: 0, message: '网络断开了，连上后再试一次。' })
  assert.equal(sent.length, 2)
})

test('a read that fails once and then works is a success', async () => {
  const { sent } = fakeWx([{ statusCode: 500, data: '' }, { data: { name: '青禾小馆' } }])
  const { getOpen } = await source('services/api')
  assert.deepEqual(await getOpen('/brand'), { name: '青禾小馆' })
  assert.equal(sent.length, 2)
})

test('a refusal of a read is not asked again', async () => {
  const { sent } = fakeWx([refused(404, 'not_found')])
  const { getOpen } = await source('services/api')
  await assert.rejects(getOpen('/campaigns/x'), { code: 'not_found', message: '不行' })
  assert.equal(sent.length, 1)
})

test('the first call logs in, callers at the same time share the login, later ones need none', async () => {
  const { sent } = fakeWx([SESSION, { data: 1 }, { data: 2 }, { data: 3 }])
  const { get } = await source('services/api')
  await Promise.all([get('/me'), get('/campaigns')])
  await get('/me')
  assert.deepEqual(paths(sent), ['POST /api/v1/sessions', 'GET /api/v1/me', 'GET /api/v1/campaigns', 'GET /api/v1/me'])
  assert.equal(sent[3].header.authorization, 'Bearer t1')
})

test('a token that is refused is renewed silently, once', async () => {
  const again = { data: { ...SESSION.data, token: 't2' } }
  const { sent } = fakeWx([SESSION, refused(401, 'unauthenticated'), again, { data: 'mine' }])
  const { get } = await source('services/api')
  assert.equal(await get('/me'), 'mine')
  assert.equal(sent.at(-1).header.authorization, 'Bearer t2')
})

test('a token that stays refused ends in an error, not in a circle', async () => {
  const { sent } = fakeWx([SESSION, refused(401, 'unauthenticated'), SESSION, refused(401, 'unauthenticated')])
  const { get } = await source('services/api')
  await assert.rejects(get('/me'), { code: 'unauthenticated' })
  assert.equal(sent.length, 4)
})

test('a write keeps its key over retries', async () => {
  const { sent } = fakeWx([SESSION, SLOW, { statusCode: 503, data: '' }, { data: { ok: true } }])
  const { write } = await source('services/api')
  await write('/claims', { data: { referral_code: 'HK7Q2M9X' } })
  const [first, ...rest] = keys(sent.slice(1))
  assert.match(first, /^[0-9a-f]{32}$/)
  assert.deepEqual(rest, [first, first])
})

test('a write without an answer keeps its key for the next tap, and over a restart of the app', async () => {
  const { sent, store } = fakeWx([SESSION, OFFLINE, OFFLINE, OFFLINE])
  const { write } = await source('services/api')
  await assert.rejects(write('/claims', { data: { referral_code: 'A' } }), { code: 'offline' })
  const key = keys(sent)[1]
  const world = fakeWx([{ data: {} }, { data: {} }])
  for (const [name, value] of store) world.store.set(name, value)
  const { write: writeLater } = await source('services/api')
  await writeLater('/claims', { data: { referral_code: 'A' } })
  assert.equal(keys(world.sent)[0], key)
  await writeLater('/claims', { data: { referral_code: 'A' } })
  assert.notEqual(keys(world.sent)[1], key)
})

test('another body is another act', async () => {
  const { sent } = fakeWx([SESSION, OFFLINE, OFFLINE, OFFLINE, { data: {} }])
  const { write } = await source('services/api')
  await assert.rejects(write('/staff/visits', { data: { amount_fen: 1 } }))
  await write('/staff/visits', { data: { amount_fen: 2 } })
  assert.notEqual(keys(sent).at(-1), keys(sent)[1])
})

test('a refused write is settled: the next tap is a new act', async () => {
  const { sent, store } = fakeWx([SESSION, refused(409, 'sold_out')])
  const { write } = await source('services/api')
  await assert.rejects(write('/claims', { data: {} }), { code: 'sold_out', status: 409 })
  assert.equal(sent.length, 2)
  assert.deepEqual(store.get('intents'), {})
})

test('a write that still runs is waited for, as long as the server says', async () => {
  const { sent } = fakeWx([SESSION, refused(409, 'in_progress', '处理中', { 'Retry-After': '0' }), { data: { id: 1 } }])
  const { write } = await source('services/api')
  assert.deepEqual(await write('/claims', { data: {} }), { id: 1 })
  assert.equal(sent.length, 3)
})

test('a server that fails is told in our own words, never in its', async () => {
  fakeWx([SESSION, { statusCode: 500, data: { error: { code: 'boom', message: 'Traceback' } } }])
  const { write } = await source('services/api')
  await assert.rejects(write('/claims', { data: {} }), { message: '店里的系统正忙，请稍后再试。' })
})

test('a login that WeChat refuses is said in words', async () => {
  fakeWx([], { login: async () => Promise.reject(new Error('login:fail')) })
  const { get } = await source('services/api')
  await assert.rejects(get('/me'), { message: '登录没有成功，请再试一次。' })
})
