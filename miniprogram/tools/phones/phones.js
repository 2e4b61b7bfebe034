/** Several phones on one desk: people are made at the sandbox; cards and pictures go from one phone to another. */
const desk = document.getElementById('desk')
const dialog = document.getElementById('to')
const phones = new Map()

const SCENE_CARD = 1007 // WeChat: a card in a chat of two

function show({ id, nickname }) {
  const frame = document.createElement('iframe')
  frame.title = nickname
  frame.src = `./?${new URLSearchParams({ phone: id, nickname })}`
  const caption = document.createElement('figcaption')
  caption.textContent = nickname
  const figure = document.createElement('figure')
  figure.append(caption, frame)
  desk.append(figure)
  phones.set(id, { id, nickname, frame, caption })
}

async function arrive(nickname) {
  const answer = await fetch('__mp/sandbox/_phones', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nickname }),
  })
  if (!answer.ok) throw new Error('the sandbox does not answer')
  const { id } = await answer.json()
  show({ id, nickname })
}

/** Asks to whom, and hands the message over. */
function deliver(from, message) {
  const others = [...phones.values()].filter(({ id }) => id !== from)
  const buttons = others.map((phone) => {
    const button = document.createElement('button')
    button.textContent = phone.nickname
    button.addEventListener('click', () => {
      phone.frame.contentWindow.postMessage(message, location.origin)
      dialog.close()
    })
    return button
  })
  dialog.replaceChildren(others.length > 0 ? '发给谁？' : '先拿出另一部手机，再发送。', ...buttons)
  dialog.showModal()
}

addEventListener('message', ({ data, origin }) => {
  if (origin !== location.origin || data?.source !== 'mini-program') return
  const phone = phones.get(data.phone)
  if (data.type === 'share') {
    const [path, query] = data.path.replace(/^\//, '').split('?')
    deliver(data.phone, { type: 'open', path, query, scene: SCENE_CARD })
  }
  if (data.type === 'share-picture') deliver(data.phone, { type: 'picture', image: data.image, name: `来自${phone?.nickname ?? '朋友'}` })
  if (data.type === 'left') phone?.frame.contentWindow.postMessage({ type: 'come' }, location.origin)
  if (data.type === 'opened' && phone) phone.caption.textContent = `${phone.nickname} · ${data.path}`
})

document.getElementById('arrive').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.target
  arrive(form.nickname.value).then(
    () => form.reset(),
    (error) => dialog.replaceChildren(error.message) ?? dialog.showModal(),
  )
})
