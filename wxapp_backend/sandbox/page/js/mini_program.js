/** The mini-program on a phone: the runner's page in a frame, and the messages between the two (tools/README.md of the mini-program). */
import * as api from './api.js'
import { attempt, note } from './dialogs.js'
import { button, fill, h } from './dom.js'

const START_MS = 12_000

export class MiniProgram {
  constructor(phone) {
    this.phone = phone
    this.store = phone.store
    this.frame = null
    this.isReady = false
    this.isScanning = false
    this.cover = h('div', { class: 'mini-cover', role: 'status' })
    this.element = h('div', { class: 'mini', hidden: true }, this.cover)
    addEventListener('message', (event) => this.hear(event))
  }

  get isOpen() {
    return !this.element.hidden
  }

  /** The runner's address; a path below its origin is kept. */
  get base() {
    return new URL(this.store.miniProgram.replace(/\/?$/, '/'))
  }

  /** Opens a page, or without a path comes back to where the person was. */
  open({ path, query, scene }) {
    this.element.hidden = false
    if (this.isReady) this.send(path ? { type: 'open', path, query, scene } : { type: 'come', scene })
    else void this.start({ path, query, scene })
  }

  /** Goes to the background; the app stays as it is. */
  leave() {
    if (!this.isOpen) return
    this.element.hidden = true
    this.isScanning = false
    this.phone.showPlace('')
    this.send({ type: 'leave' })
  }

  send(message) {
    this.frame?.contentWindow?.postMessage(message, this.base.origin)
  }

  async start(options) {
    this.wait('正在打开小程序…')
    this.frame?.remove()
    this.frame = null
    clearTimeout(this.timer)
    const fail = () => this.fail(options)
    if (!(await isServed(this.base))) return fail()
    this.frame = h('iframe', { src: this.address(options), title: `${this.phone.person.nickname}的小程序`, allow: 'clipboard-write' })
    this.element.prepend(this.frame)
    this.timer = setTimeout(fail, START_MS)
    return undefined
  }

  address({ path, query, scene }) {
    const { id, nickname, avatar_url: avatar } = this.phone.person
    const given = { phone: id, nickname, avatar: new URL(avatar, location.href).href, title: this.store.accountName, path, query, scene }
    const url = this.base
    for (const [name, value] of Object.entries(given)) if (value !== undefined) url.searchParams.set(name, value)
    return url.href
  }

  wait(text) {
    this.cover.hidden = false
    fill(this.cover, h('i', { class: 'spinner' }), h('p', {}, text))
  }

  fail(options) {
    this.cover.hidden = false
    fill(
      this.cover,
      h('strong', {}, '小程序没有打开'),
      h('p', {}, `它应当在 ${this.base.origin}`),
      button('plain', '再试一次', () => this.start(options)),
      button('plain', '返回微信', () => this.leave()),
    )
  }

  hear({ origin, source, data }) {
    if (!this.frame || source !== this.frame.contentWindow || origin !== this.base.origin) return
    if (data?.source === 'mini-program') this[`on_${String(data.type).replace('-', '_')}`]?.(data)
  }

  on_ready() {
    clearTimeout(this.timer)
    this.isReady = true
    this.cover.hidden = true
    void this.fillAlbum()
  }

  on_opened({ path, query }) {
    this.isScanning = false
    if (!this.isOpen) return
    const words = Object.entries(query ?? {}).map(([name, value]) => `${name}=${readable(value)}`)
    this.phone.showPlace([path, words.join('&')].filter(Boolean).join('?'))
  }

  on_scan() {
    this.isScanning = true
  }

  on_left() {
    this.element.hidden = true
    this.phone.showPlace('')
    void this.store.refresh()
  }

  on_share({ title, path, image }) {
    this.phone.chooseFriend('发送给', (to) => this.phone.act('share', { to, title, path, image: image || null }))
  }

  on_share_picture({ image }) {
    this.phone.chooseFriend('发送给', (to) => this.phone.act('share', { to, image }))
  }

  on_saved({ image }) {
    void this.phone.act('album', { image })
  }

  /** A code inside the mini-program was followed: it opens pages of its own by itself. */
  on_scanned({ answer }) {
    if (answer.opens !== 'mini_program') this.phone.opened(answer)
  }

  on_call({ number }) {
    this.phone.toast(`正在呼叫 ${number}`)
  }

  on_map({ name, address }) {
    this.phone.toast(`打开地图：${name || address}`)
  }

  on_error({ message }) {
    note(`${this.phone.person.nickname}的小程序出错：${message}`, 'error')
  }

  on_subscribed() {
    void this.store.refresh()
  }

  /** The runner forgets its album when its page is loaded anew; this phone's is kept by the sandbox. */
  async fillAlbum() {
    for (const picture of this.phone.person.album) await attempt(() => this.give(picture.url))
  }

  /** Puts a picture of the sandbox into the album that the mini-program sees. */
  async give(url) {
    if (!this.isReady) return
    this.send({ type: 'picture', image: await api.picture(url), name: '相册' })
  }
}

/** A value of a query without its URL encoding, as far as it has one. */
function readable(value) {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Whether anybody answers there; the answer itself belongs to another origin and cannot be read. */
async function isServed(url) {
  return fetch(new URL('config.js', url), { mode: 'no-cors', cache: 'no-store' }).then(
    () => true,
    () => false,
  )
}
