/** Handing a text file to the person: sent into a chat of their own choice, or copied. */

/** Write `text` into a file of the phone called `name` and answer its path. */
export function keepFile(name: string, text: string): string {
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  wx.getFileSystemManager().writeFileSync(filePath, text, 'utf8')
  return filePath
}

/** Whether files can be sent into a chat; where not, their text is copied. */
export function canSend(): boolean {
  return wx.canIUse('shareFileMessage')
}

/** Let the person choose a chat. Must be called straight from a tap: WeChat forgets the tap during a request. */
export async function sendFile(filePath: string): Promise<void> {
  try {
    await wx.shareFileMessage({ filePath })
  } catch {
    // Choosing no chat is no failure; the file stays ready.
  }
}

/** Copy where files cannot be sent. */
export async function copyText(text: string): Promise<void> {
  await wx.setClipboardData({ data: text })
}
