/** Text fields: input and textarea, the nickname field with WeChat's suggestion included. */
import { append, formField } from './touch.js'

const TEXT = {
  value: [null, ''],
  type: [String, 'text'],
  password: [Boolean, false],
  placeholder: [String, ''],
  placeholderStyle: [String, ''],
  placeholderClass: [String, 'input-placeholder'],
  disabled: [Boolean, false],
  maxlength: [Number, 140],
  focus: [Boolean, false],
  autoFocus: [Boolean, false],
  confirmType: [String, 'done'],
  confirmHold: [Boolean, false],
  alwaysEmbed: [Boolean, false],
  cursor: [Number, -1],
  cursorSpacing: [Number, 0],
  cursorColor: [String, ''],
  selectionStart: [Number, -1],
  selectionEnd: [Number, -1],
  adjustPosition: [Boolean, true],
  holdKeyboard: [Boolean, false],
  name: [String, ''],
}
const KEYBOARDS = { number: 'numeric', digit: 'decimal' }

/** Above the keyboard WeChat offers the person's own nickname; WeChat checks what was typed when the field is left. */
function suggestNickname(mp, h, input, set) {
  let bar
  const hide = () => setTimeout(() => bar?.remove())
  input.addEventListener('focus', async () => {
    if (h.prop('type') !== 'nickname') return
    const allowed = await mp.privacy.before('nickname').then(
      () => true,
      () => false,
    )
    if (!allowed) return
    bar?.remove()
    bar = append('button', 'mp-nickname', document.body)
    bar.textContent = `用微信昵称：${mp.nickname}`
    bar.addEventListener('pointerdown', (event) => {
      event.preventDefault()
      set(mp.nickname)
      input.blur()
    })
  })
  input.addEventListener('blur', () => {
    hide()
    if (h.prop('type') === 'nickname') h.fire('nicknamereview', { pass: true, timeout: false })
  })
}

function textField(tag, mp) {
  return (h) => {
    let input
    const grow = () => {
      if (tag !== 'textarea' || !h.prop('autoHeight')) return
      input.style.height = 'auto'
      input.style.height = `${input.scrollHeight}px`
    }
    const take = () => {
      const limit = h.prop('maxlength')
      if (limit >= 0 && input.value.length > limit) input.value = input.value.slice(0, limit)
      grow()
      h.self.setData({ value: input.value })
      h.fire('input', { value: input.value, cursor: input.selectionStart ?? input.value.length, keyCode: 0 })
    }
    const show = () => {
      if (!input) return
      const value = String(h.prop('value') ?? '')
      if (input.value !== value) input.value = value
      input.placeholder = h.prop('placeholder') ?? ''
      input.disabled = h.prop('disabled')
      input.setAttribute('aria-label', h.prop('ariaLabel') ?? h.prop('placeholder') ?? '')
      input.setAttribute('data-ph', mp.placeholderClass(h.self, h.prop('placeholderClass'), h.prop('placeholderStyle')))
      if (tag === 'textarea') return void requestAnimationFrame(grow)
      input.type = h.prop('password') || h.prop('type') === 'safe-password' ? 'password' : 'text'
      input.inputMode = KEYBOARDS[h.prop('type')] ?? 'text'
    }
    h.attached(() => {
      input = append(tag, 'wx-input-inner', h.host)
      input.addEventListener('input', take)
      input.addEventListener('focus', () => h.fire('focus', { value: input.value, height: 0 }))
      input.addEventListener('blur', () => h.fire('blur', { value: input.value, cursor: input.value.length }))
      input.addEventListener('keydown', ({ key }) => {
        if (key !== 'Enter' || tag !== 'input') return
        h.fire('confirm', { value: input.value })
        if (!h.prop('confirmHold')) input.blur()
      })
      suggestNickname(mp, h, input, (value) => {
        input.value = value
        take()
      })
      show()
    })
    h.watch('value, placeholder, disabled, password, type, placeholderClass, placeholderStyle, autoHeight, ariaLabel', show)
    h.watch('focus, autoFocus', () => {
      if (input && (h.prop('focus') || h.prop('autoFocus'))) setTimeout(() => input.focus())
    })
    formField(
      h,
      () => (input ? input.value : h.prop('value')),
      () => {
        h.self.setData({ value: '' })
        show()
      },
    )
  }
}

export function defineFields(define, mp) {
  define('input', TEXT, textField('input', mp), { isLeaf: true })
  const area = {
    placeholderClass: [String, 'textarea-placeholder'],
    autoHeight: [Boolean, false],
    fixed: [Boolean, false],
    showConfirmBar: [Boolean, true],
    disableDefaultPadding: [Boolean, false],
  }
  define('textarea', { ...TEXT, ...area }, textField('textarea', mp), { isLeaf: true })
}
