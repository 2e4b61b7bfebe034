/** The desk of the runner: people with phones, and cards that go from one to the other. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { browser, closeBrowser } from '../support/browser.mjs'
import { startSandbox } from '../support/neighbours.mjs'
import { serveApp } from '../support/server.mjs'

const SRC = fileURLToPath(new URL('./app', import.meta.url))
let sandbox
let web

before(async () => {
  sandbox = await startSandbox()
  web = await serveApp({ src: SRC, sandbox: sandbox.origin })
})

after(async () => {
  await closeBrowser()
  await web.close()
  await sandbox.close()
})

test('a card that one person sends opens on the other phone', async () => {
  const page = await (await browser()).newPage({ viewport: { width: 1000, height: 900 } })
  await page.goto(`${web.url}phones.html`)
  for (const nickname of ['王小美', '李静']) {
    await page.fill('[name=nickname]', nickname)
    await page.click('form button')
    await page.getByText(`${nickname} · pages/a/a`).waitFor()
  }
  const [first, second] = page.frames().slice(1)
  await first.evaluate(() => void window.__mp.share('menu'))
  await first.click('.mp-send')
  await page.getByRole('button', { name: '李静' }).click()

  await second.waitForFunction(() => window.__mp.enterOptions.scene === 1007)

  assert.deepEqual(await second.evaluate(() => window.__mp.pages().map(({ route }) => route)), ['pages/a/a'])
})
