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

export const repeat = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n')
