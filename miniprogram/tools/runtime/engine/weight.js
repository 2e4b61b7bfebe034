/** Measures `setData`: WeChat sends each call as text to another thread, and large ones make the phone stutter. */

/** The project's own limit; WeChat itself refuses above 1 MB (开发指南 › 性能 › 合理使用 setData). */
export const SET_DATA_LIMIT_BYTES = 30 * 1024

export function measureSetData(mp, ComponentCaller) {
  const { setData } = ComponentCaller.prototype
  const encoder = new TextEncoder()
  ComponentCaller.prototype.setData = function (data, callback) {
    const bytes = encoder.encode(JSON.stringify(data ?? {})).length
    const stats = mp.setDataStats
    stats.calls += 1
    stats.bytes += bytes
    const where = `${this.is ?? mp.top()?.route ?? ''}: ${Object.keys(data ?? {}).join(', ')}`
    if (bytes > stats.largest.bytes) stats.largest = { bytes, where }
    if (bytes > SET_DATA_LIMIT_BYTES) mp.problem(new Error(`setData of ${(bytes / 1024).toFixed(1)} KB in ${where}`))
    return setData.call(this, data, callback)
  }
}
