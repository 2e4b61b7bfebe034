/** A file is fetched by one tap and sent by the next; where it cannot be sent its text is copied. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeWx, source } from './source.mjs'

/** A screen, and what the phone was asked to do. */
async function screenOf(over = {}) {
  const did = []
  const able = { canIUse: () => true, getFileSystemManager: () => ({ writeFileSync: (path, text) => did.push(['write', path, text]) }) }
  const ways = {
    shareFileMessage: async ({ filePath }) => did.push(['send', filePath]),
    setClipboardData: async ({ data }) => did.push(['copy', data]),
    showToast: ({ title }) => did.push(['say', title]),
  }
  fakeWx([], { env: { USER_DATA_PATH: 'wxfile://usr' }, ...able, ...ways, ...over })
  const { handOver } = await source('utils/hand-over')
  const screen = { data: { busy: false, file: '' }, setData(patch) { Object.assign(this.data, patch) } }
  return { did, screen, tap: (ask) => handOver(screen, '账.json', ask) }
}

test('the first tap keeps the text as a file, the second sends it and asks for nothing', async () => {
  const { did, screen, tap } = await screenOf()
  await tap(async () => '{}')
  assert.deepEqual(screen.data, { busy: false, file: 'wxfile://usr/账.json' })
  await tap(() => assert.fail('asked twice'))
  assert.deepEqual(did, [['write', 'wxfile://usr/账.json', '{}'], ['send', 'wxfile://usr/账.json']])
})

test('choosing no chat keeps the file ready', async () => {
  const { screen, tap } = await screenOf({ shareFileMessage: () => Promise.reject(new Error('cancel')) })
  await tap(async () => '{}')
  await tap(() => assert.fail('asked twice'))
  assert.equal(screen.data.file, 'wxfile://usr/账.json')
})

test('where files cannot be sent the text is copied, and that is said', async () => {
  const { did, screen, tap } = await screenOf({ canIUse: () => false })
  await tap(async () => '{}')
  assert.deepEqual(did, [['copy', '{}'], ['say', '已复制，可以粘贴到别处保存']])
  assert.deepEqual(screen.data, { busy: false, file: '' })
})

test('a text that does not come is told, and can be asked for again', async () => {
  const { did, screen, tap } = await screenOf()
  await tap(() => Promise.reject(new Error('cut')))
  assert.deepEqual(did, [['say', '出了点小问题，请再试一次。']])
  assert.deepEqual(screen.data, { busy: false, file: '' })
})

test('a tap while the text is on its way asks once', async () => {
  const { tap } = await screenOf()
  let count = 0
  const ask = async () => { count += 1; return '{}' }
  await Promise.all([tap(ask), tap(ask)])
  assert.equal(count, 1)
})
