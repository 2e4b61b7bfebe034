/** Lists that come page by page: asked for at the top, again at the end of the screen, and only the new rows travel to the drawing. */
import { sentence } from '../services/http'
import { enter } from '../services/storefront'
import type { State } from './screen'

export interface Answer<T> {
  items: T[]
  next_cursor: string | null
}

export type MoreState = 'idle' | 'loading' | 'failed' | 'end'

interface PageList<Item> {
  /** Ask for the page behind a cursor; null is the first. */
  ask(cursor: string | null): Promise<Answer<Item>>
  /** The rows of some items, by the name of the list in `data` where they stand. */
  rows(items: Item[]): Record<string, unknown[]>
  /** What else the screen asks for along with the first page, as data of the screen. */
  beside?(): Promise<Record<string, unknown>>
}

/** The part of a screen that a list works on. */
interface ListScreen<Item> {
  data: { state: State }
  setData(patch: Record<string, unknown>): void
  cursor: string | null
  round: number
  /** Told of every page when it is drawn. */
  arrived?(items: Item[]): void
}

/** The data of a screen with a list, besides the rows. */
export const listData = { state: 'loading' as State, failure: '', more: 'idle' as MoreState }

/** The setData patch that appends `rows` after `count` earlier ones under `path`; ids stay the keys. */
export function appendPatch<T>(path: string, count: number, rows: T[]): Record<string, T> {
  return Object.fromEntries(rows.map((row, i) => [`${path}[${count + i}]`, row]))
}

/** The methods of a screen with a list: `load` for its first page, `loadMore` for the next. */
export function pageList<Item>({ ask, rows, beside }: PageList<Item>) {
  return {
    /** Where the next page begins; null at the end, and while one is on its way. */
    cursor: null as string | null,
    /** Counts first pages: a next page that was asked for before the newest one is no longer wanted. */
    round: 0,

    async load(this: ListScreen<Item>): Promise<void> {
      try {
        const [first, others] = await Promise.all([ask(null), beside?.(), enter()])
        this.round += 1
        this.cursor = first.next_cursor
        const state: State = first.items.length > 0 ? 'ready' : 'empty'
        this.setData({ ...others, ...rows(first.items), state, more: first.next_cursor === null ? 'idle' : 'loading' })
        this.arrived?.(first.items)
      } catch (error) {
        // A list that is already shown stays: old news is better than none.
        if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
      }
    },

    async loadMore(this: ListScreen<Item>): Promise<void> {
      const { cursor, round } = this
      if (cursor === null) return
      this.cursor = null
      this.setData({ more: 'loading' })
      try {
        const next = await ask(cursor)
        if (round !== this.round) return
        this.cursor = next.next_cursor
        const shown = this.data as unknown as Record<string, unknown[]>
        const patches = Object.entries(rows(next.items)).map(([name, added]) => appendPatch(name, shown[name]!.length, added))
        this.setData(Object.assign({ more: next.next_cursor === null ? 'end' : 'loading' }, ...patches))
        this.arrived?.(next.items)
      } catch {
        if (round !== this.round) return
        this.cursor = cursor
        this.setData({ more: 'failed' })
      }
    },

    onReachBottom(this: { loadMore(): Promise<void> }) {
      this.loadMore()
    },
  }
}
