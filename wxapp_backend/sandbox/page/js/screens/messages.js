/** Messages as WeChat draws them: bubbles, pictures, cards of templates and of the mini-program, grey lines. */
import { button, h } from '../dom.js'
import { icon } from '../icons.js'
import { SCENE } from '../scenes.js'
import { personFace, shopFace } from './parts.js'

const SENT = new Set(['sent', 'to_friend'])

/** Draws one message; `friend` is the other person of a chat of two. */
export function drawMessage(phone, message, friend) {
  if (message.is_notice) return h('p', { class: 'notice-line' }, message.text)
  if (message.channel === 'template' || message.channel === 'subscription') return templateCard(phone, message)
  const isMine = SENT.has(message.channel)
  const face = isMine ? personFace(phone.person) : friend ? personFace(friend) : shopFace(phone.store.accountName)
  return h('div', { class: isMine ? 'said is-mine' : 'said' }, face, contentOf(phone, message))
}

function contentOf(phone, message) {
  if (message.opens?.opens === 'mini_program' && message.title) return miniCard(phone, message)
  if (message.image_url) return picture(phone, message)
  if (message.title) return article(phone, message)
  return h('div', { class: 'bubble' }, linked(phone, message))
}

const accountOpens =
  (phone, message, target = message.opens) =>
  () =>
    phone.open(target, SCENE_OF[message.channel] ?? SCENE.accountCard)
const SCENE_OF = { template: SCENE.template, subscription: SCENE.service, friend: SCENE.card, to_friend: SCENE.card }

/** A text with its links as words that can be tapped. */
function linked(phone, { text, parts }) {
  if (parts.length === 0) return text
  return parts.map((one) => (one.opens ? button('text-link', one.text, () => phone.open(one.opens, SCENE.link)) : one.text))
}

function picture(phone, { image_url: url }) {
  const img = h('img', { src: url, alt: '图片', draggable: 'true' })
  return button('sent-picture', img, () => phone.push('picture', { url }), { 'aria-label': '查看图片' })
}

function article(phone, message) {
  const [, ...words] = message.text.split('\n')
  const parts = [h('strong', {}, message.title), words.length > 0 && h('span', {}, words.join('\n'))]
  return button('article', parts, accountOpens(phone, message), { disabled: !message.opens })
}

function miniCard(phone, message) {
  return button(
    'mini-card',
    [
      h('span', { class: 'mini-card-name' }, shopFace(phone.store.accountName), phone.store.accountName),
      h('strong', {}, message.title),
      message.image_url ? h('img', { src: message.image_url, alt: '' }) : h('span', { class: 'mini-card-blank' }, icon('mini')),
      h('span', { class: 'mini-card-foot' }, icon('mini'), '小程序'),
    ],
    accountOpens(phone, message),
  )
}

const fieldLines = (fields) =>
  h(
    'dl',
    {},
    fields.map(({ label, value }) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
  )

function footOf(message, name) {
  if (!message.opens) return null
  const isMini = message.opens.opens === 'mini_program'
  return h(
    'span',
    { class: 'card-foot' },
    isMini && icon('mini'),
    h('span', {}, isMini ? (message.channel === 'subscription' ? '进入小程序查看' : `${name} · 小程序`) : '查看详情'),
    icon('next'),
  )
}

/** A template message, or a service notice with the mini-program's name above it. */
function templateCard(phone, message) {
  const name = phone.store.accountName
  const head = message.channel === 'subscription' && h('span', { class: 'card-from' }, shopFace(name), name)
  const parts = [head, h('strong', { class: 'card-title' }, message.title), fieldLines(message.fields), footOf(message, name)]
  const className = `card card-${message.channel}`
  if (!message.opens) return h('div', { class: className }, parts)
  return button(className, parts, accountOpens(phone, message))
}
