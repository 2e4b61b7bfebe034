/** Loads a module of the source as the app would compile it, with a `wx` of the test's own. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** Answers the exports of `src/<name>.ts`; each call gives a fresh copy, so that nothing is left from another test. */
export async function source(name) {
  const { outputFiles } = await esbuild.build({ entryPoints: [path.join(SRC, `${name}.ts`)], bundle: true, format: 'esm', write: false, logLevel: 'silent' })
  const code = Buffer.from(`${outputFiles[0].text}\n//${Math.random()}`).toString('base64')
  return import(`data:text/javascript;base64,${code}`)
}

/** A `wx` with storage and the answers of `requests` in turn; what was asked is in `sent`. */
export function fakeWx(requests = [], over = {}) {
  const store = new Map()
  const sent = []
  globalThis.wx = {
    getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
    getStorageSync: (name) => store.get(name) ?? '',
    setStorageSync: (name, value) => store.set(name, structuredClone(value)),
    removeStorageSync: (name) => store.delete(name),
    login: async () => ({ code: `code-${sent.length}` }),
    request({ success, fail, ...asked }) {
      sent.push(asked)
      const answer = requests.shift() ?? { fail: 'request:fail no answer prepared' }
      queueMicrotask(() => ('fail' in answer ? fail({ errMsg: answer.fail }) : success({ statusCode: 200, header: {}, ...answer })))
    },
    ...over,
  }
  return { store, sent }
}
