/** The scanner: a picture of this computer, of the album, dropped on it, or what another phone of this browser shows right now. */
import { ask, button, make } from './dom.js'
import { lookAround } from './neighbours.js'
import { fileButton } from './pictures.js'

const COMPLAINT = '没有看到码，换一张图片试试'

/** Hears what the page around scanned, until the answered function is called. */
function hearPage(mp, onText, onPicture) {
  const hear = async ({ source, data }) => {
    if (source !== window.parent || data?.type !== 'scanned') return
    if (data.text) onText(data.text)
    else if (data.image) onPicture(await fetch(mp.asset(data.image)).then((answer) => answer.blob()))
  }
  addEventListener('message', hear)
  return () => removeEventListener('message', hear)
}

const thumb = (blob, label, onTap) => button('mp-thumb', Object.assign(make('img'), { src: URL.createObjectURL(blob), alt: label }), onTap)

/** A picture dropped on the panel: a file, or a picture dragged out of another page. */
function acceptDrops(mp, panel, onPicture) {
  panel.addEventListener('dragover', (event) => event.preventDefault())
  panel.addEventListener('drop', async (event) => {
    event.preventDefault()
    const [file] = event.dataTransfer.files
    const address = event.dataTransfer.getData('text/uri-list')
    if (file) onPicture(file)
    else if (address) onPicture(await fetch(mp.asset(address)).then((answer) => answer.blob()))
  })
}

export function createScanner(mp) {
  /** Resolves with the text of the code, or null when the person turns away. `read` makes text of {blob}. */
  const scan = ({ onlyFromCamera, read }) =>
    ask('mp-scan', (done) => {
      const hint = make('p', 'mp-scan-hint', '选一张图片，或者拖到这里')
      hint.setAttribute('role', 'status')
      const phones = make('div', 'mp-scan-phones')
      const ends = []
      const finish = (text) => {
        ends.forEach((end) => end())
        done(text)
      }
      const look = async (...blobs) => {
        for (const blob of blobs) {
          const text = await read({ blob }).catch(() => null)
          if (text) return finish(text)
        }
        hint.textContent = COMPLAINT
        return undefined
      }
      const addPhone = ({ nickname, look: ask }) => phones.append(button('mp-scan-b mp-scan-phone', `对准${nickname}的手机`, ask))
      ends.push(
        lookAround(mp, addPhone, (pictures) => look(...pictures)),
        hearPage(mp, finish, look),
      )
      mp.tell('scan')
      const album = onlyFromCamera ? [] : mp.album.map(({ blob, name }) => thumb(blob, name, () => look(blob)))
      const panel = make(
        'div',
        'mp-scan-p',
        make('div', 'mp-scan-frame', make('i', 'mp-scan-line')),
        hint,
        make('div', 'mp-thumbs', ...album),
        phones,
        fileButton('选一张图片', ([file]) => file && look(file)),
        button('mp-scan-b mp-scan-no', '取消', () => finish(null)),
      )
      acceptDrops(mp, panel, look)
      return panel
    })
  return { scan }
}
