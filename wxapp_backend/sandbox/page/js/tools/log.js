/** The log: every call of the API and every callback, newest first, each with request and answer. */
import { button, fill, h } from '../dom.js'
import { icon } from '../icons.js'
import * as times from '../times.js'
import { prettyJson } from './json.js'

const STEP = 150
const HTTP_OK = 200
const KINDS = {
  all: ['全部', () => true],
  in: ['接口', (entry) => entry.direction === 'in'],
  out: ['回调', (entry) => entry.direction === 'out'],
  failed: ['出错', (entry) => isFailed(entry)],
}

const isFailed = ({ errcode, status, note }) => Boolean(errcode) || status !== HTTP_OK || note.includes('bad reply')

export function logPanel(store) {
  const filter = h('input', { class: 'field', type: 'search', placeholder: '路径、错误码或内容', 'aria-label': '筛选' })
  const list = h('div', { class: 'log' })
  const open = new Set()
  let kind = 'all'
  let most = STEP
  let drawn = ''
  const chips = Object.entries(KINDS).map(([name, [label]]) =>
    button('chip', label, () => choose(name), { role: 'radio', data: { kind: name } }),
  )

  function choose(name) {
    kind = name
    for (const chip of chips) chip.setAttribute('aria-checked', String(chip.dataset.kind === name))
    update()
  }
  function update() {
    const words = filter.value.trim().toLowerCase()
    const found = store.log
      .filter((entry) => KINDS[kind][1](entry) && (!words || JSON.stringify(entry).toLowerCase().includes(words)))
      .toReversed()
    const looks = `${kind} ${words} ${most} ${found.length} ${found[0]?.seq}`
    if (looks === drawn) return
    drawn = looks
    const rest = found.length - most
    fill(
      list,
      found.length === 0 && h('p', { class: 'hint' }, store.log.length === 0 ? '后端还没有调用过微信。' : '没有符合的记录。'),
      found.slice(0, most).map((entry) => entryRow(entry, open)),
      rest > 0 && button('plain', `再看 ${Math.min(rest, STEP)} 条`, () => ((most += STEP), update())),
    )
  }
  filter.addEventListener('input', update)
  store.addEventListener('reset', () => open.clear())
  const element = h(
    'div',
    { class: 'panel' },
    h('div', { class: 'log-filter' }, filter, h('div', { class: 'chips', role: 'radiogroup', 'aria-label': '种类' }, chips)),
    list,
  )
  choose('all')
  return { element, update }
}

function entryRow(entry, open) {
  const details = h('details', { class: isFailed(entry) ? 'entry is-failed' : 'entry', open: open.has(entry.seq) })
  const outcome = entry.errcode || (entry.status === HTTP_OK ? '' : entry.status || '无回音')
  details.append(
    h(
      'summary',
      {},
      h(
        'span',
        { class: `entry-way way-${entry.direction}`, title: entry.direction === 'in' ? '后端调用微信' : '微信通知后端' },
        icon(entry.direction === 'in' ? 'in' : 'out'),
      ),
      h('span', { class: 'entry-path' }, entry.path),
      outcome && h('b', { class: 'entry-code' }, outcome),
      h('small', {}, times.clockSeconds(new Date(entry.at))),
    ),
  )
  const showBody = () => details.childElementCount === 1 && details.append(entryBody(entry))
  details.addEventListener('toggle', () => {
    open[details.open ? 'add' : 'delete'](entry.seq)
    showBody()
  })
  if (details.open) showBody()
  return details
}

function entryBody(entry) {
  const facts = [
    entry.direction === 'in' ? '后端 → 微信' : '微信 → 后端',
    entry.method,
    ACCOUNTS[entry.account],
    `${entry.milliseconds} ms`,
    entry.note,
  ]
  return h(
    'div',
    { class: 'entry-body' },
    h('p', { class: 'hint' }, facts.filter(Boolean).join(' · ')),
    h('h4', {}, '请求'),
    prettyJson(entry.request),
    h('h4', {}, '答复'),
    prettyJson(entry.answer),
  )
}

const ACCOUNTS = { mini_program: '小程序', official_account: '公众号' }
