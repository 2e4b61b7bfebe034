/** The counter this phone stands at, and what its camera sees there. */
import { staff } from '../texts/staff'
import { readScan } from '../utils/scene'
import { listStores, type Store } from './stores'
import { currentShop, enter } from './storefront'

const STORE = 'counter'

export interface Counter {
  id: string
  name: string
}

/** Remember the store of this phone. */
export function keepCounter(counter: Counter): void {
  wx.setStorageSync(STORE, counter)
}

/** The store to work for: the one of the clerk, the one chosen before, or the only one; null when it must be chosen. */
export async function counter(): Promise<Counter | null> {
  const { me } = await enter()
  if (me?.staff) return { id: me.staff.store_id, name: me.staff.store_name ?? '' }
  const kept = (wx.getStorageSync(STORE) || null) as Counter | null
  if (kept) return kept
  const stores = await listStores()
  return stores.length === 1 ? named(stores[0] as Store) : null
}

function named({ id, name }: Store): Counter {
  return { id, name }
}

/** Let the clerk choose a store; null when they did not. */
export async function chooseCounter(): Promise<Counter | null> {
  const stores = (await listStores()).slice(0, 6)
  try {
    const { tapIndex } = await wx.showActionSheet({ alertText: staff.pickStore, itemList: stores.map(({ name }) => name) })
    const chosen = named(stores[tapIndex] as Store)
    keepCounter(chosen)
    return chosen
  } catch {
    return null
  }
}

export type Seen = { kind: 'coupon' | 'customer' | 'unknown'; token: string } | { kind: 'wrong'; title: string; body: string } | { kind: 'closed' }

/** Open the camera and say what it saw. */
export async function look(): Promise<Seen> {
  try {
    const { result } = await wx.scanCode({ onlyFromCamera: false, scanType: ['qrCode', 'barCode'] })
    const seen = readScan(result)
    if (seen.kind === 'coupon' || seen.kind === 'customer' || seen.kind === 'unknown') return seen
    return { kind: 'wrong', ...staff.scanWrong[seen.kind] }
  } catch (raw) {
    if (/cancel/i.test((raw as { errMsg?: string }).errMsg ?? '')) return { kind: 'closed' }
    return { kind: 'wrong', ...staff.scanWrong.blank }
  }
}

/** Whether the person works here, as far as this phone knows. */
export function isStaff(): boolean {
  const { me } = currentShop()
  return Boolean(me?.staff) || (me !== null && me.role !== 'customer')
}
