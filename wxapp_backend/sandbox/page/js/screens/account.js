/** The official account's card: follow, write, stop following. */
import { button, fill, h } from '../dom.js'
import { navBar, shopFace } from './parts.js'

export function accountScreen(phone) {
  const body = h('div', { class: 'scroll account' })
  const follow = async () => {
    if (await phone.act('follow')) phone.replace('chat', { chat: 'official_account' })
  }
  const update = () => {
    const { store, person } = phone
    fill(
      body,
      h('div', { class: 'account-card' }, shopFace(store.accountName), h('strong', {}, store.accountName), h('small', {}, '服务号')),
      person.is_following
        ? [
            button('wide', '发消息', () => phone.replace('chat', { chat: 'official_account' })),
            button('wide is-quiet', '取消关注', () => phone.act('unfollow')),
          ]
        : button('wide is-green', '关注公众号', follow),
    )
  }
  return { element: h('div', { class: 'page is-grey' }, navBar(phone, ''), body), update }
}
