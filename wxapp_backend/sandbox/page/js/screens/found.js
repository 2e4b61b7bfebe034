/** What a code or a link leads to, when the phone itself cannot go there: a page of the mini-program, a web page, a text. */
import { note } from '../dialogs.js'
import { button, h } from '../dom.js'
import { icon } from '../icons.js'
import { navBar } from './parts.js'

const copyButton = (text) =>
  button('soft', [icon('copy'), '复制'], async () => {
    await navigator.clipboard.writeText(text)
    note('已复制')
  })

const line = (name, value) => h('div', { class: 'found-line' }, h('dt', {}, name), h('dd', {}, value))

/** A query as people read it: one value a line, decoded. */
function queryLines(query) {
  return [...new URLSearchParams(query)].map(([name, value]) => line(name, value))
}

const LOOKS = {
  mini_program: ({ path, query }) => ({
    title: '打开小程序',
    picture: 'mini',
    parts: [
      h('dl', { class: 'found-lines' }, line('页面', path || '首页'), queryLines(query ?? '')),
      copyButton(query ? `${path}?${query}` : path),
    ],
  }),
  url: ({ url }) => ({
    title: '打开网页',
    picture: 'link',
    parts: [
      h('p', { class: 'found-text' }, url),
      h('a', { class: 'soft', href: url, target: '_blank', rel: 'noreferrer' }, '在新标签页打开'),
      copyButton(url),
    ],
  }),
  text: ({ text }) => ({ title: '扫到的文字', picture: 'scan', parts: [h('p', { class: 'found-text' }, text), copyButton(text)] }),
}

export function foundScreen(phone, { found }) {
  const { title, picture, parts } = LOOKS[found.opens](found)
  const body = h('div', { class: 'scroll found' }, h('span', { class: 'found-icon' }, icon(picture)), h('h3', {}, title), parts)
  return { element: h('div', { class: 'page' }, navBar(phone, ''), body), update() {} }
}
