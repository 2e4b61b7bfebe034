/** Coming and going: the first start, being opened again from outside, leaving for the desktop. */
import { parseUrl } from './pages.js'

const queryOf = (query = {}) => (typeof query === 'string' ? parseUrl('?' + query)[1] : query)
const textOf = (query) =>
  Object.entries(query)
    .map((pair) => pair.join('='))
    .join('&')

export function addVisits(mp) {
  const tellApp = (name, options) => {
    try {
      mp.app()[name]?.(options)
    } catch (error) {
      mp.problem(error)
    }
  }
  let isAway = false
  const show = () => {
    isAway = false
    tellApp('onShow', mp.enterOptions)
    mp.emit('AppShow', mp.enterOptions)
  }
  const reach = ({ path, query }) => {
    if (mp.isPage(path)) return mp.route('reLaunch', { url: `/${path}?${textOf(query)}` })
    const missing = { path, query, isEntryPage: true }
    tellApp('onPageNotFound', missing)
    mp.emit('PageNotFound', missing)
    if (!mp.top()) mp.problem(new Error(`page "${path}" is not found`))
    return undefined
  }
  Object.assign(mp, {
    launch() {
      tellApp('onLaunch', mp.launchOptions)
      show()
      if (!mp.top()) reach(mp.launchOptions)
    },
    /** Opens the running app anew at a page, as a card, a message or a code does. `query` is text (`a=1&b=2`) or an object of encoded values. */
    open({ path, query, scene = 1001 }) {
      const [page, own] = parseUrl(path)
      mp.enterOptions = { path: page, query: { ...own, ...queryOf(query) }, scene: Number(scene), referrerInfo: {}, shareTicket: undefined }
      if (!isAway) mp.leave({ isQuiet: true })
      show()
      reach(mp.enterOptions)
    },
    /** The app goes to the background; `come` brings it back where it was. */
    leave({ isQuiet = false } = {}) {
      if (isAway) return
      isAway = true
      mp.hideTop()
      tellApp('onHide')
      mp.emit('AppHide')
      if (!isQuiet) mp.tell('left')
    },
    come(scene = mp.enterOptions.scene) {
      if (!isAway) return
      mp.enterOptions = { ...mp.enterOptions, scene }
      show()
      mp.showTop()
    },
  })
  addEventListener('message', async ({ source, data }) => {
    if (source !== window.parent || source === window || !data) return
    if (data.type === 'open') mp.open(data)
    if (data.type === 'leave') mp.leave()
    if (data.type === 'come') mp.come(data.scene)
    if (data.type === 'picture') mp.album.push(await received(mp, data))
  })
}

async function received(mp, { image, name = '收到的图片' }) {
  const blob = await fetch(mp.asset(image)).then((answer) => answer.blob())
  return { name, type: blob.type, bytes: blob.size, blob }
}
