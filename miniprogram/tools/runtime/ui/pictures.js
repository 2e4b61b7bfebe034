/** The album and the picture viewer: choosing, looking at, saving, sending and reading pictures. */
import { savePicture } from '../wx/media.js'
import { ask, button, make } from './dom.js'

const SIZE_PX = 320

/** The avatar WeChat would offer: the one in the address, else the first letter of the nickname on a calm colour. */
async function ownAvatar(mp) {
  if (mp.avatar) {
    const answer = await fetch(mp.asset(mp.avatar)).catch(() => null)
    if (answer?.ok) return answer.blob()
  }
  const canvas = new OffscreenCanvas(SIZE_PX, SIZE_PX)
  const pen = canvas.getContext('2d')
  const hue = [...mp.nickname].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 360
  pen.fillStyle = `hsl(${hue} 45% 55%)`
  pen.fillRect(0, 0, SIZE_PX, SIZE_PX)
  Object.assign(pen, { fillStyle: '#fff', font: `${SIZE_PX / 2}px sans-serif`, textAlign: 'center', textBaseline: 'middle' })
  pen.fillText([...mp.nickname][0] ?? '', SIZE_PX / 2, SIZE_PX / 2)
  return canvas.convertToBlob({ type: 'image/png' })
}

function thumbnail(blob, label, onTap) {
  const picture = Object.assign(make('img'), { src: URL.createObjectURL(blob), alt: label })
  return button('mp-thumb', picture, onTap)
}

export function fileButton(label, onFiles, isMany = false) {
  const input = Object.assign(make('input', 'mp-file'), { type: 'file', accept: 'image/*', multiple: isMany })
  input.addEventListener('change', () => onFiles([...input.files]))
  return make('label', 'mp-sheet-i mp-file-label', label, input)
}

const nearby = (urls, current) => Math.max(0, typeof current === 'number' ? current : urls.indexOf(current))

export function createPictures(mp) {
  return {
    ownAvatar: () => ownAvatar(mp),
    /** Pictures the person picks, as blobs; empty when they turn away. */
    pictures: ({ title, album, count, own }) =>
      ask(
        'mp-bottom mp-pictures',
        (done) => {
          const thumbs = [...album].reverse().map(({ blob, name }) => thumbnail(blob, name, () => done([blob])))
          if (own) thumbs.unshift(thumbnail(own, '用微信头像', () => done([own])))
          const files = fileButton('从电脑上选一张图片', (chosen) => done(chosen), count > 1)
          const rows = [make('div', 'mp-consent-h', title), ...(thumbs.length > 0 ? [make('div', 'mp-thumbs', ...thumbs)] : []), files]
          return make(
            'div',
            'mp-sheet',
            ...rows,
            button('mp-sheet-i mp-sheet-c', '取消', () => done([])),
          )
        },
        { away: [] },
      ),
    /** Full screen; a tap closes, a swipe turns the page, a long press opens the menu of the picture. */
    preview(urls, current) {
      let at = nearby(urls, current)
      const picture = Object.assign(make('img', 'mp-preview-i'), { alt: '' })
      const mask = make('div', 'mp-mask mp-preview', picture)
      const turn = (step) => {
        at = Math.min(urls.length - 1, Math.max(0, at + step))
        picture.src = mp.asset(urls[at])
      }
      turn(0)
      onPress(mask, {
        tap: () => mask.remove(),
        swipe: turn,
        long: async () => mp.pictureMenu(await fetch(picture.src).then((answer) => answer.blob())),
      })
      document.body.append(mask)
    },
  }
}

const LONG_MS = 350
const MOVE_PX = 10
const SWIPE_PX = 40

/** Tells tap, long press and sideways swipe apart, for finger and mouse. */
function onPress(element, { tap, long, swipe }) {
  let start
  let timer
  element.addEventListener('pointerdown', ({ clientX, clientY }) => {
    start = { x: clientX, y: clientY, isLong: false }
    timer = setTimeout(() => {
      start.isLong = true
      long()
    }, LONG_MS)
  })
  element.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (start && Math.hypot(clientX - start.x, clientY - start.y) > MOVE_PX) clearTimeout(timer)
  })
  element.addEventListener('pointerup', ({ clientX }) => {
    clearTimeout(timer)
    if (!start || start.isLong) return
    const across = clientX - start.x
    if (Math.abs(across) > SWIPE_PX) swipe(across < 0 ? 1 : -1)
    else tap()
  })
}

/** The menu behind a long press on a picture: send, save, and follow the code that is in it. */
export function addPictureMenu(mp) {
  mp.pictureMenu = async (blob, { hasCode = true } = {}) => {
    const text = hasCode ? await mp.decode(blob) : null
    const items = [
      ['发送给朋友', () => mp.sharePicture(blob)],
      ['保存图片', () => savePicture(mp, blob)],
      ...(text ? [['识别图中的码', () => mp.follow(text)]] : []),
    ]
    const chosen = await mp.ui.sheet({ itemList: items.map(([label]) => label) })
    if (chosen >= 0) await items[chosen][1]()
  }
  /** Goes where a scanned code leads: the sandbox says what WeChat would open. 1012 is WeChat's scene "long press on a code". */
  mp.follow = async (text, scene = 1012) => {
    const answer = await mp.person.scan(text)
    mp.tell('scanned', { text, answer })
    if (answer.opens === 'mini_program') mp.open({ path: answer.path, query: answer.query, scene })
  }
}
