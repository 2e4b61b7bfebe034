/** Putting a picture into the phone's album. */
import { download } from './http'

export type Saved = 'saved' | 'denied' | 'cancelled'

/** Fetch the picture and save it. Rejects with ApiError when it could not be fetched, or with WeChat's failure. */
export async function saveToAlbum(url: string): Promise<Saved> {
  const filePath = await download(url)
  try {
    await wx.saveImageToPhotosAlbum({ filePath })
    return 'saved'
  } catch (raw) {
    const { errMsg = '', errno } = raw as { errMsg?: string; errno?: number }
    if (/cancel/i.test(errMsg)) return 'cancelled'
    // 103 and 104: the person refused WeChat's privacy dialog.
    if (/auth|deny|privacy/i.test(errMsg) || errno === 103 || errno === 104) return 'denied'
    throw raw
  }
}
