/** The wheel of `<picker>`: one list, several lists, date, time or region. */
import { ask, button, make } from './dom.js'

const DATE_TYPES = { month: 'month', year: 'number', day: 'date' }
const REGION = [['广东省'], ['广州市'], ['海珠区']]

function dateInput({ mode, fields, value, start, end }) {
  const input = make('input', 'mp-picker-in')
  input.type = mode === 'time' ? 'time' : (DATE_TYPES[fields] ?? 'date')
  Object.assign(input, { value: value || '', min: start ?? '', max: end ?? '' })
  return { parts: [input], read: () => input.value }
}

function wheels(options, onColumn) {
  const { mode, range, rangeKey, value } = options
  const isMany = mode === 'multiSelector'
  const columns = isMany ? range : mode === 'region' ? REGION : [range]
  const chosen = isMany ? columns.map((_, column) => value?.[column] ?? 0) : [Number(value) || 0]
  const parts = columns.map((list, column) => {
    const wheel = make('div', 'mp-picker-c')
    const items = (list ?? []).map((item, index) => {
      const label = item !== null && typeof item === 'object' ? item[rangeKey] : item
      return button('mp-picker-i' + (index === chosen[column] ? ' on' : ''), String(label), () => {
        chosen[column] = index
        items.forEach((other, at) => other.classList.toggle('on', at === index))
        if (isMany) onColumn({ column, value: index })
      })
    })
    wheel.append(...items)
    return wheel
  })
  return { parts, read: () => (mode === 'region' ? columns.map((list) => list[0]) : isMany ? chosen : chosen[0]) }
}

/** Resolves with the value, or undefined when the person turns away. */
export function showPicker(options, onColumn) {
  const isDate = options.mode === 'date' || options.mode === 'time'
  const { parts, read } = isDate ? dateInput(options) : wheels(options, onColumn)
  return ask('mp-bottom', (done) => {
    const no = button('mp-picker-no', '取消', () => done(undefined))
    const yes = button('mp-picker-ok', '确定', () => done(read()))
    return make(
      'div',
      'mp-picker',
      make('div', 'mp-picker-h', no, make('span', '', options.title ?? ''), yes),
      make('div', 'mp-picker-b', ...parts),
    )
  })
}
