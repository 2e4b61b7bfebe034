/** The other three tabs: contacts, discover, me. */
import { button, fill, h } from '../dom.js'
import { SCENE } from '../scenes.js'
import { group, navBar, personFace, row, rowIcon, shopFace, tabBar } from './parts.js'

const tabPage = (phone, name, title) => {
  const list = h('div', { class: 'scroll grouped' })
  return { list, element: h('div', { class: 'page is-grey' }, navBar(phone, title, { isTab: true }), list, tabBar(phone, name)) }
}

export function contactsScreen(phone) {
  const { list, element } = tabPage(phone, 'contacts', '通讯录')
  const update = () => {
    const { store, person } = phone
    const friends = phone.desk.others(phone.id)
    fill(
      list,
      h('h3', {}, '公众号'),
      group(
        row(shopFace(store.accountName), store.accountName, () => phone.push('account'), {
          note: person.is_following ? '已关注' : '未关注',
        }),
      ),
      friends.length > 0 && [
        h('h3', {}, '朋友'),
        group(friends.map((one) => row(personFace(one), one.nickname, () => phone.push('chat', { chat: `friend:${one.id}` })))),
      ],
    )
  }
  return { element, update }
}

export function discoverScreen(phone) {
  const { list, element } = tabPage(phone, 'discover', '发现')
  const update = () => {
    const { store } = phone
    fill(
      list,
      group(row(rowIcon('scan', 'blue'), '扫一扫', () => phone.push('scanner'))),
      store.miniProgram &&
        group(row(rowIcon('mini', 'violet'), '小程序', () => phone.mini.open({ scene: SCENE.home }), { note: store.accountName })),
    )
  }
  return { element, update }
}

export function meScreen(phone) {
  const { list, element } = tabPage(phone, 'me', '我')
  const update = () => {
    const { person, store } = phone
    const consents = Object.values(person.rights).reduce((sum, one) => sum + one, 0)
    fill(
      list,
      h(
        'div',
        { class: 'me-card' },
        personFace(person),
        h('div', {}, h('strong', {}, person.nickname), h('small', {}, `手机号 ${person.phone_number}`)),
      ),
      group(
        row(rowIcon('picture', 'blue'), '相册', () => phone.push('album'), {
          note: person.album.length > 0 ? `${person.album.length} 张` : '',
        }),
      ),
      group(row(rowIcon('bell', 'amber'), '订阅消息', () => phone.push('consents'), { note: consents > 0 ? `还能收 ${consents} 条` : '' })),
      person.is_following && group(button('row-plain tone-red', `取消关注「${store.accountName}」`, () => phone.act('unfollow'))),
    )
  }
  return { element, update }
}
