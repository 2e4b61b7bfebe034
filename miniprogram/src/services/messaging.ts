/** The inbox, and the consents to be told in WeChat. */
import type { Answer } from '../utils/page-list'
import { getPage, write } from './api'

export interface InboxMessage {
  id: string
  kind: string
  title: string
  body: string
  created_at: string
  read_at: string | null
  page: string | null
}

export const listInbox = (cursor: string | null): Promise<Answer<InboxMessage>> => getPage('/me/inbox', cursor)

export const markRead = (ids: string[]): Promise<{ unread: number }> => write('/me/inbox/read', { data: { ids } })

export const reportConsent = (results: Record<string, string>): Promise<{ remaining: Record<string, number> }> =>
  write('/me/subscriptions', { data: { template_results: results } })
