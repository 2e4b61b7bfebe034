/** The bar below a chat: a line to write in, or the menu of the account. */
import { button, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'
import { SCENE } from '../scenes.js'

/** The line to write in; `onMenu`, if there is one, goes back to the menu, `onSent` is called when the words stand in the chat. */
export function writingBar(phone, chat, { onMenu, onSent }) {
  const field = h('input', { class: 'write', 'aria-label': '写消息', autocomplete: 'off', enterkeyhint: 'send', maxlength: 2000 })
  const say = (text) =>
    chat === 'official_account' ? phone.act('send', { text }) : phone.act('share', { to: chat.replace('friend:', ''), text })
  const submit = async (event) => {
    event.preventDefault()
    const words = field.value.trim()
    if (!words) return
    field.value = ''
    if (!(await say(words))) field.value = words
    onSent()
  }
  const back = onMenu && iconButton('chat-switch', icon('log'), '菜单', onMenu)
  return h('form', { class: 'write-bar', onsubmit: submit }, back, field, h('button', { class: 'send' }, '发送'))
}

/** The account's menu; `onType` goes to the line to write in. */
export const menuBar = (phone, { onType }) =>
  h(
    'div',
    { class: 'menu-bar' },
    iconButton('chat-switch', icon('keyboard'), '写消息', onType),
    phone.store.menu.map((item) => menuButton(phone, item)),
  )

async function tapItem(phone, item) {
  const told = await phone.act('tap-menu', { key: item.key ?? item.pagepath ?? item.url ?? item.name })
  if (told?.opens) phone.open(told, SCENE.menu)
}

function menuButton(phone, item) {
  const inner = item.sub_button ?? []
  if (inner.length === 0) return button('menu-button', item.name, () => tapItem(phone, item))
  const choose = (one) => () => {
    popup.hidden = true
    void tapItem(phone, one)
  }
  const popup = h(
    'div',
    { class: 'menu-popup', hidden: true },
    inner.map((one) => button('menu-choice', one.name, choose(one))),
  )
  const opener = button('menu-button', ['≡ ', item.name], () => {
    popup.hidden = !popup.hidden
    opener.setAttribute('aria-expanded', String(!popup.hidden))
  })
  opener.setAttribute('aria-expanded', 'false')
  return h('div', { class: 'menu-group' }, popup, opener)
}
