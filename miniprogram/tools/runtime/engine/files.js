/** The phone's files: temporary ones (`wxfile://tmp_…`) and the app's own folder (`wxfile://usr/…`), kept in memory until the page is reloaded. */

const TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  json: 'application/json',
  txt: 'text/plain',
  pdf: 'application/pdf',
}
export const USER_DATA_PATH = 'wxfile://usr'

const extensionOf = (type) => Object.keys(TYPES).find((key) => TYPES[key] === type) ?? 'bin'

export function createFiles(mp) {
  const blobs = new Map()
  const urls = new Map()
  let count = 0
  const drop = (path) => {
    if (urls.has(path)) URL.revokeObjectURL(urls.get(path))
    urls.delete(path)
    return blobs.delete(path)
  }
  const files = {
    blobs,
    drop,
    put(path, blob) {
      drop(path)
      blobs.set(path, blob)
      urls.set(path, URL.createObjectURL(blob))
      return path
    },
    /** Keeps a blob as a new temporary file and answers its path. */
    keep: (blob) => files.put(`wxfile://tmp_${Date.now().toString(36)}${(count++).toString(36)}.${extensionOf(blob.type)}`, blob),
    url: (path) => urls.get(path),
    typeOf: (path) => TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase()] ?? 'application/octet-stream',
    isOwn: (path) => path.startsWith('wxfile:'),
    /** The content behind a temporary path, a path of the package, or a data URL; raises when there is none. A network address is no file. */
    async read(path) {
      if (blobs.has(path)) return blobs.get(path)
      if (!path || /^(https?:)?\/\//.test(path) || files.isOwn(path)) throw new Error('no such file or directory')
      const answer = await fetch(
        path.startsWith('data:') || path.startsWith('blob:') ? path : mp.asset(path.startsWith('/') ? path : '/' + path),
      )
      if (!answer.ok) throw new Error('no such file or directory')
      return answer.blob()
    },
  }
  return files
}

/** Width and height of a picture, in its own pixels; raises when it is none. */
export async function pictureSize(blob) {
  const picture = await createImageBitmap(blob)
  const { width, height } = picture
  picture.close()
  return { width, height }
}

export const dataUrl = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result)
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
