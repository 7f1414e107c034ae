/**
 * The gradients of a block. Both read the pooled gradient straight through the codes, and nothing is scattered: of the
 * four pixels of a cell only the winner has a gradient, so that the weights' gradient is a quarter of a convolution's. Sums run in a fixed order; the batch is split over several threads by constants of the network alone, and
 * the parts are added in order by Adam's kernel.
 */
import { THREADS, type KernelCode } from '../gpu.ts'
import type { BlockShape, Shape } from '../shape.ts'
import { groupsOf, Header, main, multiplyAdd, prelude, repeat, rolled, type Tiling } from './common.ts'

/** Where a slice's gradient lies among a replica's gradients (floats): `splits` parts, each of the slice's size. */
export interface GradientSlice {
  offset: number
  size: number
  splits: number
  /** of these, how many share images and divide their cells */
  cellSplits: number
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
  gradientSize: number,
  tiling: Tiling
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
      PART: Math.ceil((batch * weight.cellSplits) / weight.splits),
      CELL_SPLITS: weight.cellSplits,
      CELL_PART: Math.ceil((b.h * b.w) / weight.cellSplits),
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
  let start = part / CELL_SPLITS * PART;
  let end = min(start + PART, step[${Header.count}]);
  let begin = part % CELL_SPLITS * CELL_PART;
  let stop = ${rolled('min(begin + CELL_PART, CELLS)')};
  for (var image = start; image < end; image++) {
    let slot = replica * BATCH + image;
    let first = (slot * (OUT / 4u) + o / 4u) * CELLS;
    let base = (slot * IN + block) * MAP;
    for (var cell = begin; cell < stop; cell++) {
      // what is silent adds nothing, without a branch
      let code = (codes[first + cell] >> shift) & 0xffu;
      let g = select(0.0, gradient[(first + cell) * 4u + (o & 3u)], code < 4u);
      let p = base + (2u * (cell / W) + ((code >> 1u) & 1u)) * ROW + 2u * (cell % W) + (code & 1u);
      sum += g;
${taps((tap, offset) => `      ${multiplyAdd(tiling, `s${tap}`, `${type}(g)`, `x[p + ${offset}u]`)}`)}
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

/** Workgroups of `inputGradient` along x and y for so many images of a replica. */
export const inputGradientGroups = (
  { height, width, in: into }: BlockShape,
  images: number,
  tiling: Tiling
) =>
  [
    Math.ceil((images * Math.ceil(height / 2) * Math.ceil(width / 2)) / THREADS),
    into / 4 / groupsOf(tiling, into / 4)
  ] as const

/**
 * dInput: the gradient at the pooled map of the block before, [replica, batch, in / 4, row, column]. A thread owns a
 * 2x2 square of inputs and four channels (group.y). Of the four rows of four pixels around it two at a time are unfolded
 * from cells and codes, zeros included, so that all threads go one way and read the same weights: where each follows its
 * own codes instead, a quarter of the products is left, but every thread reads weights of its own. These are read
 * transposed, [tap, out, in / 4].
 */
export function inputGradient(
  shape: Shape,
  l: number,
  batch: number,
  transposedOffset: number,
  transposedSize: number,
  tiling: Tiling
): KernelCode {
  const b = shape.blocks[l]
  const groups = groupsOf(tiling, b.in / 4)
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
  const each = (line: (g: number) => string) => repeat(groups, line)
  // four output channels of pixel `p` of a cell whose codes and gradients are there
  const pixel = (cell: number, p: string) => `select(vec4f(), g${cell}, c${cell} == vec4u(${p}))`
  // row r of the four: its pixels lie in the cells to the left (one), above, and to the right (one)
  const unfold = (r: string) => `
        let y = i + ((${r} + 1u) >> 1u) - 1u;
        let p = 2u * ((${r} + 1u) & 1u);
${repeat(
  3,
  c => `        let x${c} = j + ${c}u - 1u;
        // one less than 0 is a large number, and outside as well
        let inside${c} = y < H && x${c} < W;
        let at${c} = select(0u, first + y * W + x${c}, inside${c});
        let g${c} = gradient[at${c}];
        let c${c} = (vec4u(select(0x04040404u, codes[at${c}], inside${c})) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu);`
)}
        n0 = ${pixel(0, 'p + 1u')}; n1 = ${pixel(1, 'p')}; n2 = ${pixel(1, 'p + 1u')}; n3 = ${pixel(2, 'p')};`
  const products = repeat(3, tx =>
    repeat(4, k => {
      const product = (sum: string, from: string) => (g: number) =>
        multiplyAdd(tiling, `q${g}${sum}`, `vec4f(${from}[${k}])`, `w${g}`)
      return `      { ${each(g => `let w${g} = weights[weight + ${tx}u * TAP + ${k}u * IN + ${g}u];`)}
${each(product('00', `m${2 - tx}`))}
${each(product('01', `m${3 - tx}`))}
${each(product('10', `n${2 - tx}`))}
${each(product('11', `n${3 - tx}`))} }`
    })
  )
  const store = each(g => {
    const to = (u: number, v: number) => `result[to${g} + ${u}u * WIDTH + ${v}u] = q${g}${u}${v};`
    const cases = [0, 1].flatMap(u =>
      [0, 1].map(v => `  if (2u * i + ${u}u < HEIGHT && 2u * j + ${v}u < WIDTH) { ${to(u, v)} }`)
    )
    return `  let to${g} = (slot * IN + block4 + ${g}u) * (WIDTH * HEIGHT) + 2u * i * WIDTH + 2u * j;
${cases.join('\n')}`
  })
  const body = `
  let image = id / SQUARES;
  if (image >= step[${Header.count}]) { return; }
  let square = id % SQUARES;
  let i = square / ACROSS;
  let j = square % ACROSS;
  let block4 = group.y * ${groups}u;
  let slot = replica * BATCH + image;
${each(g => `  var q${g}00: vec4f; var q${g}01: vec4f; var q${g}10: vec4f; var q${g}11: vec4f;`)}
${repeat(4, c => `  var m${c}: vec4f; var n${c}: vec4f;`)}
  for (var block = 0u; block < ${rolled('OUT')}; block++) {
    let first = (slot * OUT + block) * CELLS;
    {${unfold('0u')}
    }
    for (var r = 0u; r < ${rolled('3u')}; r++) {
${repeat(4, c => `      m${c} = n${c};`)}
      {${unfold('(r + 1u)')}
      }
      let weight = replica * TRANSPOSED + WEIGHT + (2u - r) * 3u * TAP + block * 4u * IN + block4;
${products}
    }
  }
${store}`
  return { source: head + main(body), bindings: 'rrrw' }
}
