/** The album of a phone, and one picture at full size with what can be done with it. */
import { button, dataUrl, choosePicture, fill, h, iconButton } from '../dom.js'
import { icon } from '../icons.js'
import { navBar } from './parts.js'

export function albumScreen(phone) {
  const grid = h('div', { class: 'scroll album' })
  const add = iconButton('nav-right', icon('add'), '添加图片', () => choosePicture((file) => addPicture(phone, file)))
  let drawn = ''
  const update = () => {
    const { album } = phone.person
    const looks = JSON.stringify(album)
    if (looks === drawn && grid.childElementCount > 0) return
    drawn = looks
    if (album.length === 0) {
      fill(
        grid,
        h('div', { class: 'empty' }, h('p', {}, '相册是空的'), h('small', {}, '在小程序里保存的海报会到这里，可以拖到别的手机上扫。')),
      )
      return
    }
    fill(
      grid,
      album.toReversed().map((one) => thumbnail(phone, one)),
    )
  }
  return { element: h('div', { class: 'page' }, navBar(phone, '相册', { right: add }), grid), update }
}

async function addPicture(phone, file) {
  const told = await phone.act('album', { image: await dataUrl(file) })
  if (told) void phone.mini.give(told.url)
}

function thumbnail(phone, { url }) {
  return button('album-picture', h('img', { src: url, alt: '照片', draggable: 'true' }), () => phone.push('picture', { url, isOwn: true }))
}

/** Shows a picture; `isOwn` when it is in this phone's album already. */
export function pictureScreen(phone, { url, isOwn }) {
  const blob = async () => (await fetch(url)).blob()
  const save = async () => {
    if (!(await phone.act('album', { image: await dataUrl(await blob()) }))) return
    void phone.mini.give(url)
    phone.toast('已保存到相册')
  }
  const send = () =>
    phone.chooseFriend('发送给', async (to) => {
      if (await phone.act('share', { to, image: await dataUrl(await blob()) })) phone.toast('已发送')
    })
  const actions = h(
    'div',
    { class: 'picture-actions' },
    button('picture-action', [icon('scan'), '识别图中的码'], () => phone.see(blob)),
    button('picture-action', [icon('chats'), '发给朋友'], send),
    !isOwn && button('picture-action', [icon('save'), '保存到相册'], save),
  )
  const shown = h('div', { class: 'picture-room' }, h('img', { src: url, alt: '图片', draggable: 'true' }))
  return { element: h('div', { class: 'page is-dark' }, navBar(phone, ''), shown, actions), update() {} }
}
