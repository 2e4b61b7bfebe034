import { sentence } from '../../../services/http'
import { type InboxMessage, listInbox, markRead } from '../../../services/messaging'
import { enter, noteMe } from '../../../services/storefront'
import { common } from '../../../texts/common'
import { inbox } from '../../../texts/inbox'
import { appendPatch, type MoreState } from '../../../utils/page-list'
import { known, open, openPage, routes } from '../../../utils/routes'
import { screen, shopView, type State, tapped } from '../../../utils/screen'
import { formatTime } from '../../../utils/time'

interface MessageRow {
  id: string
  title: string
  body: string
  at: string
  unread: boolean
  page: string
}

function messageOf({ id, title, body, created_at: at, read_at: readAt, page }: InboxMessage): MessageRow {
  return { id, title, body, at: formatTime(at), unread: readAt === null, page: page !== null && known(page) ? page : '' }
}

screen({
  data: {
    t: inbox,
    common,
    shop: shopView(),
    state: 'loading' as State,
    failure: '',
    rows: [] as MessageRow[],
    more: 'idle' as MoreState,
  },
  cursor: null as string | null,

  onLoad() {
    this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },
  onReachBottom() {
    this.loadMore()
  },
  async load() {
    try {
      const [first] = await Promise.all([listInbox(null), enter()])
      this.cursor = first.next_cursor
      this.setData({ state: first.items.length > 0 ? 'ready' : 'empty', rows: first.items.map(messageOf), more: first.next_cursor === null ? 'idle' : 'loading' })
      this.noteRead(first.items)
    } catch (error) {
      if (this.data.state !== 'ready') this.setData({ state: 'failed', failure: sentence(error) })
    }
  },
  async loadMore() {
    if (this.cursor === null) return
    const cursor = this.cursor
    this.cursor = null
    this.setData({ more: 'loading' })
    try {
      const next = await listInbox(cursor)
      this.cursor = next.next_cursor
      this.setData({ ...appendPatch('rows', this.data.rows.length, next.items.map(messageOf)), more: next.next_cursor === null ? 'end' : 'loading' })
      this.noteRead(next.items)
    } catch {
      this.cursor = cursor
      this.setData({ more: 'failed' })
    }
  },
  async noteRead(items: InboxMessage[]) {
    const ids = items.filter(({ read_at: readAt }) => readAt === null).map(({ id }) => id)
    if (ids.length === 0) return
    try {
      const { unread } = await markRead(ids)
      noteMe({ inbox_unread: unread })
    } catch {
      // They stay unread and are marked at the next opening.
    }
  },
  onOpen(event: WechatMiniprogram.TouchEvent) {
    const page = tapped(event, 'page')
    if (page !== '') openPage(page)
  },
  onAction() {
    if (this.data.state === 'failed') this.setData({ state: 'loading' }, () => this.load())
    else open(routes.referrals)
  },
})
