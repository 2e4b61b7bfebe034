/** The bar above the desk: whose phones there are, the time, the tools, and what can be done to the whole sandbox. */
import * as api from './api.js'
import { askPerson, attempt, confirm } from './dialogs.js'
import { button, fill, h, iconButton } from './dom.js'
import { icon } from './icons.js'
import * as times from './times.js'

const SECOND_MS = 1000

export function createBar({ store, desk, tools }) {
  const people = h('nav', { class: 'people', 'aria-label': '手机' })
  const time = h('span', { class: 'bar-time' })
  const clockButton = button('bar-clock', [icon('clock'), h('span', { class: 'unseen' }, '时钟'), time], () => tools.toggle('clock'), {
    title: '时钟',
  })
  const faultCount = h('b', { class: 'count' })
  const unbuiltCount = h('b', { class: 'count' })
  const faults = toolButton('bolt', '故障', faultCount, () => tools.toggle('faults'))
  const log = toolButton('log', '日志', null, () => tools.toggle('log'))
  const unbuilt = toolButton('puzzle', '没有的接口', unbuiltCount, () => tools.toggle('unbuilt'))
  const arrive = button('primary', [icon('add'), '新手机'], () =>
    askPerson(
      store.phones.map((one) => one.nickname),
      add,
    ),
  )
  const add = (person) =>
    attempt(async () => {
      const { id } = await api.addPhone(person)
      await store.refresh()
      desk.bring(id)
    })
  const clear = iconButton('quiet', icon('reset'), '全部清空', () =>
    confirm({ title: '全部清空', text: '所有人、聊天、故障和日志都会消失，时钟回到真实时间。后端自己的数据不受影响。', yes: '清空' }, () =>
      attempt(async () => (await api.reset(), store.refresh())),
    ),
  )

  const update = () => {
    fill(
      people,
      store.phones.map((phone) => personButton(phone, desk)),
    )
    faultCount.textContent = store.faults.length || ''
    unbuiltCount.textContent = store.unbuilt.length || ''
    unbuilt.hidden = store.unbuilt.length === 0
    clockButton.classList.toggle('is-ahead', store.aheadSeconds > 0)
    arrive.disabled = !store.isReachable
    clear.disabled = !store.isReachable
  }
  const tick = () => {
    time.textContent = store.isReachable
      ? `${times.brief(store.now(), new Date())} ${times.clock(store.now())}`.replace(/^([\d:]+) \1$/, '$1')
      : '--:--'
  }
  store.addEventListener('change', update)
  desk.addEventListener('change', update)
  setInterval(tick, SECOND_MS)
  store.addEventListener('change', tick)
  return h(
    'header',
    { class: 'bar' },
    h('h1', { class: 'brand' }, h('img', { src: '_page/icon.svg', alt: '' }), '微信沙箱'),
    people,
    h('div', { class: 'bar-tools' }, clockButton, faults, log, unbuilt, clear, arrive),
  )
}

function toolButton(picture, label, count, onclick) {
  return button('quiet bar-tool', [icon(picture), label, count], onclick)
}

function personButton(phone, desk) {
  const unread = Object.values(phone.unread).reduce((sum, one) => sum + one, 0)
  const isHidden = desk.isHidden(phone.id)
  const label = isHidden ? `${phone.nickname}（收起了）` : phone.nickname
  return button(
    isHidden ? 'person is-hidden' : 'person',
    [
      h('span', { class: 'face-with-dot' }, h('img', { src: phone.avatar_url, alt: '' }), unread > 0 && h('i', { class: 'dot' })),
      h('span', {}, phone.nickname),
    ],
    () => desk.bring(phone.id),
    { title: label, 'aria-label': label, data: { phone: phone.id } },
  )
}
