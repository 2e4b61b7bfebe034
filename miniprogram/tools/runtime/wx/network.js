/** `request`, `uploadFile`, `downloadFile` through the reverse proxy of the page's own server: no CORS and, as in WeChat, no cookies. */
import { failure } from './index.js'

const TIMEOUT_MS = 60_000 // WeChat's default
/** WeChat: wx.request › method. PATCH is not among them. */
const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])
const NO_DATA_METHODS = new Set(['GET', 'HEAD'])

const lowerCase = (header = {}) => Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]))
const pair = ([name, value]) =>
  encodeURIComponent(name) + '=' + encodeURIComponent(value !== null && typeof value === 'object' ? JSON.stringify(value) : value)
const formText = (data) => (typeof data === 'object' ? Object.entries(data).map(pair).join('&') : String(data))

/** Address and body as WeChat makes them of `data`. */
function prepare({ url, method = 'GET', data, header }) {
  const headers = { 'content-type': 'application/json', ...lowerCase(header) }
  const verb = method.toUpperCase()
  if (data === undefined || data === null) return { url, verb, headers }
  if (NO_DATA_METHODS.has(verb)) {
    const text = formText(data)
    return { url: text ? url + (url.includes('?') ? '&' : '?') + text : url, verb, headers }
  }
  if (typeof data === 'string' || data instanceof ArrayBuffer) return { url, verb, headers, body: data }
  return { url, verb, headers, body: headers['content-type'].includes('x-www-form-urlencoded') ? formText(data) : JSON.stringify(data) }
}

function checkAddress(mp, url) {
  if (!/^https?:\/\//.test(url ?? '')) throw failure('invalid url', { errno: 600009 })
  if (mp.network === 'none') throw failure('net::ERR_INTERNET_DISCONNECTED', { errno: 600001 })
}

function refusal(name) {
  return name ? failure(decodeURIComponent(name), { errno: 600001 }) : null
}

/** The outside of a running transfer; listeners get what happens. */
function createTask(controller) {
  const listeners = { HeadersReceived: [], ProgressUpdate: [], ChunkReceived: [] }
  const task = { abort: () => controller.abort() }
  for (const name of Object.keys(listeners)) {
    task['on' + name] = (listener) => listeners[name].push(listener)
    task['off' + name] = (listener) => (listeners[name] = listener ? listeners[name].filter((known) => known !== listener) : [])
  }
  return { task, tell: (name, value) => listeners[name].forEach((listener) => listener(value)) }
}

/** Runs `work`, calls success/fail/complete, and keeps the request in `__mp.requests`. */
function run({ mp, answer }, name, options, work) {
  const controller = new AbortController()
  const { task, tell } = createTask(controller)
  const entry = {
    url: options.url,
    method: options.method ?? (name === 'uploadFile' ? 'POST' : 'GET'),
    at: Math.round(performance.now()),
    status: 0,
  }
  const timer = setTimeout(() => controller.abort('timeout'), options.timeout ?? TIMEOUT_MS)
  const whole = async () => {
    mp.requests.push(entry)
    try {
      return await answer(name, options, () => work(controller, tell))
    } catch (error) {
      if (controller.signal.aborted) throw failure(controller.signal.reason === 'timeout' ? 'timeout' : 'abort', { errno: 5 })
      throw error
    } finally {
      clearTimeout(timer)
      entry.ms = Math.round(performance.now()) - entry.at
    }
  }
  Promise.resolve()
    .then(whole)
    .then(
      (result) => {
        entry.status = result.statusCode ?? 0
        const success = { errMsg: `${name}:ok`, ...result }
        options.success?.(success)
        options.complete?.(success)
      },
      (error) => {
        const fail = { errMsg: `${name}:fail ${error?.message ?? error}`, ...error?.extra }
        entry.error = fail.errMsg
        options.fail?.(fail)
        options.complete?.(fail)
      },
    )
    .catch((error) => mp.problem(error)) // thrown inside a callback
  return task
}

/** Asks the backend through the proxy, without cookies and caches. */
async function ask(mp, url, how, tell) {
  const answer = await fetch(mp.backendAddress(url), { ...how, cache: 'no-store', credentials: 'omit' })
  const problem = refusal(answer.headers.get('x-mp-error'))
  if (problem) throw problem
  const header = Object.fromEntries(answer.headers)
  tell('HeadersReceived', { header, statusCode: answer.status })
  return { answer, header }
}

async function request(mp, options, controller, tell) {
  checkAddress(mp, options.url)
  const { url, verb, headers, body } = prepare(options)
  if (!METHODS.has(verb)) throw failure('method is invalid')
  const { answer, header } = await ask(mp, url, { method: verb, headers, body, signal: controller.signal }, tell)
  if (options.responseType === 'arraybuffer') return { data: await answer.arrayBuffer(), statusCode: answer.status, header, cookies: [] }
  const text = await answer.text()
  return { data: (options.dataType ?? 'json') === 'json' ? parsed(text) : text, statusCode: answer.status, header, cookies: [] }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text // WeChat leaves what is no JSON as text
  }
}

/** `multipart/form-data` with the file and the fields of `formData`; XMLHttpRequest, because only it tells the progress. */
async function upload(mp, options, controller, tell) {
  checkAddress(mp, options.url)
  const blob = await mp.files.read(options.filePath).catch(() => {
    throw failure('file not found', { errno: 1300002 })
  })
  const form = new FormData()
  for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, value)
  form.append(options.name, blob, options.filePath.split('/').pop())
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest()
    sending.open('POST', mp.backendAddress(options.url))
    for (const [name, value] of Object.entries(lowerCase(options.header)))
      if (name !== 'content-type') sending.setRequestHeader(name, value)
    sending.upload.onprogress = ({ loaded, total }) =>
      tell('ProgressUpdate', { progress: Math.round((loaded / total) * 100), totalBytesSent: loaded, totalBytesExpectedToSend: total })
    sending.onerror = () => reject(failure('net::ERR_FAILED', { errno: 600001 }))
    sending.onabort = () => reject(failure('abort'))
    sending.onload = () => {
      const problem = refusal(sending.getResponseHeader('x-mp-error'))
      if (problem) reject(problem)
      else resolve({ data: sending.responseText, statusCode: sending.status })
    }
    controller.signal.addEventListener('abort', () => sending.abort())
    sending.send(form)
  })
}

async function download(mp, options, controller, tell) {
  checkAddress(mp, options.url)
  const { answer, header } = await ask(mp, options.url, { headers: lowerCase(options.header), signal: controller.signal }, tell)
  const blob = await answer.blob()
  tell('ProgressUpdate', { progress: 100, totalBytesWritten: blob.size, totalBytesExpectedToWrite: blob.size })
  const path = options.filePath ? mp.files.put(options.filePath, blob) : mp.files.keep(blob)
  return { statusCode: answer.status, header, dataLength: blob.size, [options.filePath ? 'filePath' : 'tempFilePath']: path }
}

export function addNetwork(kit) {
  const { mp, wx, record } = kit
  for (const [name, work] of Object.entries({ request, uploadFile: upload, downloadFile: download })) {
    wx[name] = (options) => {
      const { url, method = 'GET', data, header, filePath, formData } = options
      record(name, { url, method, data, header, filePath, name: options.name, formData })
      return run(kit, name, options, (controller, tell) => work(mp, options, controller, tell))
    }
  }
  /** Cuts or restores the network of this phone. */
  mp.setNetwork = (type) => {
    mp.network = type
    mp.emit('NetworkStatusChange', { isConnected: type !== 'none', networkType: type })
  }
  kit.api('getNetworkType', () => ({ networkType: mp.network }))
}
