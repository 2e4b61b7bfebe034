/** The clock: what time it is in the sandbox, and moving it forward. */
import * as api from '../api.js'
import { attempt } from '../dialogs.js'
import { button, h } from '../dom.js'
import * as times from '../times.js'

const SECOND_MS = 1000
const UNITS = { minutes: ['分钟', 60], hours: ['小时', 3600], days: ['天', 86_400] }
const STEPS = [
  [10, 'minutes'],
  [1, 'hours'],
  [1, 'days'],
  [7, 'days'],
  [30, 'days'],
]

export function clockPanel(store) {
  const day = h('p', { class: 'clock-day' })
  const time = h('p', { class: 'clock-time' })
  const ahead = h('p', { class: 'hint' })
  const move = (seconds) => attempt(async () => (await api.advance(seconds), store.refresh()))
  const count = h('input', { class: 'field', type: 'number', min: 1, max: 10_000, value: 2, required: true, 'aria-label': '多少' })
  const unit = h(
    'select',
    { class: 'field', 'aria-label': '单位' },
    Object.entries(UNITS).map(([name, [label]]) => h('option', { value: name }, label)),
  )
  const submit = (event) => {
    event.preventDefault()
    void move(Number(count.value) * UNITS[unit.value][1])
  }
  const update = () => {
    const now = store.now()
    day.textContent = times.longDay(now)
    time.textContent = times.clockSeconds(now)
    ahead.textContent = store.aheadSeconds > 0 ? `比真实时间快 ${times.span(store.aheadSeconds)}` : '和真实时间一样'
  }
  setInterval(() => day.isConnected && update(), SECOND_MS)
  const steps = STEPS.map(([number, name]) => button('plain', `+${number} ${UNITS[name][0]}`, () => move(number * UNITS[name][1])))
  const element = h(
    'div',
    { class: 'panel' },
    h('div', { class: 'clock-face' }, day, time, ahead),
    h('h3', {}, '往前拨'),
    h('div', { class: 'chips' }, steps),
    h('form', { class: 'row', onsubmit: submit }, count, unit, h('button', { class: 'plain' }, '拨')),
    h('p', { class: 'hint' }, '时钟只能向前。令牌、码、客服消息窗口都按它过期；后端也跟着它走。要回到真实时间，请全部清空。'),
  )
  return { element, update }
}
