/**
 * Serves the built mini-program on loopback and passes its requests on.
 *
 * `__mp/backend/…` goes to the backend and `__mp/sandbox/…` to the sandbox (only its phones' side), method, headers and body unchanged: as in WeChat
 * there is no CORS. Any web server that serves the built folder and has these two reverse proxies and a `config.js` can take this one's place.
 */
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
}
/** Headers that belong to one connection and are not passed on (RFC 9110, 7.6.1), and those that a browser adds but WeChat does not send. */
const NOT_PASSED = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade host origin cookie'.split(' '),
)
/** What a phone may see of the sandbox; WeChat's own API is the backend's. */
const PHONES_SIDE = /^\/(_phones|_apps|_media)(\/|\?|$)/

const passed = (headers) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED.has(name) && !name.startsWith('sec-')))

/** Passes one request on to `origin`; when nobody answers there, 502 with the reason in `x-mp-error`. */
function forward(request, response, origin, address) {
  const fail = (error) => {
    if (response.headersSent) return response.destroy()
    response.writeHead(502, { 'x-mp-error': encodeURIComponent(error.code ?? error.message) })
    return response.end()
  }
  const onward = http.request(new URL(address, origin), { method: request.method, headers: passed(request.headers) })
  onward.on('error', fail)
  onward.on('response', (answer) => {
    const headers = passed(answer.headers)
    if (headers.location?.startsWith(origin)) headers.location = '/__mp/backend' + headers.location.slice(new URL(origin).origin.length)
    response.writeHead(answer.statusCode, headers)
    answer.pipe(response)
  })
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

function sendFile(response, folder, name) {
  const file = path.join(folder, name === '/' ? 'index.html' : name)
  const inside = path.relative(folder, file)
  if (inside.startsWith('..') || path.isAbsolute(inside)) return response.writeHead(403).end()
  fs.readFile(file, (error, content) => {
    if (error) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-store' })
    return response.end(content)
  })
  return undefined
}

/**
 * Starts the server; port 0 takes a free one.
 *
 * @param {string} dir folder that `build` wrote
 * @param {{port?: number, backend?: string, sandbox?: string}} options origins of the backend and of the sandbox; without one its requests fail
 * @returns {Promise<{port: number, url: string, close: () => Promise<void>}>}
 */
export function serve(dir, { port = 0, backend = '', sandbox = '' } = {}) {
  const folder = path.resolve(dir)
  const config = `window.__MP_CONFIG__=${JSON.stringify({ backend, sandbox })}`
  const server = http.createServer((request, response) => {
    const proxied = /^\/__mp\/(backend|sandbox)(\/.*)$/.exec(request.url)
    if (proxied) {
      const [, which, address] = proxied
      const origin = which === 'backend' ? backend : PHONES_SIDE.test(address) ? sandbox : ''
      if (origin) return forward(request, response, origin, address)
      return response.writeHead(502, { 'x-mp-error': encodeURIComponent(`no ${which}`) }).end()
    }
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    if (name === '/config.js') return response.writeHead(200, { 'content-type': TYPES['.js'], 'cache-control': 'no-store' }).end(config)
    return sendFile(response, folder, name)
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address()
      const close = () =>
        new Promise((done) => {
          server.close(done)
          server.closeAllConnections()
        })
      resolve({ port: taken, url: `http://127.0.0.1:${taken}/`, close })
    })
  })
}
