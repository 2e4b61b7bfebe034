/** The `wx` object: every call is recorded in `__mp.calls` and can be answered by `__mp.mock(name, value | function | Error)`. */
import { addAccount } from './account.js'
import { addDevice } from './device.js'
import { addFileSystem } from './file_system.js'
import { addInterface } from './interface.js'
import { addMedia } from './media.js'
import { addNetwork } from './network.js'
import { addPayment } from './payment.js'
import { addPrivacy } from './privacy.js'
import { addScan } from './scan.js'
import { addSharing } from './sharing.js'
import { addStorage } from './storage.js'
import { addSystem } from './system.js'

/** A failure as WeChat reports it: `message` becomes the end of `errMsg`, `extra` further fields such as `errno`. */
export const failure = (message, extra) => Object.assign(new Error(message), { extra })

function copy(value) {
  try {
    return JSON.parse(JSON.stringify(value ?? null))
  } catch {
    return String(value)
  }
}

export function createWx(mp) {
  const wx = {}
  const record = (name, args) => mp.calls.push({ name, args: copy(args), t: Date.now() })
  const answer = async (name, options, work) => {
    await mp.privacy?.before(name)
    if (!(name in mp.mocks)) return work(options)
    const mock = mp.mocks[name]
    const value = typeof mock === 'function' ? await mock(options, work) : mock
    if (value instanceof Error) throw value
    return value
  }
  /** An asynchronous call: success/fail/complete, or a promise when none of them is given. */
  const api = (name, work = () => ({})) => {
    wx[name] = (options = {}) => {
      record(name, options)
      const hasCallback = Boolean(options.success ?? options.fail ?? options.complete)
      const running = Promise.resolve()
        .then(() => answer(name, options, work))
        .then(
          (result) => {
            const success = { errMsg: `${name}:ok`, ...result }
            options.success?.(success)
            options.complete?.(success)
            return success
          },
          (error) => {
            const fail = { errMsg: `${name}:fail ${error?.message ?? error}`, ...error?.extra }
            options.fail?.(fail)
            options.complete?.(fail)
            if (!hasCallback) throw fail
            return undefined
          },
        )
      if (!hasCallback) return running
      running.catch((error) => mp.problem(error)) // thrown inside a callback
      return undefined
    }
  }
  /** A call that answers at once. */
  const sync = (name, work) => {
    wx[name] = (...args) => {
      record(name, args)
      if (!(name in mp.mocks)) return work(...args)
      const mock = mp.mocks[name]
      return typeof mock === 'function' ? mock(...args) : mock
    }
  }
  const kit = { mp, wx, api, sync, record, answer }
  for (const add of [
    addStorage,
    addPrivacy,
    addNetwork,
    addAccount,
    addPayment,
    addFileSystem,
    addMedia,
    addScan,
    addSharing,
    addInterface,
    addDevice,
    addSystem,
  ])
    add(kit)
  // an API that is not here must be noticed, not silently undefined
  return new Proxy(wx, {
    get(target, name) {
      if (!(name in target) && typeof name === 'string') mp.missing.add(name)
      return target[name]
    },
  })
}
