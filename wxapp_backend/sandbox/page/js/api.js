/** The sandbox's phones' side over HTTP. Every call raises a `Refused` when it did not succeed. */
import { dataUrl } from './dom.js'

/** The sandbox said no, or nobody was there (`status` 0); the message is for people. */
export class Refused extends Error {
  constructor(message, status, details = {}) {
    super(message)
    this.status = status
    this.details = details
  }
}

const NOBODY = '沙箱没有回应，请看看它是否还在运行'

async function ask(method, path, options = {}) {
  let answer
  try {
    answer = await fetch(path, { method, cache: 'no-store', ...options })
  } catch {
    throw new Refused(NOBODY, 0)
  }
  if (answer.status === 204) return null
  const body = await answer.json().catch(() => null)
  if (answer.ok) return body
  throw new Refused(body?.error?.message ?? `沙箱答复了 ${answer.status}`, answer.status, body?.error?.details)
}

const post = (path, body = {}) => ask('POST', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

const phone = (id, action) => `/_phones/${encodeURIComponent(id)}/${action}`

export const state = (since, signal) => ask('GET', `/_state?since=${since}`, { signal })
export const apps = () => ask('GET', '/_apps')

/** Does what saving the callback address in WeChat's console does. */
export const verify = (kind) => post(`/_apps/${kind}/verify`)
export const bind = (kind, bound) => post(`/_apps/${kind}/binding`, { bound })

export const addPhone = (person) => post('/_phones', person)
export const act = (id, action, body) => post(phone(id, action), body)
export const read = (id, chat) => post(phone(id, 'read'), { chat })

/** Shows a picture to the phone's camera. */
export function scanPicture(id, blob) {
  const form = new FormData()
  form.append('image', blob, 'picture')
  return ask('POST', phone(id, 'scan'), { body: form })
}

export const advance = (seconds) => post('/_clock', { advance_seconds: seconds })
export const reset = () => post('/_reset')
export const addFault = (fault) => post('/_faults', fault)
export const removeFault = (id) => ask('DELETE', `/_faults/${id}`)
export const clearFaults = () => ask('DELETE', '/_faults')

/** A picture of the sandbox as a data URL. */
export async function picture(url) {
  const answer = await fetch(url).catch(() => null)
  if (!answer?.ok) throw new Refused('图片打不开', answer?.status ?? 0)
  return dataUrl(await answer.blob())
}
