/**
 * The inner loops of SHA-256 (FIPS 180-4) and CRC-32 in WebAssembly, several times as fast as JavaScript: what an import
 * of 200 MB spends its time on. The platform's own digest is faster still but wants all bytes at once, and a data set is
 * not to be held twice. The code is put together here, by hand, with the 64 rounds written out.
 */
type Code = readonly number[]

const I32 = 0x7f
const [AND, OR, XOR, ADD, SHL, SHR_U, ROTL, ROTR, LESS_U] = [
  0x71, 0x72, 0x73, 0x6a, 0x74, 0x76, 0x77, 0x78, 0x49
]

function unsigned(value: number): number[] {
  const out: number[] = []
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128)
  return [...out, value]
}
function signed(value: number): number[] {
  const out: number[] = []
  for (; value < -64 || value > 63; value >>= 7) out.push((value & 127) | 128)
  return [...out, value & 127]
}

const i32 = (value: number): Code => [0x41, ...signed(value | 0)]
const get = (local: number): Code => [0x20, local]
const set = (local: number, value: Code): Code => [...value, 0x21, local]
const load = (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsigned(offset)]
const store = (address: Code, value: Code, offset: number): Code => [
  ...address,
  ...value,
  0x36,
  0,
  ...unsigned(offset)
]
const two =
  (op: number) =>
  (a: Code, b: Code): Code => [...a, ...b, op]
const [and, or, xor, add] = [AND, OR, XOR, ADD].map(two)
const turned =
  (op: number) =>
  (a: Code, by: number): Code => [...a, ...i32(by), op]
const [shl, shrU, rotl, rotr] = [SHL, SHR_U, ROTL, ROTR].map(turned)
/** do ... while at < end */
const repeated = (body: Code, at: number, end: number): Code => [
  ...[0x03, 0x40],
  ...body,
  ...two(LESS_U)(get(at), get(end)),
  ...[0x0d, 0, 0x0b]
]

/** floor(root * 2^32) mod 2^32 of a number's second or third root, exactly. */
function fraction(of: number, degree: 2 | 3): number {
  const wanted = BigInt(of) << BigInt(32 * degree)
  let [low, high] = [0n, 1n << 40n]
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** BigInt(degree) <= wanted) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}
const primes = Array.from({ length: 310 }, (_, i) => i + 2)
  .filter(n => Array.from({ length: n - 2 }, (_, i) => i + 2).every(d => n % d))
  .slice(0, 64)
const rounds = primes.map(p => fraction(p, 3))
/** What SHA-256 starts from. */
export const firstState = Uint32Array.from(primes.slice(0, 8), p => fraction(p, 2))

/** Where things lie in the module's memory, in bytes. */
export const places = {
  /** eight words of SHA-256 */
  state: 0,
  /** eight tables of 256 words for CRC-32 */
  tables: 1024,
  /** what is to be taken in */
  input: 16384,
  inputBytes: 65536
} as const
const PAGES = 2

/** (at, end): takes in the blocks of 64 bytes from at to end, one at least. */
function shaBody(): Code {
  const [AT, END] = [0, 1]
  // locals: 8 of state, 16 of message, 1 for a xor b of the last round
  const v = (i: number) => 2 + (((i % 8) + 8) % 8)
  const w = (i: number) => 10 + (i & 15)
  const LAST = 26
  const word = (i: number): Code => {
    const raw = load(get(AT), 4 * i)
    const turn = get(w(i))
    return [
      ...set(w(i), raw),
      ...set(w(i), or(and(rotr(turn, 8), i32(0xff00ff00)), and(rotl(turn, 8), i32(0x00ff00ff))))
    ]
  }
  const next = (i: number): Code => {
    const [far, near] = [get(w(i + 1)), get(w(i + 14))]
    const s0 = xor(xor(rotr(far, 7), rotr(far, 18)), shrU(far, 3))
    const s1 = xor(xor(rotr(near, 17), rotr(near, 19)), shrU(near, 10))
    return set(w(i), add(add(get(w(i)), s0), add(get(w(i + 9)), s1)))
  }
  const round = (i: number): Code => {
    const [a, b, d, e, f, g, h] = [0, 1, 3, 4, 5, 6, 7].map(j => v(j - i))
    const s1 = xor(xor(rotr(get(e), 6), rotr(get(e), 11)), rotr(get(e), 25))
    const choice = xor(get(g), and(get(e), xor(get(f), get(g))))
    const s0 = xor(xor(rotr(get(a), 2), rotr(get(a), 13)), rotr(get(a), 22))
    return [
      ...(i < 16 ? word(i) : next(i)),
      ...set(h, add(add(get(h), s1), add(choice, add(i32(rounds[i]), get(w(i)))))),
      ...set(d, add(get(d), get(h))),
      // majority of a, b, c = b xor ((a xor b) and (b xor c)); the last is that of the round before
      ...set(h, add(get(h), xor(get(b), and(get(LAST), xor(get(a), get(b)))))),
      ...set(LAST, xor(get(a), get(b))),
      ...set(h, add(get(h), s0))
    ]
  }
  const eight = [0, 1, 2, 3, 4, 5, 6, 7]
  const at = i32(places.state)
  return repeated(
    [
      ...eight.flatMap(j => set(v(j), load(at, 4 * j))),
      ...set(LAST, xor(get(v(1)), get(v(2)))),
      ...Array.from({ length: 64 }, (_, i) => round(i)).flat(),
      ...eight.flatMap(j => store(at, add(load(at, 4 * j), get(v(j))), 4 * j)),
      ...set(AT, add(get(AT), i32(64)))
    ],
    AT,
    END
  )
}

