/** What phones of one browser see of each other: who is there, and which pictures are on their screens right now. */

const CHANNEL = 'mini-program-phones'
const MIN_CODE_PX = 80

const isSeen = (element) => {
  const { width, height, bottom, top } = element.getBoundingClientRect()
  return (
    width >= MIN_CODE_PX && height >= MIN_CODE_PX && bottom > 0 && top < innerHeight && getComputedStyle(element).visibility !== 'hidden'
  )
}

const pictureOf = (element) =>
  element instanceof HTMLCanvasElement
    ? new Promise((resolve) => element.toBlob(resolve))
    : fetch(element.src).then((answer) => answer.blob())

/** Pictures and canvases that a camera held before this phone would see, as blobs. */
async function shownPictures(mp) {
  const above = document.querySelectorAll('.mp-preview img')
  const shown = above.length > 0 ? above : (mp.top()?.view.querySelectorAll('img[src], canvas') ?? [])
  const settled = await Promise.allSettled([...shown].filter(isSeen).map(pictureOf))
  return settled.flatMap(({ value }) => (value ? [value] : []))
}

/** Answers other phones that ask who is there and what is shown. */
export function showToOthers(mp) {
  const me = (mp.instance = crypto.randomUUID())
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', async ({ data }) => {
    if (data.from === me) return
    if (data.ask === 'who') channel.postMessage({ to: data.from, from: me, nickname: mp.nickname })
    if (data.ask === me) channel.postMessage({ to: data.from, from: me, pictures: await shownPictures(mp) })
  })
}

/** A look around: `onPhone({nickname, look})` for each phone there is; `look` asks it for its pictures, `onPictures` gets them. */
export function lookAround(mp, onPhone, onPictures) {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', ({ data }) => {
    if (data.to !== mp.instance) return
    if (data.pictures) onPictures(data.pictures)
    else onPhone({ nickname: data.nickname, look: () => channel.postMessage({ ask: data.from, from: mp.instance }) })
  })
  channel.postMessage({ ask: 'who', from: mp.instance })
  return () => channel.close()
}
