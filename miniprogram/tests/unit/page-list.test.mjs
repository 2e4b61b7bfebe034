/** A list that comes page by page: what it asks, what it draws, and what it does when an answer is late or never comes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeWx, source } from './source.mjs'

const LOGGED_IN = { data: { token: 't', expires_at: '2099-01-01T00:00:00Z', customer: {}, brand: {}, capabilities: { features: {} } } }
const OFFLINE = Object.assign(new Error('cut'), { code: 'offline' })

/** A screen whose list is asked of `answers`, a promise or a function a call; `asked` are the cursors, `drawn` the patches. */
async function screenOf(answers, over = {}) {
  fakeWx([LOGGED_IN])
  const { listData, pageList } = await source('utils/page-list')
  const asked = []
  const list = pageList({
    ask: async (cursor) => {
      asked.push(cursor)
      const answer = await answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    rows: (items) => ({ odd: items.filter((n) => n % 2 === 1), even: items.filter((n) => n % 2 === 0) }),
    ...over.list,
  })
  const arrivals = []
  const drawn = []
  const screen = {
    ...list,
    data: { ...listData, odd: [], even: [] },
    setData(patch) {
      drawn.push(Object.keys(patch))
      for (const [path, value] of Object.entries(patch)) {
        const [, name, at] = /^(\w+)(?:\[(\d+)\])?$/.exec(path)
        if (at === undefined) this.data[name] = value
        else this.data[name][Number(at)] = value
      }
    },
    arrived: (items) => arrivals.push(items),
  }
  return { screen, asked, arrivals, drawn }
}

const page = (items, next = null) => ({ items, next_cursor: next })
const later = () => {
  let give
  const answer = new Promise((resolve) => { give = resolve })
  return { answer, give }
}

test('the first page is drawn whole, together with what is asked beside it', async () => {
  const { screen, asked, arrivals } = await screenOf([page([1, 2], 'c')], { list: { beside: async () => ({ total: 2 }) } })
  await screen.load()
  assert.deepEqual(screen.data, { state: 'ready', failure: '', more: 'loading', odd: [1], even: [2], total: 2 })
  assert.deepEqual({ asked, arrivals }, { asked: [null], arrivals: [[1, 2]] })
})

test('only the new rows of a next page travel, each to the end of its list, until the last one says so', async () => {
  const { screen, asked, drawn } = await screenOf([page([1, 2, 3], 'c'), page([5, 4])])
  await screen.load()
  await screen.loadMore()
  await screen.loadMore()
  assert.deepEqual(screen.data, { state: 'ready', failure: '', more: 'end', odd: [1, 3, 5], even: [2, 4] })
  assert.deepEqual(drawn.at(-1), ['more', 'odd[2]', 'even[1]'])
  assert.deepEqual(asked, [null, 'c'])
})

test('a list of one page has no line below it', async () => {
  const { screen } = await screenOf([page([1])])
  await screen.load()
  assert.equal(screen.data.more, 'idle')
})

test('an empty list is empty, and is not told of as a failure', async () => {
  const { screen } = await screenOf([page([])])
  await screen.load()
  assert.deepEqual([screen.data.state, screen.data.failure], ['empty', ''])
})

test('a first page that fails is told in words', async () => {
  const { screen } = await screenOf([OFFLINE])
  await screen.load()
  assert.deepEqual([screen.data.state, screen.data.failure], ['failed', '出了点小问题，请再试一次。'])
})

test('what is asked beside fails the screen as the list does', async () => {
  const { screen } = await screenOf([page([1])], { list: { beside: () => Promise.reject(OFFLINE) } })
  await screen.load()
  assert.equal(screen.data.state, 'failed')
})

test('a list that is shown stays when asking again fails, and can still be scrolled', async () => {
  const { screen } = await screenOf([page([1], 'c'), OFFLINE, page([3])])
  await screen.load()
  await screen.load()
  await screen.loadMore()
  assert.deepEqual([screen.data.state, screen.data.odd], ['ready', [1, 3]])
})

test('a next page that fails can be asked for again', async () => {
  const { screen, asked } = await screenOf([page([1], 'c'), OFFLINE, page([3])])
  await screen.load()
  await screen.loadMore()
  assert.equal(screen.data.more, 'failed')
  await screen.loadMore()
  assert.deepEqual([screen.data.more, screen.data.odd, asked], ['end', [1, 3], [null, 'c', 'c']])
})

test('the end of the screen, reached twice, asks once', async () => {
  const next = later()
  const { screen, asked } = await screenOf([page([1], 'c'), next.answer])
  await screen.load()
  screen.onReachBottom()
  screen.onReachBottom()
  next.give(page([3]))
  await next.answer
  assert.deepEqual(asked, [null, 'c'])
})

test('a next page that comes after the list was asked anew is dropped', async () => {
  const late = later()
  const { screen, asked, arrivals } = await screenOf([page([1], 'c'), late.answer, page([7], 'new'), page([9])])
  await screen.load()
  const next = screen.loadMore()
  await screen.load()
  late.give(page([3], 'old'))
  await next
  await screen.loadMore()
  assert.deepEqual([screen.data.odd, screen.data.more], [[7, 9], 'end'])
  assert.deepEqual({ asked, arrivals }, { asked: [null, 'c', null, 'new'], arrivals: [[1], [7], [9]] })
})

test('a next page that fails after the list was asked anew leaves no trace', async () => {
  const late = later()
  const { screen } = await screenOf([page([1], 'c'), late.answer, page([7])])
  await screen.load()
  const next = screen.loadMore()
  await screen.load()
  late.give(OFFLINE)
  await next
  assert.deepEqual([screen.data.odd, screen.data.more], [[7], 'idle'])
})
