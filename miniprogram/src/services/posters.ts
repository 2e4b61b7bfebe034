/** Posters and share cards. */
import type { Answer } from '../utils/page-list'
import { get, write } from './api'
import { currentShop } from './storefront'

export interface PosterTemplate {
  name: string
  title: string
  preview_url: string | null
  sizes: { width: number; height: number }[]
}

export interface Poster {
  id: string
  image_url: string
  width: number
  height: number
  payload: string
}

export async function listTemplates(): Promise<PosterTemplate[]> {
  const { items } = await get<Answer<PosterTemplate>>('/posters/templates')
  return items
}

/** Have the poster of the person drawn. A share card carries no code, so no kind is asked for. */
export function makePoster(campaignId: string, template: string, withCode = true): Promise<Poster> {
  const kind = currentShop().capabilities?.poster_code_kind
  return write('/posters', {
    data: { campaign_id: campaignId, template, ...(withCode && kind ? { code_kind: kind } : {}) },
    timeout: 15000,
  })
}
