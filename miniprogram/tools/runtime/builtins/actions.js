/** What does something when tapped: form, label, button, navigator, picker. */
import { formField, HOVER, hover, onTap } from './touch.js'

function form(mp) {
  return (h) => {
    h.self.__submit = () => {
      const value = {}
      for (const element of mp.descendants(h.self)) {
        if (element.__mpField?.name) value[element.__mpField.name] = element.__mpField.get()
        else if (element.__mpFormField && element.data.name) value[element.data.name] = element.data.value
      }
      h.fire('submit', { value, target: {} })
    }
    h.self.__reset = () => {
      for (const element of mp.descendants(h.self)) element.__mpField?.reset?.()
      h.fire('reset', {})
    }
  }
}

function label(mp) {
  return (h) =>
    h.attached(() =>
      onTap(h, (event) => {
        const id = h.prop('for')
        const isControl = (element) => element.__toggle || element.__mpField || element.is === 'button'
        const control = id ? h.self.ownerShadowRoot.getElementById(id) : mp.descendants(h.self).find(isControl)
        if (!control || mp.path(event).includes(control)) return
        if (control.__toggle) control.__toggle()
        else control.$$.querySelector('input,textarea')?.focus()
      }),
    )
}

function tapButton(mp) {
  return (h) => {
    hover(mp)(h)
    h.watch('type, size, plain, disabled, loading', () => {
      for (const name of ['type', 'size']) h.host.setAttribute(name, h.prop(name))
      for (const name of ['plain', 'disabled', 'loading']) h.host.toggleAttribute(name, Boolean(h.prop(name)))
      h.host.setAttribute('role', 'button')
      h.host.setAttribute('aria-disabled', h.prop('disabled'))
    })
    const act = () => {
      if (h.prop('disabled')) return false
      const formType = h.prop('formType')
      const around = formType && mp.closest(h.self, 'form')
      if (around) setTimeout(() => (formType === 'submit' ? around.__submit() : formType === 'reset' && around.__reset()))
      const openType = h.prop('openType')
      if (openType) setTimeout(() => mp.openType(openType, h.self).catch((error) => error.extra?.errno || mp.problem(error)))
      return undefined
    }
    h.attached(() => h.self.addListener('tap', act, { capture: true }))
  }
}

const ROUTES = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
  navigateBack: 'navigateBack',
  exit: 'exitMiniProgram',
}

function navigator(mp) {
  return (h) => {
    hover(mp)(h)
    const go = () => {
      const route = ROUTES[h.prop('openType')]
      if (!route) return mp.problem(new Error(`navigator: open-type "${h.prop('openType')}" is not known`))
      return mp.wx[route]({
        url: mp.resolveUrl(h.prop('url'), h.self),
        delta: h.prop('delta'),
        success: (result) => h.fire('success', result),
        fail: (error) => {
          h.fire('fail', error)
          mp.problem(error)
        },
      })
    }
    h.attached(() => {
      if (!h.prop('ariaRole')) h.host.setAttribute('role', 'link')
      onTap(h, go)
    })
  }
}

function picker(mp) {
  const names = ['mode', 'range', 'rangeKey', 'value', 'start', 'end', 'fields']
  return (h) => {
    const ask = async () => {
      if (h.prop('disabled')) return
      const options = Object.fromEntries(names.map((name) => [name, h.prop(name)]))
      const value = await mp.showPicker({ ...options, title: h.prop('headerText') }, (column) => h.fire('columnchange', column))
      if (value === undefined) return void h.fire('cancel', {})
      h.self.setData({ value })
      h.fire('change', { value })
    }
    h.attached(() => onTap(h, ask))
    formField(
      h,
      () => h.prop('value'),
      () => h.self.setData({ value: 0 }),
    )
  }
}

const WHEEL_REST_MS = 120
const ROW_PX = 34

function definePickerView(define, mp) {
  const looks = {
    indicatorStyle: [String, ''],
    indicatorClass: [String, ''],
    maskStyle: [String, ''],
    maskClass: [String, ''],
    immediateChange: [Boolean, false],
  }
  define('picker-view', { value: [Array, []], ...looks }, (h) => {
    h.self.__scrolled = () => {
      const rows = mp
        .within(h.self, 'picker-view-column')
        .map(({ $$: dom }) => Math.round(dom.scrollTop / (dom.firstElementChild?.offsetHeight || ROW_PX)))
      if (String(rows) === String(h.prop('value'))) return
      h.self.setData({ value: rows })
      h.fire('change', { value: rows })
    }
  })
  define('picker-view-column', {}, (h) =>
    h.attached(() => {
      let timer
      h.host.addEventListener('scroll', () => {
        clearTimeout(timer)
        timer = setTimeout(() => mp.closest(h.self, 'picker-view')?.__scrolled(), WHEEL_REST_MS)
      })
    }),
  )
}

export function defineActions(define, mp) {
  define('form', { reportSubmit: [Boolean, false] }, form(mp))
  define('label', { for: [String, ''] }, label(mp))
  const looks = {
    type: [String, 'default'],
    size: [String, 'default'],
    plain: [Boolean, false],
    disabled: [Boolean, false],
    loading: [Boolean, false],
    hoverClass: [String, 'button-hover'],
  }
  const message = {
    sessionFrom: [String, ''],
    sendMessageTitle: [String, ''],
    sendMessagePath: [String, ''],
    sendMessageImg: [String, ''],
    showMessageCard: [Boolean, false],
  }
  const opening = {
    formType: [String, ''],
    openType: [String, ''],
    lang: [String, 'en'],
    appParameter: [String, ''],
    phoneNumberNoQuotaToast: [Boolean, true],
    name: [String, ''],
  }
  define('button', { ...HOVER, ...looks, ...message, ...opening }, tapButton(mp))
  const target = {
    url: [String, ''],
    openType: [String, 'navigate'],
    delta: [Number, 1],
    target: [String, 'self'],
    appId: [String, ''],
    path: [String, ''],
  }
  define('navigator', { ...HOVER, hoverClass: [String, 'navigator-hover'], ...target }, navigator(mp))
  const choice = {
    mode: [String, 'selector'],
    range: [null, []],
    rangeKey: [String, ''],
    value: [null, 0],
    start: [String, ''],
    end: [String, ''],
    fields: [String, 'day'],
  }
  define(
    'picker',
    {
      ...choice,
      disabled: [Boolean, false],
      headerText: [String, ''],
      customItem: [String, ''],
      level: [String, 'region'],
      name: [String, ''],
    },
    picker(mp),
  )
  definePickerView(define, mp)
}
