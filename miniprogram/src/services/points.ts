/** The person's points. */
import type { Answer } from '../utils/page-list'
import { get, getPage } from './api'

export interface PointsBalance {
  available: number
  pending: number
  debt?: number
  expiring: { points: number; expires_at: string }[]
}

export interface PointsEntry {
  id: string
  at: string
  points: number
  state?: string
  title?: string
  source: string
  available_at?: string | null
  expires_at?: string | null
}

export const pointsBalance = (): Promise<PointsBalance> => get('/me/points')

export const listEntries = (cursor: string | null): Promise<Answer<PointsEntry>> => getPage('/me/points/entries', cursor)

/** The statement as the server writes it: kept byte for byte, so that it can be verified. */
export const statement = (): Promise<string> => get('/me/points/statement', { asText: true, timeout: 15000 })
