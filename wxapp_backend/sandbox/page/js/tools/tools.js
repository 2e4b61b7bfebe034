/** The drawer at the side: clock, faults, log, calls that are not built. */
import { button, fill, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'
import { accountsPanel } from './accounts.js'
import { clockPanel } from './clock.js'
import { faultsPanel } from './faults.js'
import { logPanel } from './log.js'
import { unbuiltPanel } from './unbuilt.js'

const OPEN = 'sandbox-open-tool'
const PANELS = {
  clock: ['时钟', clockPanel],
  faults: ['故障', faultsPanel],
  log: ['日志', logPanel],
  unbuilt: ['没有的接口', unbuiltPanel],
  accounts: ['账号', accountsPanel],
}

export function createTools(store) {
  const panels = Object.fromEntries(Object.entries(PANELS).map(([name, [, make]]) => [name, make(store)]))
  const tabs = Object.fromEntries(
    Object.entries(PANELS).map(([name, [title]]) => [
      name,
      button('tool-tab', title, () => open(name), { role: 'tab', id: `tab-${name}`, 'aria-controls': 'tool' }),
    ]),
  )
  const room = h('div', { class: 'tool', id: 'tool', role: 'tabpanel' })
  const close = iconButton('quiet', icon('close'), '关闭', () => open(''))
  const bar = h('div', { class: 'tool-tabs' }, h('div', { role: 'tablist', 'aria-label': '工具' }, Object.values(tabs)), close)
  const element = h('aside', { class: 'tools', 'aria-label': '工具' }, bar, room)
  let current = ''

  function open(name) {
    current = PANELS[name] ? name : ''
    localStorage.setItem(OPEN, current)
    element.hidden = !current
    if (!current) return
    for (const [one, tab] of Object.entries(tabs)) tab.setAttribute('aria-selected', String(one === current))
    room.setAttribute('aria-labelledby', `tab-${current}`)
    fill(room, panels[current].element)
    panels[current].update()
  }
  element.addEventListener('keydown', (event) => event.key === 'Escape' && open(''))
  store.addEventListener('change', () => current && panels[current].update())
  open(localStorage.getItem(OPEN) ?? '')
  return { element, toggle: (name) => open(current === name ? '' : name) }
}
