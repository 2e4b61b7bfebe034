/** Storage: 1 MB a key and 10 MB in all, as in WeChat; kept in the browser, apart for each phone. */
import { failure } from './index.js'

const KIND = 'data:'
const KEY_LIMIT_BYTES = 1024 * 1024
const LIMIT_BYTES = 10 * 1024 * 1024

export function addStorage({ mp, wx, api, sync }) {
  const { store } = mp
  const write = (key, value) => {
    const text = JSON.stringify({ value })
    if (text.length > KEY_LIMIT_BYTES) throw failure(`the data of "${key}" is above 1 MB`)
    if (store.bytes(KIND) + text.length > LIMIT_BYTES) throw failure('the maximum size of the file storage limit is exceeded')
    store.set(KIND, key, text)
  }
  const read = (key) => JSON.parse(store.get(KIND, key))
  const info = () => ({ keys: store.names(KIND), currentSize: Math.ceil(store.bytes(KIND) / 1024), limitSize: LIMIT_BYTES / 1024 })
  const clear = () => store.names(KIND).forEach((key) => store.remove(KIND, key))
  sync('setStorageSync', (key, value) => write(key, value))
  sync('getStorageSync', (key) => read(key)?.value ?? '')
  sync('removeStorageSync', (key) => store.remove(KIND, key))
  sync('clearStorageSync', clear)
  sync('getStorageInfoSync', info)
  api('setStorage', ({ key, data }) => void write(key, data))
  api('getStorage', ({ key }) => {
    const found = read(key)
    if (!found) throw failure('data not found')
    return { data: found.value }
  })
  api('removeStorage', ({ key }) => void store.remove(KIND, key))
  api('clearStorage', () => void clear())
  api('getStorageInfo', info)
  wx.env = { USER_DATA_PATH: 'wxfile://usr' }
}
