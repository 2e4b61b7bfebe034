/** The shop's stores. */
import type { Answer } from '../utils/page-list'
import { get } from './api'

export interface Store {
  id: string
  name: string
  address?: string | null
  phone?: string | null
  hours?: string | null
}

export async function listStores(): Promise<Store[]> {
  const { items } = await get<Answer<Store>>('/stores')
  return items
}
