/** Builds an app and serves it for one test file. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from '../../tools/build.mjs'
import { serve } from '../../tools/server.mjs'

export const HOME = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @param {{src?: string, backend?: string, sandbox?: string}} options `src` is the project's own source unless given
 * @returns {Promise<{url: string, close: () => Promise<void>}>} `close` removes what was built
 */
export async function serveApp({ src = path.join(HOME, 'src'), backend, sandbox } = {}) {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'mini-program-'))
  await build({ src, out })
  const web = await serve(out, { backend, sandbox })
  const close = async () => {
    await web.close()
    fs.rmSync(out, { recursive: true, force: true })
  }
  return { url: web.url, close }
}
