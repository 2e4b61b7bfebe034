/** WeChat's calls that the backend tried and this sandbox does not have. */
import { fill, h } from '../dom.js'

export function unbuiltPanel(store) {
  const list = h('div')
  const update = () =>
    fill(
      list,
      store.unbuilt.length === 0
        ? h('p', { class: 'hint' }, '后端调用过的接口，这里都有。')
        : store.unbuilt.map(({ call, times }) => h('div', { class: 'unbuilt' }, h('code', {}, call), h('small', {}, `${times} 次`))),
    )
  const element = h(
    'div',
    { class: 'panel' },
    h('p', { class: 'hint' }, '后端调用了、沙箱却没有的微信接口。它们得到的是微信对未知路径的答复（40066 或 404）。'),
    list,
  )
  return { element, update }
}
