/** The shop as this phone knows it: brand, what the server offers, and the person. */
import { get, getOpen, write } from './api'
import { onLogin, token } from './session'

export interface Brand {
  name: string
  slogan?: string | null
  color: string
  logo_url?: string | null
  hours?: string | null
  phone?: string | null
  address?: string | null
  privacy_contact?: string | null
}

export interface SubscriptionTemplate {
  key: string
  template_id: string
  title: string
}

export interface Capabilities {
  features: Record<string, boolean>
  subscription_templates?: SubscriptionTemplate[]
  poster_code_kind?: 'qr' | 'official_account' | 'mini_program'
  review_tags?: string[]
  undo_minutes?: number
  privacy_version?: string
}

export interface Me {
  id: string
  nickname: string | null
  avatar_url: string | null
  phone_masked: string | null
  tier: { name: string } | string | null
  points_available: number
  referral_code: string
  role: string
  birthday?: string | null
  preferences?: { name_form?: 'masked' | 'ms' | 'mr' }
  inbox_unread?: number
  referred_by?: { display_name: string } | null
  staff?: { role: string; store_id: string; store_name?: string } | null
}

export interface Shop {
  brand: Brand | null
  capabilities: Capabilities | null
  me: Me | null
}

const STORE = 'shop'

let shop: Shop | undefined
const hearers = new Set<(shop: Shop) => void>()

/** What is known now; from the last visit until the server has answered. */
export function currentShop(): Shop {
  shop ??= (wx.getStorageSync(STORE) || { brand: null, capabilities: null, me: null }) as Shop
  return shop
}

function learn(news: Partial<Shop>): void {
  shop = { ...currentShop(), ...news }
  wx.setStorageSync(STORE, shop)
  hearers.forEach((hear) => hear(shop as Shop))
}

/** Call `hear` whenever something about the shop or the person changes; answers the way to stop. */
export function onShop(hear: (shop: Shop) => void): () => void {
  hearers.add(hear)
  return () => { hearers.delete(hear) }
}

onLogin(({ brand, capabilities, me }) => {
  learn({ ...(brand ? { brand } : {}), ...(capabilities ? { capabilities } : {}), ...(me ? { me } : {}) })
})

/** Ask for the shop's brand and offers; called once a start, after the first screen has what it needs. */
export async function refreshShop(): Promise<void> {
  const [brand, capabilities] = await Promise.all([getOpen<Brand>('/brand'), getOpen<Capabilities>('/capabilities')])
  learn({ brand, capabilities })
}

/** Make sure that somebody is logged in and that the server's offers are known. */
export async function enter(referralCode?: string): Promise<Shop> {
  await token(referralCode)
  if (currentShop().capabilities === null || currentShop().brand === null) await refreshShop()
  return currentShop()
}

/** Whether the server offers `feature`. */
export function offers(feature: string): boolean {
  return currentShop().capabilities?.features[feature] === true
}

/** Read the person again. */
export async function refreshMe(): Promise<Me> {
  const me = await get<Me>('/me')
  learn({ me })
  return me
}

/** Change the person's own facts. */
export async function changeMe(change: { nickname?: string | null; birthday?: string | null; preferences?: Me['preferences'] }): Promise<Me> {
  const me = await write<Me>('/me', { data: change })
  learn({ me })
  return me
}

/** Remember facts about the person that another call told. */
export function noteMe(change: Partial<Me>): void {
  const { me } = currentShop()
  if (me) learn({ me: { ...me, ...change } })
}

/** Forget the person, after erasing. */
export function forgetMe(): void {
  learn({ me: null })
}
