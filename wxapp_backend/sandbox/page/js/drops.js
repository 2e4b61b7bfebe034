/** Pictures dragged over the page: every phone shows that it would scan what is dropped on it. */

const KINDS = ['Files', 'text/uri-list']
const carriesPicture = (event) => KINDS.some((kind) => event.dataTransfer?.types.includes(kind))

/** Takes the picture out of a drop: a file, or an image dragged out of this or another page. */
async function pictureOf(transfer) {
  const file = [...transfer.files].find((one) => one.type.startsWith('image/'))
  if (file) return file
  const address = transfer.getData('text/uri-list').split('\n')[0]
  if (!address) throw new Error('请拖一张图片')
  const answer = await fetch(address).catch(() => null)
  if (!answer?.ok) throw new Error('这张图片拿不到，请先保存，再拖进来')
  return answer.blob()
}

/**
 * While a picture is dragged, the desk is marked, so that each phone's cover catches the drop: the mini-program in its frame would
 * swallow it otherwise.
 */
export function watchDrags(desk, phones) {
  let depth = 0
  const mark = (isOn) => document.body.classList.toggle('is-dragging', isOn)
  const end = () => {
    depth = 0
    mark(false)
  }
  addEventListener('dragenter', (event) => {
    if (!carriesPicture(event)) return
    event.preventDefault()
    depth += 1
    mark(true)
  })
  addEventListener('dragleave', () => {
    depth -= 1
    if (depth <= 0) end()
  })
  addEventListener('dragend', end)
  addEventListener('dragover', (event) => carriesPicture(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!carriesPicture(event)) return
    event.preventDefault()
    end()
    const stand = event.target.closest?.('[data-phone]')
    const phone = stand && phones.get(stand.dataset.phone)
    if (!phone) return
    if (stand !== phone.element) desk.bring(phone.id) // dropped on the name above
    void phone.see(() => pictureOf(event.dataTransfer))
  })
}
