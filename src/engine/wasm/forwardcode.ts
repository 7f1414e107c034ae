/**
 * Code for a conv block's way forward, from the bordered input down to the pooled map and its winners: no full
 * convolution is ever written to memory. XNNPACK's convolution, which tfjs-wasm carries, takes 1.2 to 2.5 times as long
 * at the shapes of these networks, and leaves the pooling still to be done.
 */
import {
  block,
  f32,
  f32x4,
  i32,
  i32x4,
  v128,
  type Code,
  type Local,
  type ModuleBuilder
} from './assembler.ts'
import {
  advance,
  inputImage,
  inputRow,
  pooledImage,
  pooledRow,
  pooledStart,
  type BlockShape
} from './blockshape.ts'

/**
 * forward(batch, x, weight, bias, pooled, codes): conv + bias + ReLU + pool in one go, a window of 2x2 outputs by eight
 * channels in registers. x is bordered, weight [3, 3, channels, out]. With `withCodes`, codes (i32, [batch, h / 2, w / 2,
 * out]) get the byte offset of the winner's patch within that of the window, or -1 where nothing is positive; of equal
 * maxima the first in row-major order wins. Reads up to three floats beyond weight and bias.
 */
export function defineForward(m: ModuleBuilder, name: string, s: BlockShape, withCodes: boolean): void {
  m.define(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], (f, batch, x, weight, bias, pooled, codes) => {
    const { height, width, channels, out } = s
    const [b, py, px, co, end] = Array.from({ length: 5 }, () => f.local('i32'))
    const [xAt, wAt, to, codeTo, window, biasAt, filter] = Array.from({ length: 7 }, () => f.local('i32'))
    const sums = Array.from({ length: 8 }, () => f.local('v128'))
    const [w0, w1, value, mask, code] = Array.from({ length: 5 }, () => f.local('v128'))
    const offsets = [0, channels * 4, inputRow(s), inputRow(s) + channels * 4]
    const lastPooled = ((height >> 1) * (width >> 1) - 1) * out * 4

    /** the first of equal maxima of four pixels, rectified; `lanes` of it are stored */
    const finish = (pixels: readonly Local[], at: number, lanes: number): Code => {
      const [best, ...others] = pixels
      const keep = (vector: Code, address: Local, lane: 'i32' | 'f32'): Code =>
        lanes === 4
          ? v128.storeAny(address.get, vector, at)
          : block(
              ...Array.from({ length: lanes }, (_, i) =>
                lane === 'i32'
                  ? i32.store(address.get, i32x4.lane(vector, i), at + 4 * i)
                  : f32.store(address.get, f32x4.lane(vector, i), at + 4 * i)
              )
            )
      return block(
        withCodes ? code.set(i32x4.const(0)) : [],
        ...others.map((other, i) =>
          block(
            mask.set(f32x4.gt(other.get, best.get)),
            best.set(v128.select(other.get, best.get, mask.get)),
            withCodes ? code.set(v128.select(i32x4.const(offsets[i + 1]), code.get, mask.get)) : []
          )
        ),
        mask.set(f32x4.gt(best.get, f32x4.splat(f32.const(0)))),
        best.set(v128.and(best.get, mask.get)),
        keep(best.get, to, 'f32'),
        withCodes ? code.set(v128.select(code.get, i32x4.const(-1), mask.get)) : [],
        withCodes ? keep(code.get, codeTo, 'i32') : []
      )
    }
    /** one window for one or two vectors of channels; `lanes` of the last vector count */
    const windowSums = (vectors: 1 | 2, lanes: number): Code => {
      const weights = [w0, w1].slice(0, vectors)
      // one loop per row of the patch, with a short body: in longer ones V8 merges equal loads, runs out of registers and spills
      const row = (ky: number): Code => {
        const step = block(
          ...weights.map((w, v) => w.set(v128.loadAny(wAt.get, (ky * 3 * channels * out + v * 4) * 4))),
          ...offsets.map((offset, pixel) =>
            block(
              value.set(v128.loadSplat(xAt.get, ky * inputRow(s) + offset)),
              ...weights.map((w, v) => {
                const sum = sums[pixel * 2 + v]
                return sum.set(f32x4.add(sum.get, f32x4.mul(value.get, w.get)))
              })
            )
          )
        )
        return block(
          xAt.set(window.get),
          wAt.set(filter.get),
          f.loop(xAt, end.get, 4, step, advance(wAt, out * 4))
        )
      }
      return block(
        ...sums.map((sum, i) => (i % 2 < vectors ? sum.set(v128.loadAny(biasAt.get, (i % 2) * 16)) : [])),
        end.set(i32.add(window.get, i32.const(3 * channels * 4))),
        row(0),
        row(1),
        row(2),
        ...weights.map((_, v) =>
          finish(
            [0, 1, 2, 3].map(pixel => sums[pixel * 2 + v]),
            v * 16,
            v === vectors - 1 ? lanes : 4
          )
        )
      )
    }
    const sweep = (vectors: 1 | 2, lanes: number): Code =>
      block(
        window.set(x.get),
        py.set(i32.const(0)),
        f.loop(
          py,
          i32.const(height >> 1),
          1,
          px.set(i32.const(0)),
          f.loop(
            px,
            i32.const(width >> 1),
            1,
            windowSums(vectors, lanes),
            advance(window, 2 * channels * 4),
            advance(to, out * 4),
            advance(codeTo, out * 4)
          ),
          advance(window, 2 * inputRow(s) - (width >> 1) * 2 * channels * 4),
          advance(to, 2 * s.pad * out * 4)
        ),
        // back to the image's first window, on to the next channels
        advance(to, (vectors === 2 ? 32 : 16) - (height >> 1) * pooledRow(s)),
        advance(codeTo, (vectors === 2 ? 32 : 16) - lastPooled - out * 4),
        advance(filter, vectors === 2 ? 32 : 16),
        advance(biasAt, vectors === 2 ? 32 : 16)
      )
    const eights = out - (out % 8)
    const rest = out % 8
    const swept = (eights + Math.ceil(rest / 4) * 4) * 4
    return block(
      to.set(i32.add(pooled.get, i32.const(pooledStart(s)))),
      codeTo.set(codes.get),
      b.set(i32.const(0)),
      f.loop(
        b,
        batch.get,
        1,
        filter.set(weight.get),
        biasAt.set(bias.get),
        co.set(i32.const(0)),
        f.loop(co, i32.const(eights), 8, sweep(2, 4)),
        rest >= 4 ? sweep(1, 4) : [],
        rest % 4 ? sweep(1, rest % 4) : [],
        advance(x, inputImage(s)),
        advance(to, pooledImage(s) - swept),
        advance(codeTo, lastPooled + out * 4 - swept)
      )
    )
  })
}
