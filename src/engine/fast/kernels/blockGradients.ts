/**
 * The gradients of a block. Both read the pooled gradient straight through the codes: of the four pixels of a cell only
 * the winner has a gradient, so three quarters of the work of a convolution's gradient is left out, and nothing is
 * scattered. Sums run in a fixed order; the batch is split over several threads by constants of the network alone, and
 * the parts are added in order by Adam's kernel.
 */
import type { KernelCode } from '../gpu.ts'
import type { Shape } from '../shape.ts'
import { Header, main, prelude, repeat, rolled } from './common.ts'

/** Where a slice's gradient lies among a replica's gradients (floats): `splits` parts, each of the slice's size. */
export interface GradientSlice {
  offset: number
  size: number
  splits: number
}

/**
 * dWeight [tap, in, out] and dBias. A thread owns one output channel and the nine taps of four input channels (of one,
 * where the input has one), and walks through the cells of its part of the batch.
 */
export function weightGradient(
  shape: Shape,
  l: number,
  batch: number,
  gradients: readonly GradientSlice[],
  gradientSize: number
): KernelCode {
  const b = shape.blocks[l]
  const [weight, bias] = [gradients[2 * l], gradients[2 * l + 1]]
  const scalar = b.in === 1
  const row = b.width + 2
  const head = prelude(
    [
      ['x', scalar ? 'f32' : 'vec4f', 'r'],
      ['codes', 'u32', 'r'],
      ['gradient', 'f32', 'r'],
      ['result', 'f32', 'w']
    ],
    {
      BATCH: batch,
      PART: Math.ceil(batch / weight.splits),
      H: b.h,
      W: b.w,
      CELLS: b.h * b.w,
      IN: scalar ? 1 : b.in / 4,
      OUT: b.out,
      ROW: row,
      MAP: (b.height + 2) * row,
      SIZE: gradientSize,
      WEIGHT: weight.offset,
      WEIGHTS: weight.size,
      BIAS: bias.offset
    }
  )
  const type = scalar ? 'f32' : 'vec4f'
  const taps = (line: (tap: number, offset: number) => string) =>
    repeat(9, tap => line(tap, Math.floor(tap / 3) * row + (tap % 3)))
  const body = `
  let o = id % OUT;
  let block = id / OUT;
  if (block >= IN) { return; }
  let part = group.y;
  let shift = 8u * (o & 3u);
${repeat(9, tap => `  var s${tap}: ${type};`)}
  var sum = 0.0;
  let end = min((part + 1u) * PART, step[${Header.count}]);
  for (var image = part * PART; image < end; image++) {
    let slot = replica * BATCH + image;
    var at = (slot * (OUT / 4u) + o / 4u) * CELLS;
    var base = (slot * IN + block) * MAP;
    let stop = ${rolled('at + CELLS')};
    var j = 0u;
    for (; at < stop; at++) {
      // what is silent adds nothing, without a branch
      let code = (codes[at] >> shift) & 0xffu;
      let g = select(0.0, gradient[at * 4u + (o & 3u)], code < 4u);
      let p = base + ((code >> 1u) & 1u) * ROW + (code & 1u);
      sum += g;
${taps((tap, offset) => `      s${tap} += g * x[p + ${offset}u];`)}
      j++;
      base += select(2u, 2u * ROW - 2u * (W - 1u), j == W);
      j = select(j, 0u, j == W);
    }
  }
  let to = replica * SIZE + WEIGHT + part * WEIGHTS + block * ${scalar ? 1 : 4}u * OUT + o;
${taps(tap =>
  scalar
    ? `  result[to + ${tap * b.in * b.out}u] = s${tap};`
    : repeat(4, k => `  result[to + ${(tap * b.in + k) * b.out}u] = s${tap}[${k}];`)
)}
  if (block == 0u) { result[replica * SIZE + BIAS + part * OUT + o] = sum; }`
  return { source: head + main(body), bindings: 'rrrw' }
}

/**
 * dInput: the gradient at the pooled map of the block before, [replica, batch, in / 4, row, column]. A thread owns a
 * 2x2 square of inputs and four channels (group.y), and visits the nine cells around it; of each it takes only
 * the pixel that the code names, if that one touches the square. Weights are read transposed, [tap, out, in / 4].
 */
export function inputGradient(
  shape: Shape,
  l: number,
  batch: number,
  transposedOffset: number,
  transposedSize: number
): KernelCode {
  const b = shape.blocks[l]
  const [squaresX, squaresY] = [Math.ceil(b.width / 2), Math.ceil(b.height / 2)]
  const head = prelude(
    [
      ['codes', 'u32', 'r'],
      ['gradient', 'vec4f', 'r'],
      ['weights', 'vec4f', 'r'],
      ['result', 'vec4f', 'w']
    ],
    {
      BATCH: batch,
      H: b.h,
      W: b.w,
      CELLS: b.h * b.w,
      IN: b.in / 4,
      OUT: b.out / 4,
      TAP: b.out * (b.in / 4),
      WIDTH: b.width,
      HEIGHT: b.height,
      ACROSS: squaresX,
      SQUARES: squaresX * squaresY,
      TRANSPOSED: transposedSize / 4,
      WEIGHT: transposedOffset / 4
    }
  )
  // one channel of a cell: the tap by which its winner touches each of the four inputs is out of range where it does not
  const visit = (k: number) => {
    const touch = (u: number, v: number) => `
          if (top + ${u}u < 3u && left + ${v}u < 3u) { q${u}${v} += g[${k}] * weights[w + ((top + ${u}u) * 3u + left + ${v}u) * TAP + ${k}u * IN]; }`
    return `        { let p = (code >> ${8 * k}u) & 0xffu;
        if (p < 4u) {
          let top = 2u * i + 1u - 2u * y - (p >> 1u);
          let left = 2u * j + 1u - 2u * x - (p & 1u);${touch(0, 0)}${touch(0, 1)}${touch(1, 0)}${touch(1, 1)}
        } }`
  }
  const store = [0, 1].flatMap(u =>
    [0, 1].map(
      v =>
        `  if (2u * i + ${u}u < HEIGHT && 2u * j + ${v}u < WIDTH) { result[to + ${u}u * WIDTH + ${v}u] = q${u}${v}; }`
    )
  )
  const body = `
  let image = id / SQUARES;
  if (image >= step[${Header.count}]) { return; }
  let square = id % SQUARES;
  let i = square / ACROSS;
  let j = square % ACROSS;
  let block4 = group.y;
  let slot = replica * BATCH + image;
  let weight = replica * TRANSPOSED + WEIGHT + block4;
  let outs = ${rolled('OUT')};
  var q00: vec4f; var q01: vec4f; var q10: vec4f; var q11: vec4f;
  for (var a = 0u; a < ${rolled('3u')}; a++) {
    for (var c = 0u; c < ${rolled('3u')}; c++) {
      // one less than 0 is a large number, and outside as well
      let y = i + a - 1u;
      let x = j + c - 1u;
      if (y >= H || x >= W) { continue; }
      for (var block = 0u; block < outs; block++) {
        let at = (slot * OUT + block) * CELLS + y * W + x;
        let code = codes[at];
        let g = gradient[at];
        let w = weight + block * 4u * IN;
${repeat(4, visit)}
      }
    }
  }
  let to = (slot * IN + block4) * (WIDTH * HEIGHT) + 2u * i * WIDTH + 2u * j;
${store.join('\n')}`
  return { source: head + main(body), bindings: 'rrrw' }
}
