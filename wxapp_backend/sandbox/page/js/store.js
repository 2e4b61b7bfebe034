/** What the sandbox knows, kept up to date by polling; `change` is fired whenever something is new. */
import * as api from './api.js'

const PAUSE_MS = 1000
const PAUSE_HIDDEN_MS = 5000
const KEPT_LOG = 2000
const EMPTY = { phones: [], messages: new Map(), menu: [], faults: [], log: [], unbuilt: [] }

export class Store extends EventTarget {
  constructor() {
    super()
    Object.assign(this, structuredClone(EMPTY))
    this.seq = 0
    this.world = null
    this.isReachable = null
    this.accountName = ''
    this.templateTitles = {}
    this.miniProgram = ''
    this.backend = ''
    this.aheadSeconds = 0
    this.clockOffset = 0
    this.lastChange = ''
  }

  /** Begins to poll, for as long as the page is open. */
  start() {
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh())
    void this.refresh()
  }

  /** Asks now, and again after a while. Answers when the page shows what the sandbox knows. */
  async refresh() {
    clearTimeout(this.timer)
    this.running = (this.running ?? Promise.resolve()).then(() => this.poll())
    await this.running
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.refresh(), document.hidden ? PAUSE_HIDDEN_MS : PAUSE_MS)
  }

  async poll() {
    try {
      if (!this.accountName) await this.meetAccounts()
      const found = await api.state(this.seq)
      if (this.world !== null && found.world !== this.world) return this.startOver()
      this.take(found)
      return undefined
    } catch (error) {
      if (!(error instanceof api.Refused)) throw error
      return this.tell({ isReachable: false })
    }
  }

  async meetAccounts() {
    const accounts = await api.apps()
    this.accountName = accounts.find((one) => one.kind === 'official_account').name
    this.templateTitles = Object.fromEntries(accounts.flatMap((one) => one.templates).map((one) => [one.template_id, one.title]))
  }

  /** The sandbox was reset or is another one: nothing of what was known holds. */
  startOver() {
    Object.assign(this, structuredClone(EMPTY), { seq: 0, world: null })
    this.dispatchEvent(new Event('reset'))
    return this.poll()
  }

  take(found) {
    for (const message of found.messages) {
      if (!this.messages.has(message.phone_id)) this.messages.set(message.phone_id, [])
      this.messages.get(message.phone_id).push(message)
    }
    this.log = [...this.log, ...found.log].slice(-KEPT_LOG)
    this.clockOffset = Date.parse(found.clock.now) - Date.now()
    const { world, seq, phones, menu, faults, unbuilt, backend } = found
    const { ahead_seconds: aheadSeconds } = found.clock
    this.tell({ isReachable: true, world, seq, phones, menu, faults, unbuilt, backend, aheadSeconds, miniProgram: found.mini_program })
  }

  /** Takes values over and says so, but only when something differs. */
  tell(values) {
    Object.assign(this, values)
    const now = JSON.stringify(values)
    if (now === this.lastChange) return
    this.lastChange = now
    this.dispatchEvent(new Event('change'))
  }

  phone(id) {
    return this.phones.find((one) => one.id === id)
  }

  messagesOf(id, chat) {
    const all = this.messages.get(id) ?? []
    return chat ? all.filter((one) => one.chat === chat) : all
  }

  /** The sandbox's time as a Date. */
  now() {
    return new Date(Date.now() + this.clockOffset)
  }
}
