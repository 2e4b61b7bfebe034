import { type InboxMessage, listInbox, markRead } from '../../../services/messaging'
import { noteMe } from '../../../services/storefront'
import { inbox } from '../../../texts/inbox'
import { listData, pageList } from '../../../utils/page-list'
import { known, open, openPage, routes } from '../../../utils/routes'
import { screen, shopView, tapped } from '../../../utils/screen'
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
    shop: shopView(),
    ...listData,
    rows: [] as MessageRow[],
  },
  ...pageList({ ask: listInbox, rows: (items: InboxMessage[]) => ({ rows: items.map(messageOf) }) }),

  onLoad() {
    this.load()
  },
  async arrived(items: InboxMessage[]) {
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
  onEmpty() {
    open(routes.referrals)
  },
})
