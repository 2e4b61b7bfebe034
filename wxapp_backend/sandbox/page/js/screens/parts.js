/** Pieces that several screens share: the bars above and below, rows, faces. */
import { button, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'

/** The bar at the top; `right` is a button or nothing. */
export const navBar = (phone, title, { right, isTab } = {}) =>
  h(
    'header',
    { class: 'nav' },
    isTab ? h('span') : iconButton('nav-back', icon('back'), '返回', () => phone.back()),
    h('h2', {}, title),
    right ?? h('span'),
  )

const TABS = [
  ['chats', 'chats', '微信'],
  ['contacts', 'people', '通讯录'],
  ['discover', 'compass', '发现'],
  ['me', 'person', '我'],
]

/** The four tabs at the bottom. */
export const tabBar = (phone, current) =>
  h(
    'nav',
    { class: 'tabs', 'aria-label': '微信' },
    TABS.map(([name, picture, label]) =>
      button(name === current ? 'tab is-on' : 'tab', [icon(picture), h('span', {}, label)], () => phone.show(name), {
        'aria-current': name === current ? 'page' : null,
      }),
    ),
  )

/** The shop's face, drawn from the first character of its name. */
export const shopFace = (name) => h('span', { class: 'shop-face', 'aria-hidden': 'true' }, [...name][0] ?? '')
export const noticeFace = () => h('span', { class: 'notice-face', 'aria-hidden': 'true' }, icon('bell'))
export const personFace = (person) => h('img', { class: 'face', src: person.avatar_url, alt: '' })

/** A row of a list that opens something. */
export const row = (face, label, onclick, { note, tone } = {}) =>
  button(
    `row-button${tone ? ` tone-${tone}` : ''}`,
    [face, h('span', { class: 'row-label' }, label), note && h('small', {}, note), icon('next')],
    onclick,
  )

export const group = (...rows) => h('div', { class: 'group' }, rows)
export const rowIcon = (name, tone) => h('span', { class: `row-icon tint-${tone}` }, icon(name))

/** The red number on a face. */
export const badge = (count) => (count > 0 ? h('b', { class: 'badge', 'aria-label': `${count} 条未读` }, count > 99 ? '99+' : count) : null)
