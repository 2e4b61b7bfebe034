/** Builds the source and serves it as a phone in the browser; builds again when a file changes. See README.md for the addresses and options. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { build, showWarnings } from './build.mjs'
import { serve } from './server.mjs'

const HOME = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({
  options: {
    src: { type: 'string', default: path.join(HOME, 'src') },
    dir: { type: 'string', default: path.join(HOME, '.mpweb') },
    port: { type: 'string', default: '5173' },
    backend: { type: 'string', default: 'http://127.0.0.1:8000' },
    sandbox: { type: 'string', default: 'http://127.0.0.1:9000' },
    built: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    phones: { type: 'boolean', default: false },
  },
})

async function rebuild() {
  try {
    const { pages, components, ms, warnings } = await build({ src: values.src, out: values.dir })
    showWarnings(warnings)
    console.log(`built ${pages} pages, ${components} components in ${ms} ms`)
    return true
  } catch (error) {
    console.error(error.message)
    return false
  }
}

if (!values.built && !(await rebuild()) && !values.watch) process.exit(1)
const web = await serve(values.dir, { port: Number(values.port), backend: values.backend, sandbox: values.sandbox })
console.log(`mini-program at ${web.url}`)
if (values.phones) console.log(`phones at ${web.url}phones.html`)
if (values.watch) {
  let waiting
  fs.watch(values.src, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(rebuild, 150)
  })
}
