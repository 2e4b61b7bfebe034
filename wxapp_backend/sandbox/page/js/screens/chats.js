/** The list of chats: the shop's account, service notices, friends. */
import { button, fill, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'
import * as times from '../times.js'
import { badge, navBar, noticeFace, personFace, shopFace, tabBar } from './parts.js'

/** The last words of a chat, as its row shows them. */
function preview(message) {
  const isCard = message.opens?.opens === 'mini_program' && message.title && message.fields.length === 0
  return `${isCard ? '[小程序] ' : ''}${message.title || message.text}`.replaceAll('\n', ' ')
}

/** The person behind a chat with a friend. */
export const friendOf = (store, chat) => store.phone(chat.replace('friend:', ''))

/** What a chat is called. */
export function chatTitle(store, chat) {
  if (chat === 'official_account') return store.accountName
  return chat === 'service_notices' ? '服务通知' : (friendOf(store, chat)?.nickname ?? '')
}

function faceOf(store, chat) {
  if (chat === 'official_account') return shopFace(store.accountName)
  return chat === 'service_notices' ? noticeFace() : personFace(friendOf(store, chat))
}

/** The chats of a phone with their last messages, the newest first; a followed account has a chat from the start. */
function chatsOf(phone) {
  const last = new Map()
  if (phone.person.is_following) last.set('official_account', null)
  for (const message of phone.store.messagesOf(phone.id)) last.set(message.chat, message)
  return [...last].sort(([, one], [, other]) => (other?.seq ?? 0) - (one?.seq ?? 0))
}

export function chatsScreen(phone) {
  const { store } = phone
  const list = h('div', { class: 'scroll chats' })
  const scan = iconButton('nav-right', icon('scan'), '扫一扫', () => phone.push('scanner'))
  const title = navBar(phone, '微信', { isTab: true, right: scan })
  const update = () => {
    const { person } = phone
    const chats = chatsOf(phone)
    const unread = Object.values(person.unread).reduce((sum, one) => sum + one, 0)
    title.querySelector('h2').textContent = unread > 0 ? `微信(${unread})` : '微信'
    fill(list, chats.length > 0 ? chats.map(([chat, message]) => chatRow(phone, chat, message)) : emptyChats(phone))
  }
  return { element: h('div', { class: 'page' }, title, list, tabBar(phone, 'chats')), update }

  function chatRow(owner, chat, message) {
    const { person } = owner
    const gone = chat === 'official_account' && !person.is_following
    return button(
      'chat-row',
      [
        h('span', { class: 'chat-face' }, faceOf(store, chat), badge(person.unread[chat] ?? 0)),
        h(
          'span',
          { class: 'chat-words' },
          h(
            'span',
            { class: 'chat-top' },
            h('strong', {}, chatTitle(store, chat)),
            h('time', {}, message ? times.brief(new Date(message.at), store.now()) : ''),
          ),
          h('span', { class: 'chat-last' }, gone ? '[未关注] ' : '', message ? preview(message) : '已关注，打个招呼吧'),
        ),
      ],
      () => owner.push('chat', { chat }),
      { data: { chat } },
    )
  }
}

function emptyChats(phone) {
  return h(
    'div',
    { class: 'empty' },
    h('p', {}, '还没有消息'),
    button('soft', `关注「${phone.store.accountName}」`, () => phone.push('account')),
    button('soft', '扫一张海报', () => phone.push('scanner')),
  )
}
