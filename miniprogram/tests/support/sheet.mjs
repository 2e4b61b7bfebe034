/** Lays all pictures of a folder on one sheet: `node tests/support/sheet.mjs DIR` writes DIR/index.html and DIR/sheet.png. */
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { browser, closeBrowser } from './browser.mjs'

const COLUMNS = 8
const CELL_PX = 260

const caption = (file) => path.basename(file, path.extname(file))

function html(files) {
  const cells = files.map(
    (file) =>
      `<figure><a href="${encodeURIComponent(file)}"><img src="${encodeURIComponent(file)}" alt="${caption(file)}"></a><figcaption>${caption(file)}</figcaption></figure>`,
  )
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${files.length} screens</title><style>
body{margin:24px;background:#8a857d;font:13px/1.4 sans-serif;color:#fff}
main{display:grid;grid-template-columns:repeat(${COLUMNS},${CELL_PX}px);gap:20px;width:max-content}
figure{margin:0}img{display:block;width:${CELL_PX}px;border-radius:12px}figcaption{padding:6px 2px}
</style><main>${cells.join('\n')}</main></html>`
}

/** Answers the paths of the sheet as a page and as one picture. */
export async function makeSheet(folder) {
  const files = fs
    .readdirSync(folder)
    .filter((file) => /\.(png|jpg)$/.test(file) && file !== 'sheet.png')
    .sort()
  const page = path.join(folder, 'index.html')
  const picture = path.join(folder, 'sheet.png')
  fs.writeFileSync(page, html(files))
  const chrome = await browser()
  const sheet = await chrome.newPage({ viewport: { width: COLUMNS * (CELL_PX + 20) + 48, height: 800 } })
  await sheet.goto(pathToFileURL(page).href)
  await sheet.screenshot({ path: picture, fullPage: true })
  await sheet.close()
  return { page, picture, count: files.length }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { page, picture, count } = await makeSheet(path.resolve(process.argv[2] ?? '.shots'))
  await closeBrowser()
  console.log(`${count} screens: ${page}, ${picture}`)
}
