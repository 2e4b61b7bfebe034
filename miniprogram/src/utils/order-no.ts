/** Numbers for visits that have no receipt. */

/** `M` + time + four figures: unique enough for one shop, and readable at the till. `chance` is 0 up to 1. */
export function autoOrderNo(nowMs: number, chance: number): string {
  return `M${nowMs}${String(Math.floor(chance * 10000)).padStart(4, '0')}`
}
