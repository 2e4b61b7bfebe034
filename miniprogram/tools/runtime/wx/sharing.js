/** Sharing: the page's card to a friend, a picture to a friend, and what button open types do. */
import { dataUrl } from '../engine/files.js'
import { parseUrl } from '../engine/pages.js'

const PROMISE_WAIT_MS = 3000 // WeChat: onShareAppMessage › promise

const CUSTOM = ['title', 'path', 'imageUrl']
const pick = (given) => Object.fromEntries(CUSTOM.filter((name) => given?.[name] !== undefined).map((name) => [name, given[name]]))

/** What `onShareAppMessage` of the page on top answers, filled up with WeChat's defaults. */
async function makeCard(mp, from, target) {
  const page = mp.top()
  const given = mp.pageCall(page, 'onShareAppMessage', { from, target: target && { id: target.id, dataset: target.dataset } })
  const query = Object.entries(page.query)
    .map((pair) => pair.join('='))
    .join('&')
  const plain = { title: mp.appTitle, path: `/${page.route}${query && '?' + query}` }
  const late = given?.promise && new Promise((resolve) => setTimeout(resolve, PROMISE_WAIT_MS))
  const promised = late ? await Promise.race([given.promise, late]) : undefined
  return { ...plain, ...pick(given), ...pick(promised) }
}

async function pictureOf(mp, source) {
  if (!source) return ''
  const answer = await fetch(mp.asset(source))
  if (!answer.ok) throw new Error(`the picture of the card is not there: ${source}`)
  return dataUrl(await answer.blob())
}

export function addSharing({ mp, api, record }) {
  const menus = { shareAppMessage: true, shareTimeline: false }
  mp.canShare = () => menus.shareAppMessage && typeof mp.page().onShareAppMessage === 'function'

  /** Makes the card, lets the person look at it, and hands it to the page around this phone. Answers null when they think better of it. */
  mp.share = async (from = 'menu', target = undefined) => {
    const card = await makeCard(mp, from, target)
    record('shareAppMessage', card)
    const [path] = parseUrl(card.path)
    if (!mp.isPage(path)) mp.problem(new Error(`onShareAppMessage: page "${path}" is not found`))
    const image = await pictureOf(mp, card.imageUrl).catch((error) => {
      mp.problem(error)
      return ''
    })
    if (!(await mp.ui.card({ ...card, image }))) return null
    mp.tell('share', { ...card, image, from })
    mp.ui.toast({ title: '已发送', icon: 'success' })
    return card
  }
  mp.sharePicture = async (blob) => {
    const image = await dataUrl(blob)
    record('sharePicture', { type: blob.type, bytes: blob.size })
    mp.tell('share-picture', { image })
    mp.ui.toast({ title: '已发送', icon: 'success' })
  }
  api(
    'showShareMenu',
    ({ menus: wanted }) => void Object.assign(menus, { shareAppMessage: true, shareTimeline: Boolean(wanted?.includes('shareTimeline')) }),
  )
  api('hideShareMenu', ({ menus: unwanted = Object.keys(menus) }) => unwanted.forEach((name) => (menus[name] = false)))
  api('updateShareMenu')
  api('showShareImageMenu', async ({ path }) => {
    await mp.pictureMenu(await mp.files.read(path), { hasCode: false })
    return {}
  })

  const openTypes = {
    share: (element) => mp.share('button', element),
    getPhoneNumber: (element) => phoneNumber(mp, element),
    chooseAvatar: (element) => avatar(mp, element),
    openSetting: async (element) => element.triggerEvent('opensetting', await mp.openSetting()),
    agreePrivacyAuthorization(element) {
      mp.privacy.button()
      element.triggerEvent('agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' })
    },
    contact(element) {
      mp.tell('contact', { path: mp.top().route })
      element.triggerEvent('contact', { errMsg: 'enterContact:ok', path: mp.top().route, query: {} })
    },
  }
  /** Carries out what the open type of a tapped button says; several are joined by `|`. */
  mp.openType = async (types, element) => {
    for (const type of types.split('|')) {
      const mock = mp.mocks['openType:' + type]
      record('openType:' + type, {})
      if (mock !== undefined) element.triggerEvent(type.toLowerCase(), typeof mock === 'function' ? mock(element) : mock)
      else if (openTypes[type]) await openTypes[type](element)
      else mp.missing.add('open-type=' + type)
    }
  }
}

const refused = (name, error) => ({ errMsg: `${name}:fail ${error.message}`, ...error.extra })

async function phoneNumber(mp, element) {
  const answer = async () => {
    await mp.privacy.before('getPhoneNumber')
    const { confirm } = await mp.ui.modal({ title: '申请获取并验证你的手机号', content: '', confirmText: '允许', cancelText: '不允许' })
    if (!confirm) throw new Error('user deny')
    return { code: await mp.person.phoneCode(), errMsg: 'getPhoneNumber:ok' }
  }
  element.triggerEvent('getphonenumber', await answer().catch((error) => refused('getPhoneNumber', error)))
}

/** WeChat fires no event when the person turns away. */
async function avatar(mp, element) {
  await mp.privacy.before('chooseAvatar')
  const [blob] = await mp.ui.pictures({ title: '选择头像', album: mp.album, count: 1, own: await mp.ui.ownAvatar() })
  if (blob) element.triggerEvent('chooseavatar', { avatarUrl: mp.files.keep(blob) })
}
