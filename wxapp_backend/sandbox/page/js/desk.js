/** The desk: the phones side by side, those put away left out. */
import * as api from './api.js'
import { askPerson, attempt } from './dialogs.js'
import { button, fill, h } from './dom.js'
import { watchDrags } from './drops.js'
import { icon } from './icons.js'
import { Phone } from './phone.js'

const HIDDEN = 'sandbox-hidden-phones'

/** Remembers which phones are put away, for one world. */
class Hidden {
  constructor(store) {
    this.store = store
  }

  all() {
    const kept = JSON.parse(localStorage.getItem(HIDDEN) ?? '{}')
    return kept.world === this.store.world ? kept.ids : []
  }

  set(id, isHidden) {
    const ids = this.all().filter((one) => one !== id)
    localStorage.setItem(HIDDEN, JSON.stringify({ world: this.store.world, ids: isHidden ? [...ids, id] : ids }))
  }
}

export function createDesk(store) {
  const phones = new Map()
  const hidden = new Hidden(store)
  const events = new EventTarget()
  const row = h('div', { class: 'phones' })
  const notice = h('div', { class: 'desk-notice' })
  const element = h('main', { class: 'desk' }, notice, row)

  const desk = {
    element,
    store,
    addEventListener: (...given) => events.addEventListener(...given),
    isHidden: (id) => hidden.all().includes(id),
    phone: (id) => phones.get(id),
    others: (id) => store.phones.filter((one) => one.id !== id),
    hide(id) {
      hidden.set(id, true)
      update()
    },
    /** Takes a phone out again if need be, and brings it into view. */
    bring(id) {
      hidden.set(id, false)
      update()
      const phone = phones.get(id)
      phone?.element.scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' })
      phone?.greet()
    },
  }

  function update() {
    for (const { id } of store.phones) {
      if (!phones.has(id)) {
        phones.set(id, new Phone(desk, id))
        row.append(phones.get(id).element)
      }
      phones.get(id).element.hidden = desk.isHidden(id)
      phones.get(id).update()
    }
    fill(notice, noticeOf(store, desk))
    element.classList.toggle('is-lost', store.isReachable === false)
    events.dispatchEvent(new Event('change'))
  }

  store.addEventListener('change', update)
  store.addEventListener('reset', () => {
    phones.clear()
    row.replaceChildren()
  })
  watchDrags(desk, phones)
  return desk
}

function noticeOf(store, desk) {
  if (store.isReachable === null) return null
  if (!store.isReachable) {
    return h(
      'div',
      { class: 'lost', role: 'alert' },
      h('strong', {}, '连不上沙箱'),
      h('p', {}, '它可能停了。启动后这里会自己恢复。'),
      button('plain', '再试一次', () => store.refresh()),
    )
  }
  if (store.phones.length === 0) return welcome(store, desk)
  if (store.phones.every(({ id }) => desk.isHidden(id)))
    return h('p', { class: 'all-hidden' }, '手机都收起来了。点上面的名字，把它拿出来。')
  return null
}

function welcome(store, desk) {
  const add = (person) =>
    attempt(async () => {
      const { id } = await api.addPhone(person)
      await store.refresh()
      desk.bring(id)
    })
  return h(
    'section',
    { class: 'welcome' },
    h('div', { class: 'welcome-phones', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
    h('h2', {}, '桌上还没有手机'),
    h('p', {}, `拿出一部，让它的主人关注「${store.accountName}」、扫海报、收消息。一切都在这台电脑上，不需要微信账号。`),
    button('primary large', [icon('add'), '拿出第一部手机'], () => askPerson([], add)),
    h('small', {}, '后端：', store.backend),
  )
}
