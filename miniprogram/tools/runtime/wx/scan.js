/** `scanCode` with a real picture: chosen, dropped, or taken from another phone of the same browser; read by ZXing. */
import { failure } from './index.js'
import { createDecoder } from '../engine/decoder.js'

/** WeChat hands a mini-program code over as a path; in the sandbox's drawing of one stands `wxa:<page>?<scene>`. */
const MINI_PROGRAM_CODE = /^wxa:([^?]*)\?(.+)$/s

const base64 = (text) => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))

export function addScan({ mp, api }) {
  mp.decode = createDecoder()
  /** Text of the code in what the scanner found: a picture, or the text itself when another phone told it. */
  mp.readCode = async (found) => found.text ?? mp.decode(found.blob)
  api('scanCode', async ({ onlyFromCamera = false }) => {
    const text = await mp.ui.scan({ onlyFromCamera, read: mp.readCode })
    if (text === null) throw failure('cancel')
    const [, page, scene] = MINI_PROGRAM_CODE.exec(text) ?? []
    const rawData = base64(text)
    if (scene) return { result: '', path: `${page}?scene=${encodeURIComponent(scene)}`, scanType: 'WX_CODE', charSet: 'utf-8', rawData }
    return { result: text, scanType: 'QR_CODE', charSet: 'utf-8', rawData }
  })
}