/** (at, end, sum): the sum after eight bytes at a time, one lot at least. */
function crcBody(): Code {
  const [AT, END, SUM, HIGH] = [0, 1, 2, 3]
  // the byte'th byte of a word, times four
  const byte = (word: number, byte: number): Code =>
    and(byte ? shrU(get(word), 8 * byte - 2) : shl(get(word), 2), i32(0x3fc))
  const look = (word: number, i: number): Code =>
    load(byte(word, i), places.tables + 1024 * ((word === SUM ? 7 : 3) - i))
  const four = (word: number) => [0, 1, 2, 3].map(i => look(word, i)).reduce((a, b) => xor(a, b))
  return [
    ...repeated(
      [
        ...set(SUM, xor(get(SUM), load(get(AT)))),
        ...set(HIGH, load(get(AT), 4)),
        ...set(SUM, xor(four(SUM), four(HIGH))),
        ...set(AT, add(get(AT), i32(8)))
      ],
      AT,
      END
    ),
    ...get(SUM)
  ]
}

function assemble(): Uint8Array<ArrayBuffer> {
  const vector = (items: Code[]): Code => [...unsigned(items.length), ...items.flat()]
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
  const name = (text: string): Code => vector([...text].map(letter => [letter.charCodeAt(0)]))
  const body = (locals: number, code: Code): Code => {
    const whole = [...vector([[...unsigned(locals), I32]]), ...code, 0x0b]
    return [...unsigned(whole.length), ...whole]
  }
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector([
        [0x60, 2, I32, I32, 0],
        [0x60, 3, I32, I32, I32, 1, I32]
      ])
    ),
    ...section(3, vector([[0], [1]])),
    ...section(5, [1, 0, PAGES]),
    ...section(
      7,
      vector([
        [...name('memory'), 2, 0],
        [...name('sha'), 0, 0],
        [...name('crc'), 0, 1]
      ])
    ),
    ...section(10, vector([body(25, shaBody()), body(1, crcBody())]))
  ])
}

export interface Loops {
  memory: Uint8Array
  /** takes in blocks that lie at `input`; the state goes on */
  sha(at: number, end: number): void
  /** the sum of eight bytes at a time */
  crc(at: number, end: number, sum: number): number
}

let made: { loops?: Loops } | undefined

/** Sums of one byte with 0 .. 7 zero bytes after it, for CRC-32 [8][256]. */
export const tables = Array.from({ length: 8 }, () => new Uint32Array(256))
for (let i = 0; i < 256; i++) {
  let c = i
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  tables[0][i] = c
}
for (let t = 1; t < 8; t++)
  for (let i = 0; i < 256; i++) {
    const c = tables[t - 1][i]
    tables[t][i] = tables[0][c & 255] ^ (c >>> 8)
  }

/** Made at the first call; undefined where a page may not compile. */
export function loops(): Loops | undefined {
  if (!made) {
    made = {}
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()))
      const { sha, crc } = exports as unknown as Loops
      const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer)
      const words = new Uint32Array(memory.buffer, places.tables)
      tables.forEach((table, t) => words.set(table, 256 * t))
      made = { loops: { memory, sha, crc } }
    } catch {
      // without it everything works, only slower
    }
  }
  return made.loops
}
