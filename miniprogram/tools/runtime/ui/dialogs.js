/** Toast, modal, action sheet and the capsule's menu. */
import { ask, button, make } from './dom.js'

const TOAST_MS = 1500
const SIGNS = { success: '✓', error: '✕', loading: '' }

export function createDialogs(mp) {
  let toast
  let timer
  const hideToast = () => {
    clearTimeout(timer)
    toast?.remove()
    toast = undefined
  }
  return {
    hideToast,
    toast({ title = '', icon = 'success', image, duration = TOAST_MS, mask = false }) {
      hideToast()
      const kind = image ? 'image' : icon
      toast = make('div', `mp-toast mp-toast-${kind}${mask ? ' mp-toast-mask' : ''}`)
      toast.setAttribute('role', 'status')
      if (kind in SIGNS) toast.append(make('div', kind === 'loading' ? 'mp-toast-ic mp-spin' : 'mp-toast-ic', SIGNS[kind]))
      if (image) toast.append(Object.assign(make('img', 'mp-toast-ic'), { src: mp.asset(image), alt: '' }))
      toast.append(make('div', 'mp-toast-tx', title))
      document.body.append(toast)
      if (duration !== 0) timer = setTimeout(hideToast, duration)
    },
    modal: (options) =>
      ask('', (done) => {
        const input = options.editable ? make('input', 'mp-modal-in') : null
        if (input) Object.assign(input, { placeholder: options.placeholderText ?? '', value: options.content ?? '' })
        const close = (confirm) => done({ confirm, cancel: !confirm, ...(input && confirm ? { content: input.value } : {}) })
        const yes = button('mp-modal-ok', options.confirmText ?? '确定', () => close(true))
        const no = button('mp-modal-no', options.cancelText ?? '取消', () => close(false))
        if (options.confirmColor) yes.style.color = options.confirmColor
        if (options.cancelColor) no.style.color = options.cancelColor
        const buttons = make('div', 'mp-modal-b', ...(options.showCancel === false ? [yes] : [no, yes]))
        return make(
          'div',
          'mp-modal',
          make('div', 'mp-modal-t', options.title ?? ''),
          input ?? make('div', 'mp-modal-c', options.content ?? ''),
          buttons,
        )
      }),
    sheet: ({ itemList = [], itemColor }) =>
      ask(
        'mp-bottom',
        (done) => {
          const items = itemList.map((text, index) => button('mp-sheet-i', text, () => done(index)))
          if (itemColor) items.forEach((item) => (item.style.color = itemColor))
          return make(
            'div',
            'mp-sheet',
            ...items,
            button('mp-sheet-i mp-sheet-c', '取消', () => done(-1)),
          )
        },
        { away: -1 },
      ),
    /** The capsule's menu; forwarding is there only when the page allows it. */
    async menu() {
      const items = [
        ...(mp.canShare() ? [['发送给朋友', () => mp.share('menu')]] : []),
        ['设置', () => mp.openSetting()],
        ['重新进入小程序', () => location.reload()],
      ]
      const chosen = await this.sheet({ itemList: items.map(([text]) => text) })
      if (chosen >= 0) await items[chosen][1]()
    },
  }
}
