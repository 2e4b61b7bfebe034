/** Pictures: choosing, saving to the album, previewing, drawing on a canvas. */
import { dataUrl, pictureSize } from '../engine/files.js'
import { failure } from './index.js'

const MAX_COUNT = 9

/** The person's pictures: a file of this computer, or one of the album of this phone. */
async function choose(mp, count) {
  const blobs = await mp.ui.pictures({ title: '选择照片', album: mp.album, count })
  if (blobs.length === 0) throw failure('cancel')
  return Promise.all(
    blobs
      .slice(0, count)
      .map(async (blob) => ({ tempFilePath: mp.files.keep(blob), size: blob.size, fileType: 'image', ...(await pictureSize(blob)) })),
  )
}

/** Puts a picture into the album: kept in `__mp.album`, downloaded by the browser, told to the page around. */
export async function savePicture(mp, blob) {
  const size = await pictureSize(blob).catch(() => {
    throw failure('invalid file type')
  })
  const name = `yinjian-${mp.album.length + 1}.${blob.type === 'image/jpeg' ? 'jpg' : 'png'}`
  mp.album.push({ name, type: blob.type, bytes: blob.size, blob, ...size })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  mp.tell('saved', { name, image: await dataUrl(blob), ...size })
}

/** The part and size that `canvasToTempFilePath` was asked for, as a picture file. */
async function canvasFile(mp, options) {
  const canvas = options.canvas ?? mp.top().view.querySelector('wx-canvas > canvas')
  if (!canvas) throw failure('fail canvas is empty')
  const { x = 0, y = 0, width = canvas.width - x, height = canvas.height - y, destWidth = width, destHeight = height } = options
  const target = document.createElement('canvas')
  Object.assign(target, { width: destWidth, height: destHeight })
  target.getContext('2d').drawImage(canvas, x, y, width, height, 0, 0, destWidth, destHeight)
  const type = options.fileType === 'jpg' ? 'image/jpeg' : 'image/png'
  const blob = await new Promise((resolve) => target.toBlob(resolve, type, options.quality))
  return { tempFilePath: mp.files.keep(blob) }
}

export function addMedia({ mp, wx, api }) {
  api('chooseMedia', async ({ count = MAX_COUNT }) => ({ type: 'image', tempFiles: await choose(mp, count) }))
  api('chooseImage', async ({ count = MAX_COUNT }) => {
    const found = await choose(mp, count)
    return {
      tempFilePaths: found.map((file) => file.tempFilePath),
      tempFiles: found.map(({ tempFilePath, size }) => ({ path: tempFilePath, size })),
    }
  })
  api('saveImageToPhotosAlbum', async ({ filePath }) => {
    await mp.authorize('scope.writePhotosAlbum', '保存图片到你的相册')
    const blob = await mp.files.read(filePath) // an address of the network must be downloaded first, as in WeChat
    await savePicture(mp, blob)
    return {}
  })
  api('previewImage', ({ urls, current }) => void mp.ui.preview(urls, current))
  api(
    'previewMedia',
    ({ sources, current = 0 }) =>
      void mp.ui.preview(
        sources.map((source) => source.url),
        current,
      ),
  )
  api('compressImage', async ({ src, quality = 80 }) => {
    const picture = await createImageBitmap(await mp.files.read(src))
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    canvas.getContext('2d').drawImage(picture, 0, 0)
    return { tempFilePath: mp.files.keep(await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 })) }
  })
  api('canvasToTempFilePath', (options) => canvasFile(mp, options))
  mp.createImage = () => {
    const image = new Image()
    const { set, get } = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src')
    Object.defineProperty(image, 'src', {
      get: () => get.call(image),
      set(value) {
        set.call(image, mp.asset(value))
      },
    })
    return image
  }
  wx.createOffscreenCanvas = ({ width = 300, height = 150 } = {}) =>
    Object.assign(document.createElement('canvas'), { width, height, createImage: mp.createImage })
  wx.createCanvasContext = () => {
    throw new Error('wx.createCanvasContext is the old canvas; use <canvas type="2d">')
  }
}
