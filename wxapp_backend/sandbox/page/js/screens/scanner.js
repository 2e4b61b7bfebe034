/** The scanner: a picture dropped, chosen or pasted, a picture of somebody's album, or the text of a code. */
import { button, choosePicture, fill, h } from '../dom.js'
import { icon } from '../icons.js'
import { navBar } from './parts.js'

const MOST_PICTURES = 12

export function scannerScreen(phone) {
  const text = h('input', { class: 'scan-text', placeholder: '或粘贴码里的文字、链接', 'aria-label': '码里的文字', autocomplete: 'off' })
  const submit = (event) => {
    event.preventDefault()
    if (text.value.trim()) void phone.seeText(text.value.trim())
  }
  const paste = (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith('image/'))
    if (!file) return
    event.preventDefault()
    void phone.see(() => file)
  }
  const pictures = h('div', { class: 'scan-pictures' })
  let drawn = ''
  const update = () => {
    const found = picturesInSight(phone)
    const looks = JSON.stringify(found)
    if (looks === drawn) return
    drawn = looks
    fill(
      pictures,
      found.length > 0 && h('small', {}, '相册和旁边的手机'),
      found.length > 0 &&
        h(
          'div',
          { class: 'scan-row' },
          found.map((one) => thumbnail(phone, one)),
        ),
    )
  }
  const body = h(
    'div',
    { class: 'scan', onpaste: paste },
    h('div', { class: 'scan-frame', 'aria-hidden': 'true' }, h('i')),
    h('p', {}, '把海报拖到这部手机上'),
    button('scan-button', [icon('upload'), '选一张图片'], () => choosePicture((file) => phone.see(() => file))),
    pictures,
    h('form', { class: 'scan-form', onsubmit: submit }, text, h('button', { class: 'scan-go' }, '扫')),
  )
  return { element: h('div', { class: 'page is-dark' }, navBar(phone, '扫一扫'), body), update }
}

/** The pictures this phone's owner can point at: the own album, then those of the others. */
function picturesInSight(phone) {
  const owners = [phone.person, ...phone.desk.others(phone.id)]
  return owners
    .flatMap((one) =>
      one.album.toReversed().map((picture) => ({ url: picture.url, owner: one.id === phone.id ? '我的相册' : one.nickname })),
    )
    .slice(0, MOST_PICTURES)
}

function thumbnail(phone, { url, owner }) {
  const look = () => phone.see(async () => (await fetch(url)).blob())
  return button('thumb', [h('img', { src: url, alt: '' }), h('span', {}, owner)], look, { 'aria-label': `扫${owner}的图片` })
}
