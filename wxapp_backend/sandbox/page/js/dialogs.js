/** Dialogs and short notes of the page itself. */
import { button, choosePicture, dataUrl, fill, h, iconButton } from './dom.js'
import { icon } from './icons.js'

const NOTE_MS = 3200
const NAMES = ['王小美', '李静', '赵一鸣', '陈思远', '林可', '周子涵', '吴桐', '徐朵朵', '孙悦', '何田田', '马超', '高媛', '罗然', '沈知夏']

/** Shows a dialog until it is closed; `build(close)` makes what is in it. */
export function openDialog(title, build) {
  const dialog = h('dialog', { class: 'dialog', 'aria-label': title })
  const close = () => dialog.close()
  const heading = h('header', { class: 'dialog-head' }, h('h2', {}, title), iconButton('quiet', icon('close'), '关闭', close))
  dialog.append(heading, build(close))
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (event) => event.target === dialog && close())
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

/** Says something for a few seconds at the bottom of the page. */
export function note(text, kind = 'plain') {
  document.querySelector('.note')?.remove()
  const element = h('div', { class: `note note-${kind}`, role: kind === 'error' ? 'alert' : 'status' }, text)
  document.body.append(element)
  setTimeout(() => element.remove(), NOTE_MS)
}

/** Does something and says why when it fails. Answers undefined then. */
export async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    note(error.message, 'error')
    return undefined
  }
}

/** Asks for a yes before something that cannot be undone. */
export function confirm({ title, text, yes }, onYes) {
  openDialog(title, (close) =>
    h(
      'div',
      { class: 'dialog-body' },
      h('p', {}, text),
      h(
        'div',
        { class: 'dialog-actions' },
        button('plain', '取消', close),
        button('danger', yes, () => {
          close()
          onYes()
        }),
      ),
    ),
  )
}

/** Asks for a new person; `onPerson({nickname, avatar?})` puts their phone on the desk. */
export function askPerson(taken, onPerson) {
  const free = NAMES.find((name) => !taken.includes(name)) ?? ''
  let avatar
  openDialog('新手机', (close) => {
    const name = h('input', {
      class: 'field',
      name: 'nickname',
      maxlength: 64,
      required: true,
      value: free,
      autofocus: true,
      autocomplete: 'off',
    })
    const face = h('span', { class: 'face-choice' }, icon('picture'))
    const choose = () =>
      choosePicture(async (file) => {
        avatar = await dataUrl(file)
        fill(face, h('img', { src: avatar, alt: '' }))
      })
    const submit = (event) => {
      event.preventDefault()
      close()
      onPerson({ nickname: name.value.trim(), ...(avatar && { avatar }) })
    }
    requestAnimationFrame(() => name.select())
    return h(
      'form',
      { class: 'dialog-body', onsubmit: submit },
      h('label', { class: 'labelled' }, h('span', {}, '昵称'), name),
      h(
        'div',
        { class: 'labelled' },
        h('span', {}, '头像'),
        h('div', { class: 'row' }, face, button('plain', '选一张图片', choose), h('small', {}, '不选就画一个')),
      ),
      h('div', { class: 'dialog-actions' }, button('plain', '取消', close), h('button', { class: 'primary' }, '拿出手机')),
    )
  })
}
