/** `getFileSystemManager`: reading, writing, copying and removing files of the phone; folders are only parts of names. */
import { pictureSize, USER_DATA_PATH } from '../engine/files.js'

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

async function encoded(blob, encoding) {
  if (!encoding) return blob.arrayBuffer()
  if (encoding === 'base64') return base64(new Uint8Array(await blob.arrayBuffer()))
  return blob.text()
}

const blobOf = (data, encoding, type) => new Blob([encoding === 'base64' && typeof data === 'string' ? fromBase64(data) : data], { type })

export function addFileSystem({ mp, wx, api, sync }) {
  const { files } = mp
  const known = (path) => {
    if (!files.blobs.has(path)) throw new Error(`no such file or directory, ${path}`)
  }
  const own = (path) => {
    if (!path.startsWith(USER_DATA_PATH)) throw new Error(`permission denied, open ${path}`)
    return path
  }
  const write = ({ filePath, data, encoding }) => void files.put(own(filePath), blobOf(data, encoding, files.typeOf(filePath)))
  const remove = ({ filePath }) => {
    known(filePath)
    files.drop(filePath)
  }
  const work = {
    writeFile: write,
    readFile: async ({ filePath, encoding }) => ({ data: await encoded(await files.read(filePath), encoding) }),
    access: ({ path }) => void known(path),
    unlink: remove,
    removeSavedFile: remove,
    copyFile: async ({ srcPath, destPath }) => void files.put(own(destPath), await files.read(srcPath)),
    saveFile: async ({ tempFilePath, filePath }) => {
      const target = filePath ?? `${USER_DATA_PATH}/${tempFilePath.split('/').pop()}`
      files.put(own(target), await files.read(tempFilePath))
      files.drop(tempFilePath)
      return { savedFilePath: target }
    },
    getFileInfo: async ({ filePath }) => ({ size: (await files.read(filePath)).size }),
    mkdir: () => {},
  }
  const manager = {
    writeFileSync: (filePath, data, encoding) => write({ filePath, data, encoding }),
    unlinkSync: (filePath) => remove({ filePath }),
    accessSync: known,
    mkdirSync: () => {},
  }
  for (const [name, run] of Object.entries(work)) {
    manager[name] = (options) => {
      Promise.resolve()
        .then(() => run(options))
        .then(
          (result) => {
            const success = { errMsg: `${name}:ok`, ...result }
            options.success?.(success)
            options.complete?.(success)
          },
          (error) => {
            const fail = { errMsg: `${name}:fail ${error.message}` }
            options.fail?.(fail)
            options.complete?.(fail)
          },
        )
        .catch((error) => mp.problem(error))
    }
  }
  sync('getFileSystemManager', () => manager)
  api('getFileInfo', work.getFileInfo)
  api('saveFile', work.saveFile)
  api('getImageInfo', async ({ src }) => {
    const blob = await (/^https?:/.test(src) ? fetch(mp.asset(src)).then((answer) => answer.blob()) : files.read(src))
    const path = files.isOwn(src) || !/^https?:/.test(src) ? src : files.keep(blob)
    return { ...(await pictureSize(blob)), path, type: blob.type.replace('image/', ''), orientation: 'up' }
  })
  wx.arrayBufferToBase64 = (buffer) => base64(new Uint8Array(buffer))
  wx.base64ToArrayBuffer = (text) => fromBase64(text).buffer
}
