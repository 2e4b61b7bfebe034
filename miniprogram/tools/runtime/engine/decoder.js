/** Reads the QR code in a picture with ZXing, loaded when it is first needed. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const HARD = { tryHarder: true, tryRotate: true, tryInvert: true, formats: ['QRCode'], maxNumberOfSymbols: 1 }

/** A function from a picture to the text of its code, or null when it carries none. */
export function createDecoder() {
  prepareZXingModule({ overrides: { locateFile: (name) => new URL(name, document.baseURI).href } })
  return async (blob) => {
    const picture = await createImageBitmap(blob)
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const pen = canvas.getContext('2d')
    pen.fillStyle = '#fff' // a clear background is white to a camera
    pen.fillRect(0, 0, picture.width, picture.height)
    pen.drawImage(picture, 0, 0)
    const [found] = await readBarcodes(pen.getImageData(0, 0, picture.width, picture.height), HARD)
    return found?.text || null
  }
}
