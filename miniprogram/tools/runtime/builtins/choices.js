/** Switches, check boxes, radio buttons, sliders. */
import { append, formField, onTap } from './touch.js'

const GREEN = '#07c160'

function showState(h, role) {
  h.watch('checked, color, disabled', () => {
    h.host.classList.toggle('on', h.prop('checked'))
    h.host.style.setProperty('--c', h.prop('color'))
    h.host.setAttribute('role', role)
    h.host.setAttribute('aria-checked', h.prop('checked'))
    h.host.setAttribute('aria-disabled', h.prop('disabled'))
  })
}

function toggleSwitch(h) {
  showState(h, 'switch')
  h.self.__toggle = () => {
    if (h.prop('disabled')) return
    h.self.setData({ checked: !h.prop('checked') })
    h.fire('change', { value: h.prop('checked') })
  }
  h.attached(() => {
    if (!h.host.firstChild) append('i', '', h.host)
    onTap(h, h.self.__toggle)
  })
  formField(
    h,
    () => h.prop('checked'),
    () => h.self.setData({ checked: false }),
  )
}

function option(kind, mp) {
  return (h) => {
    showState(h, kind)
    h.self.__toggle = () => {
      if (h.prop('disabled') || (kind === 'radio' && h.prop('checked'))) return
      const group = mp.closest(h.self, kind + '-group')
      if (kind === 'radio' && group) mp.within(group, 'radio').forEach((other) => other.setData({ checked: false }))
      h.self.setData({ checked: !h.prop('checked') })
      group?.triggerEvent('change', { value: group.__mpField.get() })
    }
    h.attached(() => onTap(h, h.self.__toggle))
  }
}

function group(kind, mp) {
  return (h) => {
    const chosen = () =>
      mp
        .within(h.self, kind)
        .filter(({ data }) => data.checked)
        .map(({ data }) => data.value)
    h.attached(() => kind === 'radio' && h.host.setAttribute('role', 'radiogroup'))
    formField(
      h,
      () => (kind === 'radio' ? (chosen()[0] ?? '') : chosen()),
      () => mp.within(h.self, kind).forEach((item) => item.setData({ checked: false })),
    )
  }
}

function slider(h) {
  let range
  const draw = () => {
    if (range) for (const name of ['min', 'max', 'step', 'value', 'disabled']) range[name] = h.prop(name)
  }
  h.attached(() => {
    range = append('input', 'wx-slider-inner', h.host)
    range.type = 'range'
    range.setAttribute('aria-label', h.prop('ariaLabel') ?? '滑块')
    range.addEventListener('input', () => {
      h.self.setData({ value: Number(range.value) })
      h.fire('changing', { value: Number(range.value) })
    })
    range.addEventListener('change', () => h.fire('change', { value: Number(range.value) }))
    draw()
  })
  h.watch('min, max, step, value, disabled', draw)
  formField(
    h,
    () => h.prop('value'),
    () => h.self.setData({ value: h.prop('min') }),
  )
}

export function defineChoices(define, mp) {
  const common = { checked: [Boolean, false], disabled: [Boolean, false], color: [String, GREEN] }
  define('switch', { ...common, type: [String, 'switch'], name: [String, ''] }, toggleSwitch, { isLeaf: true })
  for (const kind of ['checkbox', 'radio']) {
    define(kind, { ...common, value: [String, ''] }, option(kind, mp))
    define(kind + '-group', { name: [String, ''] }, group(kind, mp))
  }
  const numbers = { min: [Number, 0], max: [Number, 100], step: [Number, 1], value: [Number, 0] }
  const looks = {
    activeColor: [String, GREEN],
    backgroundColor: [String, '#e9e9e9'],
    blockSize: [Number, 28],
    blockColor: [String, '#fff'],
    showValue: [Boolean, false],
  }
  define(
    'slider',
    { ...numbers, ...looks, disabled: [Boolean, false], name: [String, ''], color: [String, ''], selectedColor: [String, ''] },
    slider,
    { isLeaf: true },
  )
}
