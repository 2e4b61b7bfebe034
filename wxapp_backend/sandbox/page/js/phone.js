/** One person's phone: its stand on the desk, the screens of WeChat in it, and the mini-program above them. */
import * as api from './api.js'
import { attempt, note } from './dialogs.js'
import { button, dataUrl, fill, h, iconButton } from './dom.js'
import { icon } from './icons.js'
import { MiniProgram } from './mini_program.js'
import { SCENE } from './scenes.js'
import { makeScreen } from './screens/index.js'
import * as times from './times.js'

const TOAST_MS = 2200

export class Phone {
  constructor(desk, id) {
    this.desk = desk
    this.store = desk.store
    this.id = id
    this.stack = []
    this.mini = new MiniProgram(this)
    this.time = h('span', {})
    this.view = h('div', { class: 'view' })
    this.place = h('p', { class: 'place', 'aria-live': 'polite' })
    this.head = h('header', { class: 'stand-head' })
    const status = h('div', { class: 'status', 'aria-hidden': 'true' }, this.time, h('i', { class: 'status-signs' }))
    this.screen = h(
      'div',
      { class: 'screen' },
      status,
      this.view,
      this.mini.element,
      h('div', { class: 'drop-cover' }, h('span', {}, icon('scan'), '松手，扫一扫')),
    )
    this.element = h('section', { class: 'stand', data: { phone: id } }, this.head, h('div', { class: 'phone' }, this.screen), this.place)
    this.element.addEventListener('keydown', (event) => event.key === 'Escape' && this.stack.length > 1 && this.back())
    this.show('chats')
  }

  get person() {
    return this.store.phone(this.id)
  }

  /** Opens one of the four tabs. */
  show(name) {
    this.stack = []
    this.push(name)
  }

  /** Opens a screen above the present one. */
  push(name, given = {}) {
    this.stack.push(makeScreen(this, name, given))
    this.draw()
    if (this.stack.length > 1) this.view.querySelector('.nav-back')?.focus({ preventScroll: true })
  }

  /** Opens a screen in place of the present one. */
  replace(name, given = {}) {
    this.stack.pop()
    this.push(name, given)
  }

  back() {
    this.stack.pop()
    this.draw()
  }

  draw() {
    const top = this.stack.at(-1)
    fill(this.view, top.element)
    if (this.person) top.update()
    top.shown?.()
  }

  /** Draws anew what the sandbox has news about. */
  update() {
    const { person } = this
    if (!person) return
    this.element.setAttribute('aria-label', `${person.nickname}的手机`)
    const looks = JSON.stringify([person.nickname, person.is_following, this.store.miniProgram])
    if (looks !== this.looks) fill(this.head, this.headParts(person))
    this.looks = looks
    this.time.textContent = times.clock(this.store.now())
    this.stack.at(-1).update()
  }

  headParts(person) {
    return [
      h('img', { class: 'face', src: person.avatar_url, alt: '' }),
      h('div', { class: 'stand-name' }, h('strong', {}, person.nickname), h('small', {}, person.phone_number)),
      this.store.miniProgram && iconButton('quiet', icon('mini'), '打开小程序', () => this.mini.open({ scene: SCENE.home })),
      iconButton('quiet', icon('scan'), '扫一扫', () => this.openOver('scanner')),
      iconButton('quiet', icon('hide'), '收起这部手机', () => this.desk.hide(this.id)),
    ]
  }

  /** Opens a screen in front of everything, the mini-program too. */
  openOver(name, given) {
    this.mini.leave()
    if (this.stack.at(-1).name !== name) this.push(name, given)
  }

  /** Lets the person do something; the page shows what came of it before this answers. */
  async act(action, body) {
    return attempt(async () => {
      const told = await api.act(this.id, action, body)
      await this.store.refresh()
      return told
    })
  }

  /** Shows the camera a picture that `take` brings. */
  async see(take) {
    await attempt(async () => {
      const blob = await take()
      if (this.mini.isScanning) return this.mini.send({ type: 'scanned', image: await dataUrl(blob) })
      return this.opened(await api.scanPicture(this.id, blob))
    })
  }

  /** Shows the camera the text of a code. */
  async seeText(text) {
    const told = await this.act('scan', { payload: text })
    if (told) this.opened(told)
  }

  /** Goes where a scanned code leads. */
  opened(told) {
    if (this.stack.at(-1).name === 'scanner') this.back()
    if (told.opens === 'mini_program') {
      this.open(told, new URLSearchParams(told.query).has('scene') ? SCENE.miniCode : SCENE.code)
    } else if (told.opens === 'official_account') {
      this.mini.leave()
      this.show('chats')
      this.push('chat', { chat: 'official_account' })
      void this.store.refresh()
    } else if (told.opens === 'nothing') {
      this.toast(told.message)
    } else {
      this.openOver('found', { found: told })
    }
  }

  /** Opens what a message, a menu item or a link leads to. */
  open(target, scene) {
    if (target.opens === 'mini_program' && this.store.miniProgram) this.mini.open({ path: target.path, query: target.query, scene })
    else this.openOver('found', { found: target })
  }

  /** Says on the desk where the mini-program is. */
  showPlace(text) {
    this.place.textContent = text
    this.place.title = text
  }

  toast(text) {
    this.screen.querySelector('.toast')?.remove()
    const element = h('div', { class: 'toast', role: 'status' }, text)
    this.screen.append(element)
    setTimeout(() => element.remove(), TOAST_MS)
  }

  /** Asks which of the other phones something goes to. */
  chooseFriend(title, onChosen) {
    const others = this.desk.others(this.id)
    if (others.length === 0) return note('先拿出另一部手机，再发送')
    const close = () => sheet.remove()
    const choices = others.map((one) =>
      button('sheet-row', [h('img', { src: one.avatar_url, alt: '' }), one.nickname], () => {
        close()
        onChosen(one.id)
      }),
    )
    const sheet = h(
      'div',
      { class: 'sheet', onclick: (event) => event.target === sheet && close() },
      h(
        'div',
        { class: 'sheet-body', role: 'dialog', 'aria-label': title },
        h('h3', {}, title),
        choices,
        button('sheet-cancel', '取消', close),
      ),
    )
    this.screen.append(sheet)
    sheet.querySelector('button').focus()
    return undefined
  }

  /** Draws the eye to this phone. */
  greet() {
    this.element.classList.remove('is-greeted')
    void this.element.offsetWidth // lets the animation begin again
    this.element.classList.add('is-greeted')
  }
}
