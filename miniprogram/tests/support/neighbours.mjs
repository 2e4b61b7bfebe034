/** Small stand-ins for the two programs outside the runner: a backend and a sandbox that answer by the contract and remember what they were asked. */
import http from 'node:http'

const read = async (request) => {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * Starts a server; `answer({method, url, headers, body})` gives {status?, headers?, body} or a plain value that is sent as JSON.
 *
 * @returns {Promise<{origin: string, seen: object[], close: () => Promise<void>}>}
 */
export async function startNeighbour(answer) {
  const seen = []
  const server = http.createServer(async (request, response) => {
    const asked = { method: request.method, url: request.url, headers: request.headers, body: await read(request) }
    seen.push(asked)
    const given = (await answer(asked)) ?? { status: 404, body: '{}' }
    const isWhole = given !== null && typeof given === 'object' && 'body' in given
    const { status = 200, headers = {}, body } = isWhole ? given : { body: JSON.stringify(given) }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise((done) => {
      server.close(done)
      server.closeAllConnections()
    })
  return { origin: `http://127.0.0.1:${server.address().port}`, seen, close }
}

/** The phones' side of the sandbox for people it is told of; codes are numbered so that tests can tell them apart. */
export function startSandbox({ templates = [], opens = { opens: 'nothing' }, appid, transfer } = {}) {
  let count = 0
  return startNeighbour(({ method, url, body }) => {
    if (url === '/_apps') return [{ kind: 'mini_program', appid, templates }]
    const [, person, action] = /^\/_phones(?:\/([^/]+)\/([\w-]+))?$/.exec(url) ?? []
    if (method !== 'POST') return undefined
    if (!person) return { id: `made-${++count}` }
    if (action === 'login-code' || action === 'phone-code') return { code: `${person}-${action}-${++count}` }
    if (action === 'subscribe') return JSON.parse(body)
    if (action === 'confirm-transfer') return transfer?.(JSON.parse(body))
    return action === 'scan' ? opens : undefined
  })
}
