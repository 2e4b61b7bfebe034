/** The real backend and the real sandbox, started for one test file on an empty database. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { PATIENCE_MS } from './browser.mjs'
import { HOME } from './server.mjs'

const ROOT = path.resolve(HOME, '..')
const PYTHON = process.env.PYTHON ?? path.join(ROOT, '.venv/bin/python')
const POLL_MS = 50

/**
 * @returns {Promise<{backend: string, sandbox: string, invitation: string, printed: () => string, close: () => Promise<void>}>} origins, and a code with which one clerk
 *   may join the store
 */
export async function openShop() {
  const child = spawn(PYTHON, [path.join(HOME, 'tests/e2e/shop.py')], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: ROOT },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (text) => (complaints += text))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const first = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`the shop did not start (${code}):\n${complaints.slice(-2000)}`))),
  ])
  const close = async () => {
    child.stdin.end()
    await ended
  }
  return { ...JSON.parse(first), printed: () => complaints, close }
}

/** The phones' side of the sandbox, for what a person does outside the mini-program. */
export class WeChat {
  constructor(sandbox) {
    this.sandbox = sandbox
  }

  async post(address, body = {}) {
    const answer = await fetch(`${this.sandbox}/_phones${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }

  /** A new person with a phone; answers the phone's id. */
  async person(nickname) {
    return (await this.post('', { nickname })).id
  }

  /** Scans a picture with WeChat's own scanner; answers what it opens. */
  scan(id, picture) {
    return this.post(`/${id}/scan`, { image: picture.toString('base64') })
  }

  /** Waits for a message with these words on the phone. */
  async message(id, words) {
    const end = Date.now() + PATIENCE_MS
    while (Date.now() < end) {
      const found = await (await fetch(`${this.sandbox}/_phones/${id}/messages`)).json()
      const message = (found.items ?? found).find((one) => JSON.stringify(one).includes(words))
      if (message) return message
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    throw new Error(`no message with ${words} in ${PATIENCE_MS} ms`)
  }
}
