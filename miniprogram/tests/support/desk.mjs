/** The sandbox's page in a browser: the real sandbox, a backend that answers as told, and the phones on the desk. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { browser, PATIENCE_MS } from './browser.mjs'
import { startNeighbour } from './neighbours.mjs'
import { HOME } from './server.mjs'

const ROOT = path.resolve(HOME, '..')
const PYTHON = process.env.PYTHON ?? path.join(ROOT, '.venv/bin/python')
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** The narrowest screen that the page is made for. */
const LAPTOP = { width: 1280, height: 800 }

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const element = (xml, name) => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml)?.[1] ?? ''

/** The official account's answer to a callback, as XML; '' is none. */
function replyTo(xml, words) {
  if (!words) return 'success'
  const [to, from] = [element(xml, 'FromUserName'), element(xml, 'ToUserName')]
  return `<xml><ToUserName>${to}</ToUserName><FromUserName>${from}</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[${words}]]></Content></xml>`
}

/** Starts a sandbox whose backend answers each callback with `answer({event, words})`. */
export async function openSandbox(answer = () => '') {
  const backend = await startNeighbour(({ method, url, body }) => {
    if (method === 'GET') return { body: new URL(url, 'http://shop').searchParams.get('echostr') ?? '' }
    const xml = body.toString()
    const words = answer({ event: element(xml, 'Event'), key: element(xml, 'EventKey'), words: element(xml, 'Content') })
    return { headers: { 'content-type': 'text/xml' }, body: replyTo(xml, words) }
  })
  const port = await freePort()
  const given = ['-m', 'wxapp_backend.sandbox', '--mode', 'plain', '--port', String(port), '--backend', backend.origin]
  const child = spawn(PYTHON, given, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const said = new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  await Promise.race([said, ended.then((code) => Promise.reject(new Error(`the sandbox did not start (${code})`)))])
  const sandbox = new Sandbox(`http://127.0.0.1:${port}`)
  await sandbox.awake()
  const stop = async () => {
    child.kill()
    await ended
  }
  const close = async () => {
    await stop()
    await backend.close()
  }
  return Object.assign(sandbox, { stop, close })
}

/** What tests do to the sandbox behind the page's back. */
class Sandbox {
  constructor(origin) {
    this.origin = origin
  }

  async ask(method, address, body) {
    const options = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(this.origin + address, { method, ...options })
    return answer.status === 204 ? null : answer.json()
  }

  post(address, body = {}) {
    return this.ask('POST', address, body)
  }

  /** Resolves when it answers. */
  async awake() {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      if (await fetch(`${this.origin}/_healthz`).catch(() => null)) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('the sandbox does not answer')
  }

  person(nickname) {
    return this.post('/_phones', { nickname })
  }

  async account(kind) {
    return (await this.ask('GET', '/_apps')).find((one) => one.kind === kind)
  }

  async token(kind) {
    const { appid, secret } = await this.account(kind)
    const answer = await this.post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret })
    return answer.access_token
  }

  /** Calls WeChat's API as one of the two accounts. */
  async call(kind, address, body) {
    return this.post(`${address}?access_token=${await this.token(kind)}`, body)
  }

  /** Uploads a picture as one of the two accounts, and returns its media id. */
  async uploadImage(kind, file) {
    const body = new FormData()
    body.set('media', file)
    const address = `${this.origin}/cgi-bin/media/upload?type=image&access_token=${await this.token(kind)}`
    return (await (await fetch(address, { method: 'POST', body })).json()).media_id
  }

  /** Sends a message by the first template; `page` is what a tap on it opens. */
  async notify(kind, person, { thing2 = '200 积分', page = '' } = {}) {
    const { templates } = await this.account(kind)
    const [template] = templates
    const values = template.keys.map(({ key }) => [key, { value: key.startsWith('time') ? '2026年11月22日 12:30' : '李**' }])
    const body = {
      touser: person.openids[kind],
      template_id: template.template_id,
      data: { ...Object.fromEntries(values), thing2: { value: thing2 } },
    }
    if (kind === 'mini_program') {
      await this.post(`/_phones/${person.id}/subscribe`, { template_ids: [template.template_id] })
      return this.call(kind, '/cgi-bin/message/subscribe/send', { ...body, page })
    }
    const { appid } = await this.account('mini_program')
    return this.call(kind, '/cgi-bin/message/template/send', page ? { ...body, miniprogram: { appid, pagepath: page } } : body)
  }
}

/** Opens the page; `failures` collects what a browser's console would show in red. */
export async function openDesk(origin, { dark = false } = {}) {
  const chrome = await browser()
  const context = await chrome.newContext({
    viewport: LAPTOP,
    locale: 'zh-CN',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const failures = []
  page.on('pageerror', (error) => failures.push(String(error)))
  await page.goto(origin)
  /** The phone with this name above it. */
  const phone = (nickname) => page.getByRole('region', { name: `${nickname}的手机` })
  return { page, phone, failures, close: () => context.close() }
}

/** Drops a file on an element, as from the computer's desktop. */
export async function dropFile(page, target, { bytes, type }) {
  const transfer = await page.evaluateHandle(
    ({ content, kind }) => {
      const data = new DataTransfer()
      const binary = Uint8Array.from(atob(content), (one) => one.charCodeAt(0))
      data.items.add(new File([binary], 'picture', { type: kind }))
      return data
    },
    { content: bytes.toString('base64'), kind: type },
  )
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer })
}

/** Findings of axe on the whole page. */
export async function pageFindings(page) {
  await page.addScriptTag({ path: AXE })
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${failureSummary} — ${html.slice(0, 160)}`),
    )
  })
}
