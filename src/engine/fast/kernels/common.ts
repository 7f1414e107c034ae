/**
 * What all kernels share: the step they belong to and the generator. The schedule (schedule.ts) gives every step
 * a header and one record per replica; a kernel's workgroups have the replica as their z coordinate, which is
 * the only place where the number of replicas shows: it enters no source, tile or split, so a replica's bits are the
 * same in any company. All sums run in the order in which they are written.
 */
import { THREADS } from '../gpu.ts'

/** Words of a step's header, and their places in it. */
export const HEADER = 16
export const Header = {
  /** images of this batch or chunk */
  count: 0,
  /** where the batch's loss goes, and how many such places a replica has */
  slot: 1,
  slots: 2,
  /** Adam: rate / (1 - beta1^t) and 1 / (1 - beta2^t), as float bits */
  rate: 3,
  correction: 4,
  /** first row of the output that the chunk fills */
  row: 5,
  /** the chunk's variation: dy, dx as signed numbers, mirror 0 or 1 */
  dy: 6,
  dx: 7,
  mirror: 8,
  /** which of several views, and of how many */
  view: 9,
  views: 10,
  /** where the weights of the classes begin, [replica, class] as float bits */
  classWeights: 11,
  /** always 0 */
  zero: 15
} as const

/** Words of a replica's record before its image ids: key of the dropout masks, key of the augmentation. */
export const RECORD = 4

/** Declares group 1 and the constants, and opens nothing: what a kernel's source begins with. */
export function prelude(
  buffers: readonly (readonly [name: string, element: string, kind: 'r' | 'w'])[],
  constants: Record<string, number>
): string {
  const declared = buffers.map(
    ([name, element, kind], i) =>
      `@group(1) @binding(${i}) var<storage, ${kind === 'r' ? 'read' : 'read_write'}> ${name}: array<${element}>;`
  )
  const values = Object.entries(constants).map(([name, value]) => {
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} is ${value}`)
    return `const ${name} = ${value}u;`
  })
  return ['@group(0) @binding(0) var<storage, read> step: array<u32>;', ...declared, ...values, ''].join('\n')
}

/**
 * A loop's bound that compilers do not see through: software adapters unroll short loops with known bounds into
 * code that takes them seconds to compile.
 */
export const rolled = (bound: string): string => `${bound} + step[${Header.zero}]`

/**
 * How much one thread does at once, and how. It changes no sum's order. (Measured on an H200 and left out, as they gained
 * nothing: several images a thread, several cells of the weight gradient loaded at once.)
 */
export interface Tiling {
  /** fours of channels that share a thread's pixels in the convolutions' kernels, where there are as many */
  groups: number
  /** rounds of the dense layers' loops whose values are loaded at once */
  ahead: number
  /** multiply-adds are asked for as such (the sum is rounded once), not left to the compiler */
  fused: boolean
}

/** For software adapters, which gain nothing from threads that do more, and compile them for longer. */
export const SINGLE: Tiling = { groups: 1, ahead: 1, fused: false }
/** For hardware. */
export const SHARED: Tiling = { groups: 2, ahead: 8, fused: true }

/** acc += x * y, of values of one type. */
export const multiplyAdd = ({ fused }: Tiling, acc: string, x: string, y: string): string =>
  fused ? `${acc} = fma(${x}, ${y}, ${acc});` : `${acc} += ${x} * ${y};`

/**
 * A loop from `start` to below `end` in which the values of several rounds are loaded before the first is used, so that
 * none waits for the one before. `load` and `use` are told the round's number as an expression, and a suffix for names.
 */
export function loadAhead(
  { ahead }: Tiling,
  counter: string,
  start: string,
  end: string,
  load: (at: string, suffix: string) => string,
  use: (at: string, suffix: string) => string
): string {
  const rounds = (n: number, line: (at: string, suffix: string) => string) =>
    repeat(n, k => line(k ? `(${counter} + ${k}u)` : counter, `_${k}`))
  const body = (n: number) => `${rounds(n, load)}\n${rounds(n, use)}`
  const several = `for (; ${counter} + ${ahead}u <= ${counter}End; ${counter} += ${ahead}u) {\n${body(ahead)}\n  }`
  return `
  var ${counter} = ${start};
  let ${counter}End = ${rolled(end)};
  ${ahead > 1 ? several : ''}
  for (; ${counter} < ${counter}End; ${counter}++) {
${body(1)}
  }`
}

/** Fours of channels a thread: as many as the tiling says and the channels can be divided into. */
export const groupsOf = ({ groups }: Tiling, fours: number): number => {
  let own = groups
  while (fours % own) own--
  return own
}

/** The entry point; `id` is the thread's number along x, `replica` the cohort's. */
export const main = (body: string, setup = ''): string => `
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let id = group.x * ${THREADS}u + lane;
  let replica = group.z;
${setup}${body}
}
`

/** core/random.ts's Threefry-2x32-20, bit for bit. */
export const THREEFRY = `
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let k2 = 0x1bd11bdau ^ key.x ^ key.y;
  var x = counter + key;
${[0, 1, 2, 3, 4]
  .map(block => {
    const rotations = block % 2 ? [17, 29, 16, 24] : [13, 15, 26, 6]
    const keys = ['key.x', 'key.y', 'k2']
    const rounds = rotations.map(r => `  x.x += x.y; x.y = ((x.y << ${r}u) | (x.y >> ${32 - r}u)) ^ x.x;`)
    return [
      ...rounds,
      `  x.x += ${keys[(block + 1) % 3]}; x.y += ${keys[(block + 2) % 3]} + ${block + 1}u;`
    ].join('\n')
  })
  .join('\n')}
  return x;
}
`

export const repeat = (n: number, line: (i: number) => string, between = '\n'): string =>
  Array.from({ length: n }, (_, i) => line(i)).join(between)
