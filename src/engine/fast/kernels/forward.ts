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
  [Math.ceil((images * h * w) / THREADS), out / 4 / groupsOf(tiling, out / 4)] as const

/** Which channels a thread owns stands in group.y: the weights' address is the same for the whole workgroup. */
export function forward(
  shape: Shape,
  l: number,
  { batch, training, dropout, tiling }: ForwardOptions
): KernelCode {
  const b = shape.blocks[l]
  const last = l === shape.blocks.length - 1
  const scalar = b.in === 1
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
  const each = (line: (g: number) => string) => repeat(groups, line)
  const load = repeat(4, c => `      q${c} = x[base + ${c}u];`)
  const taps = repeat(3, kx =>
    lanes
      .map((lane, k) => {
        const weight = (g: number) =>
          `let w${g} = parameters[weight + ${(kx * b.in + k) * (b.out / 4) + g}u];`
        const product = (sum: string, pixel: string) => (g: number) =>
          multiplyAdd(tiling, `${sum}${g}`, `vec4f(${pixel}${lane})`, `w${g}`)
        return `      { ${each(weight)}
${each(product('a', `p${kx}`))}
${each(product('b', `p${kx + 1}`))}
${each(product('c', `q${kx}`))}
${each(product('d', `q${kx + 1}`))} }`
      })
      .join('\n')
  )
  const type = scalar ? 'f32' : 'vec4f'
  const dropped = last && training && dropout > 0
  const target = last ? 'cell' : `(i + 1u) * (W + 2u) + j + 1u`
  const finish = each(
    g => `  {
    var best = max(max(max(a${g}, b${g}), max(c${g}, d${g})), vec4f());
    let to = slot * OUT + o + ${g}u;
${dropped ? `    let mask = maskOf(${HEADER}u + replica * (${RECORD}u + BATCH), image, cell, o + ${g}u);\n` : ''}${
      training
        ? `    var code = select(select(select(vec4u(3u), vec4u(2u), c${g} == best), vec4u(1u), b${g} == best), vec4u(0u), a${g} == best);
    code = select(vec4u(4u), code, ${dropped ? '(best > vec4f()) & (mask > vec4f())' : 'best > vec4f()'});
    codes[to * CELLS + cell] = code.x | (code.y << 8u) | (code.z << 16u) | (code.w << 24u);\n`
        : ''
    }${dropped ? '    best *= mask;\n' : ''}    pooled[to * POOLED + ${target}] = best;
  }`
  )
  const body = `
  let image = id / CELLS;
  if (image >= step[${Header.count}]) { return; }
  let cell = id % CELLS;
  let i = cell / W;
  let j = cell % W;
  let o = group.y * ${groups}u;
  let slot = replica * BATCH + image;
${each(g => `  var a${g} = parameters[replica * PARAMETERS + BIAS + o + ${g}u]; var b${g} = a${g}; var c${g} = a${g}; var d${g} = a${g};`)}
  // of the four rows under the four pixels two at a time: a third of the code, which some compilers take a quarter of the time for
${repeat(4, c => `  var p${c}: ${type}; var q${c}: ${type};`)}
  for (var block = 0u; block < ${rolled('IN')}; block++) {
    var base = (slot * IN + block) * MAP + 2u * i * ROW + 2u * j;
    var weight = replica * PARAMETERS + WEIGHT + block * ${lanes.length}u * OUT + o;
${load}
    for (var ky = 0u; ky < ${rolled('3u')}; ky++) {
      base += ROW;
${repeat(4, c => `      p${c} = q${c};`)}
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
