/** QR symbols (ISO/IEC 18004), byte mode, error correction M, versions 1 to 10: enough for 213 ASCII characters. */

/** Codewords of correction per block, and the sizes of the data blocks, by version. */
const BLOCKS: [number, number[]][] = [
  [10, [16]], [16, [28]], [26, [44]], [18, [32, 32]], [24, [43, 43]], [16, [27, 27, 27, 27]], [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]], [22, [36, 36, 36, 37, 37]], [26, [43, 43, 43, 43, 44]],
]
const ALIGNMENT: number[][] = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
]

export type Matrix = boolean[][]

function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

function divisor(degree: number): number[] {
  const out: number[] = [...new Array<number>(degree - 1).fill(0), 1]
  let root = 1
  for (let i = 0; i < degree; i += 1) {
    for (let j = 0; j < degree; j += 1) out[j] = multiply(out[j]!, root) ^ (j + 1 < degree ? out[j + 1]! : 0)
    root = multiply(root, 2)
  }
  return out
}

function remainder(data: number[], by: number[]): number[] {
  const out: number[] = by.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ out.shift()!
    out.push(0)
    by.forEach((coefficient, i) => { out[i] = out[i]! ^ multiply(coefficient, factor) })
  }
  return out
}

function codewords(bytes: number[], version: number): number[] {
  const [correction, sizes] = BLOCKS[version - 1]!
  const capacity = sizes.reduce((sum, size) => sum + size, 0)
  const bits: number[] = []
  const push = (value: number, length: number): void => { for (let i = length - 1; i >= 0; i -= 1) bits.push((value >>> i) & 1) }
  push(4, 4)
  push(bytes.length, version < 10 ? 8 : 16)
  bytes.forEach((byte) => push(byte, 8))
  push(0, Math.min(4, capacity * 8 - bits.length))
  while (bits.length % 8 > 0) bits.push(0)
  const data: number[] = []
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(''), 2))
  for (let pad = 0xec; data.length < capacity; pad ^= 0xec ^ 0x11) data.push(pad)
  return interleaved(data, sizes, divisor(correction))
}

function interleaved(data: number[], sizes: number[], by: number[]): number[] {
  let at = 0
  const blocks = sizes.map((size) => data.slice(at, (at += size)))
  const corrections = blocks.map((block) => remainder(block, by))
  const out: number[] = []
  for (let i = 0; i < Math.max(...sizes); i += 1) blocks.forEach((block) => { if (i < block.length) out.push(block[i]!) })
  for (let i = 0; i < by.length; i += 1) corrections.forEach((block) => out.push(block[i]!))
  return out
}

interface Grid {
  dark: Matrix
  fixed: Matrix
}

function setter(grid: Grid): (x: number, y: number, dark: boolean) => void {
  return (x, y, dark) => {
    if (y < 0 || x < 0 || y >= grid.dark.length || x >= grid.dark.length) return
    grid.dark[y]![x] = dark
    grid.fixed[y]![x] = true
  }
}

function drawPatterns(grid: Grid, version: number): void {
  const set = setter(grid)
  const size = grid.dark.length
  for (let i = 0; i < size; i += 1) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0) }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy += 1) for (let dx = -4; dx <= 4; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy))
      set(cx + dx, cy + dy, ring !== 2 && ring !== 4)
    }
  }
  const at = ALIGNMENT[version - 1]!
  const last = at.length - 1
  at.forEach((cy, i) => at.forEach((cx, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return
    for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1)
  }))
  drawFormat(grid, 0)
  if (version >= 7) drawVersion(grid, version)
}

function drawFormat(grid: Grid, mask: number): void {
  const set = setter(grid)
  const size = grid.dark.length
  let rest = mask // level M is 00
  for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  const bit = (i: number): boolean => ((bits >>> i) & 1) === 1
  for (let i = 0; i <= 5; i += 1) set(8, i, bit(i))
  set(8, 7, bit(6)); set(8, 8, bit(7)); set(7, 8, bit(8))
  for (let i = 9; i < 15; i += 1) set(14 - i, 8, bit(i))
  for (let i = 0; i < 8; i += 1) set(size - 1 - i, 8, bit(i))
  for (let i = 8; i < 15; i += 1) set(8, size - 15 + i, bit(i))
  set(8, size - 8, true)
}

function drawVersion(grid: Grid, version: number): void {
  const set = setter(grid)
  let rest = version
  for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let i = 0; i < 18; i += 1) {
    const dark = ((bits >>> i) & 1) === 1
    const a = grid.dark.length - 11 + (i % 3)
    const b = Math.floor(i / 3)
    set(a, b, dark)
    set(b, a, dark)
  }
}

function drawData(grid: Grid, words: number[]): void {
  const size = grid.dark.length
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) for (const x of [right, right - 1]) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
      if (grid.fixed[y]![x] || i >= words.length * 8) continue
      grid.dark[y]![x] = ((words[i >>> 3]! >>> (7 - (i & 7))) & 1) === 1
      i += 1
    }
  }
}

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function masked(grid: Grid, mask: number): Matrix {
  const out: Grid = { dark: grid.dark.map((row) => [...row]), fixed: grid.fixed }
  out.dark.forEach((row, y) => row.forEach((dark, x) => { if (!grid.fixed[y]![x]) row[x] = dark !== MASKS[mask]!(x, y) }))
  drawFormat(out, mask)
  return out.dark
}

function penalty(dark: Matrix): number {
  const size = dark.length
  const lines = [...dark.map((row) => row.map(Number).join('')), ...dark.map((_, x) => dark.map((row) => Number(row[x])).join(''))]
  let sum = 0
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2
    for (let i = 0; i + 11 <= size; i += 1) if (/^(10111010000|00001011101)$/.test(line.slice(i, i + 11))) sum += 40
  }
  for (let y = 1; y < size; y += 1) for (let x = 1; x < size; x += 1) {
    const c = dark[y]![x]
    if (c === dark[y - 1]![x] && c === dark[y]![x - 1] && c === dark[y - 1]![x - 1]) sum += 3
  }
  const share = dark.reduce((n, row) => n + row.filter(Boolean).length, 0) / (size * size)
  return sum + Math.floor(Math.abs(share * 100 - 50) / 5) * 10
}

/**
 * Answer the symbol of `text` as rows of dark modules, without quiet zone.
 * Throws RangeError for text beyond version 10 or outside ASCII. `mask` fixes the mask pattern, for tests.
 */
export function encodeQr(text: string, mask?: number): Matrix {
  const bytes = Array.from(text, (c) => c.charCodeAt(0))
  if (bytes.some((byte) => byte > 127)) throw new RangeError('only ASCII')
  const version = BLOCKS.findIndex(([, sizes], i) => sizes.reduce((s, n) => s + n, 0) * 8 >= 4 + (i < 9 ? 8 : 16) + bytes.length * 8) + 1
  if (version === 0) throw new RangeError('text too long')
  const size = 17 + 4 * version
  const blank = (): Matrix => Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const grid: Grid = { dark: blank(), fixed: blank() }
  drawPatterns(grid, version)
  drawData(grid, codewords(bytes, version))
  if (mask !== undefined) return masked(grid, mask)
  const all = MASKS.map((_, i) => masked(grid, i))
  const scores = all.map(penalty)
  return all[scores.indexOf(Math.min(...scores))]!
}
