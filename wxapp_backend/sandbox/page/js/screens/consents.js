/** The mini-program's messages this person agreed to, each of which can be switched off. */
import { button, fill, h } from '../dom.js'
import { navBar } from './parts.js'

export function consentsScreen(phone) {
  const list = h('div', { class: 'scroll grouped' })
  const update = () => {
    const rights = Object.entries(phone.person.rights)
    if (rights.length === 0)
      return fill(list, h('div', { class: 'empty' }, h('p', {}, '没有订阅的消息'), h('small', {}, '在小程序里同意后，会列在这里。')))
    const rows = rights.map(([id, left]) =>
      h(
        'div',
        { class: 'consent' },
        h('span', {}, phone.store.templateTitles[id] ?? id),
        h('small', {}, left > 0 ? `还能收 ${left} 条` : '用完了'),
        left > 0 && button('soft', '关闭', () => phone.act('withdraw', { template_ids: [id] })),
      ),
    )
    return fill(list, h('div', { class: 'group' }, rows))
  }
  return { element: h('div', { class: 'page is-grey' }, navBar(phone, '订阅消息'), list), update }
}
