/**
 * One block forward: conv 3x3 'same' + bias + ReLU + 2x2 max-pool in one kernel. A thread owns one pooled cell and
 * four output channels, so it has all four pixels in its registers; of equal maxima the first in row-major order
 * wins. For the gradient it leaves a code per value: which pixel won (0 to 3), or 4 where ReLU or dropout silences it.
 * The last block applies the training dropout to what it writes (core/law.ts's masks).
 */
import { dropoutThreshold } from '../../../core/law.ts'
import { THREADS, type KernelCode } from '../gpu.ts'
import { pooledSize, type BlockShape, type Shape } from '../shape.ts'
import {
  groupsOf,
  HEADER,
  Header,
  main,
  multiplyAdd,
  prelude,
  RECORD,
  repeat,
  rolled,
  THREEFRY,
  type Tiling
} from './common.ts'

export interface ForwardOptions {
  batch: number
  training: boolean
  /** rate of the dropout on the features; 0 for none */
  dropout: number
  tiling: Tiling
}

/** Workgroups along x and y for so many images of a replica. */
export const forwardGroups = ({ h, w, out }: BlockShape, images: number, tiling: Tiling) =>
  [
    Math.ceil((Math.ceil(images / tiling.images) * h * w) / THREADS),
    out / 4 / groupsOf(tiling, out / 4)
  ] as const

