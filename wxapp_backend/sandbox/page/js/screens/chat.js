/** A chat: its messages, and the bar below to write in or to tap the account's menu. */
import * as api from '../api.js'
import { attempt } from '../dialogs.js'
import { button, fill, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'
import * as times from '../times.js'
import { menuBar, writingBar } from './chat_foot.js'
import { chatTitle, friendOf } from './chats.js'
import { drawMessage } from './messages.js'
import { navBar } from './parts.js'

const PAUSE_MS = 5 * 60_000 // WeChat writes the time again after so long a silence
const NEAR_END_PX = 80

export function chatScreen(phone, { chat }) {
  const { store } = phone
  const list = h('div', { class: 'scroll messages', role: 'log', 'aria-label': '消息', tabindex: 0 })
  const foot = h('div', { class: 'chat-foot' })
  const isAccount = chat === 'official_account'
  const right = isAccount && iconButton('nav-right', icon('person'), '公众号资料', () => phone.push('account'))
  const page = h('div', { class: 'page is-grey' }, navBar(phone, chatTitle(store, chat), { right: right || undefined }), list, foot)
  const state = { drawn: 0, day: '', footLooks: '', isTyping: false, height: 0 }

  const update = () => {
    drawNews()
    drawFoot()
    if (page.isConnected && phone.person.unread[chat] > 0 && !phone.mini.isOpen) markRead()
  }
  const markRead = () => attempt(async () => (await api.read(phone.id, chat), store.refresh()))

  function drawNews() {
    const messages = store.messagesOf(phone.id, chat)
    const today = times.longDay(store.now())
    if (today !== state.day || messages.length < state.drawn) {
      state.day = today // "yesterday" is another day now
      state.drawn = 0
      list.replaceChildren()
    }
    if (messages.length === state.drawn) return
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX
    messages.slice(state.drawn).forEach((message, index) => {
      const before = messages[state.drawn + index - 1]
      if (!before || Date.parse(message.at) - Date.parse(before.at) > PAUSE_MS) {
        list.append(h('time', { class: 'message-time' }, times.inChat(new Date(message.at), store.now())))
      }
      list.append(drawMessage(phone, message, friendOf(store, chat)))
    })
    state.drawn = messages.length
    if (isAtEnd) toEnd()
  }
  const toEnd = () => {
    list.scrollTop = list.scrollHeight
    state.height = list.scrollHeight
  }
  // A picture that was not loaded yet makes the list longer afterwards.
  list.addEventListener('load', () => list.scrollTop + list.clientHeight >= state.height - NEAR_END_PX && toEnd(), true)

  function drawFoot() {
    const looks = JSON.stringify([phone.person.is_following, store.menu, state.isTyping])
    if (looks === state.footLooks) return
    state.footLooks = looks
    if (chat === 'service_notices') return
    if (isAccount && !phone.person.is_following)
      fill(
        foot,
        button('wide is-green', '关注公众号', () => phone.act('follow')),
      )
    else if (isAccount && store.menu.length > 0 && !state.isTyping) fill(foot, menuBar(phone, { onType: () => type(true) }))
    else fill(foot, writingBar(phone, chat, { onMenu: isAccount && store.menu.length > 0 && (() => type(false)), onSent: toEnd }))
  }
  const type = (isTyping) => {
    state.isTyping = isTyping
    drawFoot()
    foot.querySelector('input')?.focus()
  }

  return { element: page, update, shown: toEnd }
}
