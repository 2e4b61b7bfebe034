/** Handing a text to the person as a file, in two taps: the first fetches it, the second sends it, for WeChat forgets a tap during a request. */
import { canSend, copyText, keepFile, sendFile } from '../services/file'
import { sentence } from '../services/http'
import { common } from '../texts/common'
import { say } from './screen'

/** A screen that hands one file over; `file` is its path when it is ready to be sent. */
interface FileScreen {
  data: { busy: boolean; file: string }
  setData(patch: { busy?: boolean; file?: string }): void
}

/** Answer a tap: send the file that is ready, or ask for its text, which is copied where files cannot be sent. */
export async function handOver(screen: FileScreen, name: string, ask: () => Promise<string>): Promise<void> {
  if (screen.data.file !== '') return sendFile(screen.data.file)
  if (screen.data.busy) return
  screen.setData({ busy: true })
  try {
    const text = await ask()
    if (canSend()) screen.setData({ file: keepFile(name, text) })
    else await copyText(text).then(() => say(common.copiedWhole))
  } catch (error) {
    say(sentence(error))
  } finally {
    screen.setData({ busy: false })
  }
}