/** Which channels a thread owns stands in group.y: the weights' address is the same for the whole workgroup. */
export function forward(
  shape: Shape,
  l: number,
  { batch, training, dropout, tiling }: ForwardOptions
): KernelCode {
  const b = shape.blocks[l]
  const last = l === shape.blocks.length - 1
  const scalar = b.in === 1
  const { images } = tiling
  const groups = groupsOf(tiling, b.out / 4)
  const head = prelude(
    [
      ['x', scalar ? 'f32' : 'vec4f', 'r'],
      ['parameters', 'vec4f', 'r'],
      ['pooled', 'vec4f', 'w'],
      ...(training ? [['codes', 'u32', 'w'] as const] : [])
    ],
    {
      BATCH: batch,
      W: b.w,
      CELLS: b.h * b.w,
      IN: scalar ? 1 : b.in / 4,
      OUT: b.out / 4,
      ROW: b.width + 2,
      MAP: (b.height + 2) * (b.width + 2),
      PARAMETERS: shape.size / 4,
      WEIGHT: shape.slices[2 * l].offset / 4,
      BIAS: shape.slices[2 * l + 1].offset / 4,
      POOLED: pooledSize(shape, l) / b.out
    }
  )
  const lanes = scalar ? [''] : ['.x', '.y', '.z', '.w']
  const each = (line: (n: number) => string) => repeat(images, line)
  const both = (line: (n: number, g: number) => string) => each(n => repeat(groups, g => line(n, g)))
  const load = each(n => repeat(4, c => `      q${n}${c} = x[base${n} + ${c}u];`))
  const taps = repeat(3, kx =>
    lanes
      .map((lane, k) => {
        const weight = (g: number) =>
          `let w${g} = parameters[weight + ${(kx * b.in + k) * (b.out / 4) + g}u];`
        return `      { ${repeat(groups, weight, ' ')}
${both((n, g) => {
  const product = (sum: string, row: string, dx: number) =>
    multiplyAdd(tiling, `${sum}${n}${g}`, `vec4f(${row}${n}${kx + dx}${lane})`, `w${g}`)
  return `        ${product('a', 'p', 0)} ${product('b', 'p', 1)} ${product('c', 'q', 0)} ${product('d', 'q', 1)}`
})} }`
      })
      .join('\n')
  )
  const type = scalar ? 'f32' : 'vec4f'
  const dropped = last && training && dropout > 0
  const target = last ? 'cell' : `(i + 1u) * (W + 2u) + j + 1u`
  const finish = both((n, g) => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => `${name}${n}${g}`)
    return `
  if (first + ${n}u < count) {
    var best = max(max(max(${a}, ${b}), max(${c}, ${d})), vec4f());
    let to = (slot${n} * OUT + o + ${g}u);
${dropped ? `    let mask = maskOf(${HEADER}u + replica * (${RECORD}u + BATCH), first + ${n}u, cell, o + ${g}u);\n` : ''}${
      training
        ? `    var code = select(select(select(vec4u(3u), vec4u(2u), ${c} == best), vec4u(1u), ${b} == best), vec4u(0u), ${a} == best);
    code = select(vec4u(4u), code, ${dropped ? '(best > vec4f()) & (mask > vec4f())' : 'best > vec4f()'});
    codes[to * CELLS + cell] = code.x | (code.y << 8u) | (code.z << 16u) | (code.w << 24u);\n`
        : ''
    }${dropped ? '    best *= mask;\n' : ''}    pooled[to * POOLED + ${target}] = best;
  }`
  })
  const body = `
  let count = step[${Header.count}];
  let first = id / CELLS * ${images}u;
  if (first >= count) { return; }
  let cell = id % CELLS;
  let i = cell / W;
  let j = cell % W;
  let o = group.y * ${groups}u;
${each(n => `  let slot${n} = replica * BATCH + min(first + ${n}u, count - 1u);`)}
${both((n, g) => `  var a${n}${g} = parameters[replica * PARAMETERS + BIAS + o + ${g}u]; var b${n}${g} = a${n}${g}; var c${n}${g} = a${n}${g}; var d${n}${g} = a${n}${g};`)}
  // of the four rows under the four pixels two at a time: a third of the code, which some compilers take a quarter of the time for
${each(n => repeat(4, c => `  var p${n}${c}: ${type}; var q${n}${c}: ${type};`))}
  for (var block = 0u; block < ${rolled('IN')}; block++) {
    let corner = 2u * i * ROW + 2u * j;
${each(n => `    var base${n} = (slot${n} * IN + block) * MAP + corner;`)}
    var weight = replica * PARAMETERS + WEIGHT + block * ${lanes.length}u * OUT + o;
${load}
    for (var ky = 0u; ky < ${rolled('3u')}; ky++) {
${each(n => `      base${n} += ROW;`)}
${each(n => repeat(4, c => `      p${n}${c} = q${n}${c};`))}
${load}
${taps}
      weight += ${3 * b.in * (b.out / 4)}u;
    }
  }
${finish}`
  return {
    source: head + (dropped ? THREEFRY + maskOf(b.channels, dropout) : '') + main(body),
    bindings: training ? 'rrww' : 'rrw'
  }
}

/**
 * The law's training mask of four stored features: feature cell * channels + c belongs to the generator's block
 * feature >> 2, whose two words have four halves.
 */
function maskOf(channels: number, rate: number): string {
  const value = 'vec4f(draws) >= vec4f(THRESHOLD)'
  const constants = `
const THRESHOLD = ${dropoutThreshold(rate)}.0;
const KEEP = f32(${1 / (1 - rate)});
`
  const words = 'vec4u(words.x & 0xffffu, words.x >> 16u, words.y & 0xffffu, words.y >> 16u)'
  const draws =
    channels % 4 === 0
      ? `  let words = threefry(key, vec2u(first >> 2u, image));
  let draws = ${words};`
      : `  var draws: vec4u;
  for (var k = 0u; k < 4u; k++) {
    let feature = first + k;
    let words = threefry(key, vec2u(feature >> 2u, image));
    let four = ${words};
    draws[k] = four[feature & 3u];
  }`
  return `${constants}
fn maskOf(record: u32, slot: u32, cell: u32, block: u32) -> vec4f {
  let key = vec2u(step[record], step[record + 1u]);
  let image = step[record + ${RECORD}u + slot];
  let first = cell * ${channels}u + 4u * block;
${draws}
  return select(vec4f(), vec4f(KEEP), ${value});
}
`
}
