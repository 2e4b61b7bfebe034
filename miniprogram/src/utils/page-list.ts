/** Lists that load page by page: only the new rows travel to the screen. */

export interface Answer<T> {
  items: T[]
  next_cursor: string | null
}

export type MoreState = 'idle' | 'loading' | 'failed' | 'end'

/** The setData patch that appends `rows` after `count` earlier ones under `path`; ids stay the keys. */
export function appendPatch<T>(path: string, count: number, rows: T[]): Record<string, T> {
  return Object.fromEntries(rows.map((row, i) => [`${path}[${count + i}]`, row]))
}
