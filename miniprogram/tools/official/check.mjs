/**
 * Runs Tencent's own compilers over the source, offline. `wcc`: WXML and WXSS compilers alone; `compile [DIR]`: the full compile that an upload
 * would do, with the size of each package (and the result written to DIR).
 */
import crypto from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const HOME = path.resolve(HERE, '../..')
const SRC = path.join(HOME, 'src')
const require = createRequire(import.meta.url)

/** WeChat refuses a package above 2 MB; a quick first start asks for much less in the main one. */
const PACKAGE_LIMIT_BYTES = 2 * 1024 * 1024
const MAIN_PACKAGE_LIMIT_BYTES = 600 * 1024
/** What the server would answer about a project; the compilers need it and nothing is uploaded. */
const PROJECT_ATTRIBUTES = {
  platform: true,
  appType: 0,
  isSandbox: false,
  released: false,
  setting: {
    MaxCodeSize: 2,
    MaxSubpackageSubCodeSize: 2,
    MaxSubpackageFullCodeSize: 30,
    NavigateMiniprogramLimit: 10,
    MaxTabbarCount: 5,
    MinTabbarCount: 2,
    MaxTabbarIconSize: 40,
    MaxCustomTabbarCount: 5,
  },
}

function openProject(ci) {
  const { privateKey } = crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const project = new ci.Project({
    appid: 'wx0000000000000001',
    type: 'miniProgram',
    projectPath: HOME,
    privateKey,
    ignores: ['node_modules/**/*', '.mpweb/**/*', 'tools/**/*', 'tests/**/*'],
  })
  project.attr = async () => PROJECT_ATTRIBUTES
  return project
}

function measure(files) {
  const app = JSON.parse(files['app.json'])
  const roots = (app.subPackages ?? app.subpackages ?? []).map((sub) => sub.root.replace(/^\/|\/$/g, ''))
  const sizes = { '(main)': 0, ...Object.fromEntries(roots.map((root) => [root, 0])) }
  for (const [file, content] of Object.entries(files)) {
    if (!file.endsWith('.map')) sizes[roots.find((root) => file.startsWith(root + '/')) ?? '(main)'] += Buffer.byteLength(content)
  }
  return sizes
}

async function compile(out) {
  const ci = require('miniprogram-ci')
  const files = await ci.getCompiledResult({
    project: openProject(ci),
    desc: '',
    setting: { es6: true, es7: true, minify: true, minifyWXML: true, minifyWXSS: true },
    onProgressUpdate() {},
  })
  for (const [file, content] of out ? Object.entries(files) : []) {
    const target = path.join(out, file)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.writeFileSync(target, content)
  }
  const sizes = measure(files)
  for (const [name, bytes] of Object.entries(sizes)) {
    const limit = name === '(main)' ? MAIN_PACKAGE_LIMIT_BYTES : PACKAGE_LIMIT_BYTES
    console.log(`${name}: ${(bytes / 1024).toFixed(1)} KB of ${limit / 1024} KB`)
    if (bytes > limit) throw new Error(`package ${name} is above ${limit / 1024} KB`)
  }
}

function sourceFiles(folder = '.') {
  return fs.readdirSync(path.join(SRC, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'miniprogram_npm' ? [] : sourceFiles(file)
    return ['./' + file]
  })
}

async function wcc() {
  const bin = path.join(path.dirname(require.resolve('miniprogram-compiler/package.json')), 'bin/linux')
  const run = (name, args) => {
    const tool = path.join(bin, name)
    fs.chmodSync(tool, 0o755) // the package comes without the x bit
    const done = spawnSync(tool, args, { cwd: SRC, maxBuffer: 1 << 28 })
    if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`)
  }
  const files = sourceFiles()
  const templates = files.filter((file) => /\.(wxml|wxs)$/.test(file))
  const sheets = files.filter((file) => file.endsWith('.wxss'))
  run('wcc', ['-d', '-cc', '0', ...templates, '-gn', '$gwx'])
  run('wcsc', ['-lc', '-db', '-pc', String(sheets.length), ...sheets])
  console.log(`${templates.length} templates and scripts, ${sheets.length} style sheets`)
}

const COMMANDS = { compile, wcc }
const [, , name, ...rest] = process.argv
if (!COMMANDS[name]) {
  console.error('usage: node tools/official/check.mjs wcc | compile [DIR]')
  process.exit(2)
}
try {
  await COMMANDS[name](...rest)
  console.log(`${name}: ok`)
  process.exit(0) // miniprogram-ci leaves a file watcher open
} catch (error) {
  console.error(`${name}: ${error.message}`)
  process.exit(1)
}
