/** Code for dense layers and their gradients. Addresses are in bytes; matrices are row-major. */
import { block, f32, f32x4, i32, v128, type Code, type Local, type ModuleBuilder } from './assembler.ts'

const plus = (local: Local, bytes: number): Code => local.set(i32.add(local.get, i32.const(bytes)))
const copy = (to: Local, from: Local): Code => to.set(from.get)

/**
 * forward(batch, x, weight, bias, y): y = x weight + bias, rectified if asked for; two rows by sixteen outputs at a time.
 * Reads up to three floats beyond weight and bias.
 */
export function defineDense(
  m: ModuleBuilder,
  name: string,
  inputs: number,
  outputs: number,
  relu: boolean
): void {
  m.define(name, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, batch, x, weight, bias, y) => {
    const [b, k, xAt, wAt, even] = Array.from({ length: 5 }, () => f.local('i32'))
    const held = Array.from({ length: 8 }, () => f.local('v128'))
    const [w, first, second] = [f.local('v128'), f.local('v128'), f.local('v128')]
    const zero = f32x4.splat(f32.const(0))
    const tile = (rows: 1 | 2, column: number, columns: number): Code => {
      const vectors = Math.ceil(columns / 4)
      const sum = (row: number, v: number) => held[row * 4 + v]
      const each = (body: (row: number, v: number) => Code): Code =>
        block(...Array.from({ length: rows * vectors }, (_, i) => body(Math.floor(i / vectors), i % vectors)))
      const step = (at: number): Code =>
        block(
          first.set(v128.loadSplat(xAt.get, at * 4)),
          rows === 2 ? second.set(v128.loadSplat(xAt.get, (inputs + at) * 4)) : [],
          ...Array.from({ length: vectors }, (_, v) =>
            block(
              w.set(v128.loadAny(wAt.get, (at * outputs + column + v * 4) * 4)),
              sum(0, v).set(f32x4.add(sum(0, v).get, f32x4.mul(first.get, w.get))),
              rows === 2 ? sum(1, v).set(f32x4.add(sum(1, v).get, f32x4.mul(second.get, w.get))) : []
            )
          )
        )
      const unroll = inputs % 4 ? 1 : 4
      return block(
        each((row, v) => sum(row, v).set(v128.loadAny(bias.get, (column + v * 4) * 4))),
        copy(xAt, x),
        copy(wAt, weight),
        k.set(i32.const(0)),
        f.loop(
          k,
          i32.const(inputs),
          unroll,
          ...Array.from({ length: unroll }, (_, at) => step(at)),
          plus(xAt, unroll * 4),
          plus(wAt, unroll * outputs * 4)
        ),
        each((row, v) => {
          const value = relu ? v128.and(sum(row, v).get, f32x4.gt(sum(row, v).get, zero)) : sum(row, v).get
          const at = (row * outputs + column + v * 4) * 4
          const lanes = Math.min(4, columns - v * 4)
          if (lanes === 4) return v128.storeAny(y.get, value, at)
          const stored = Array.from({ length: lanes }, (_, i) =>
            f32.store(y.get, f32x4.lane(sum(row, v).get, i), at + i * 4)
          )
          return block(sum(row, v).set(value), ...stored)
        })
      )
    }
    const rowsOf = (rows: 1 | 2): Code => {
      const tiles: Code[] = []
      for (let c = 0; c < outputs; c += 16) tiles.push(tile(rows, c, Math.min(16, outputs - c)))
      return block(...tiles, plus(x, rows * inputs * 4), plus(y, rows * outputs * 4))
    }
    return block(
      even.set(i32.and(batch.get, i32.const(-2))),
      b.set(i32.const(0)),
      f.loop(b, even.get, 2, rowsOf(2)),
      f.loop(b, batch.get, 1, rowsOf(1))
    )
  })
}

/** Gradients of y = x weight + bias; x [batch, inputs], dY [batch, outputs]. Results are overwritten. */
export function defineDenseGradients(m: ModuleBuilder, inputs: number, outputs: number): void {
  defineWeightGradient(m, 'weight', inputs, outputs)
  defineInputGradient(m, 'input', inputs, outputs)
}

/** weight(batch, x, dY, dWeight, dBias): two inputs by sixteen outputs at a time, summed over the batch in registers. */
function defineWeightGradient(m: ModuleBuilder, name: string, inputs: number, outputs: number): void {
  m.define(name, ['i32', 'i32', 'i32', 'i32', 'i32'], (f, batch, x, dY, dWeight, dBias) => {
    const [b, i, xAt, dAt, to] = Array.from({ length: 5 }, () => f.local('i32'))
    const [first, second] = [f.local('v128'), f.local('v128')]
    const d = f.local('v128')
    const held = Array.from({ length: 8 }, () => f.local('v128'))
    const [sum, bias] = [f.local('f32'), f.local('f32')]
    const overBatch = (...body: Code[]): Code =>
      block(
        b.set(i32.const(0)),
        copy(xAt, x),
        copy(dAt, dY),
        f.loop(b, batch.get, 1, ...body, plus(xAt, inputs * 4), plus(dAt, outputs * 4))
      )
    const zero = f32x4.splat(f32.const(0))

    /** rows: 1 or 2 inputs; columns from `column`, `vectors` of them */
    const tile = (rows: 1 | 2, column: number, vectors: number): Code =>
      block(
        ...held.slice(0, rows * vectors).map(local => local.set(zero)),
        overBatch(
          first.set(f32x4.splat(f32.load(xAt.get))),
          rows === 2 ? second.set(f32x4.splat(f32.load(xAt.get, 4))) : [],
          ...Array.from({ length: vectors }, (_, v) =>
            block(
              d.set(v128.loadAny(dAt.get, column * 4 + v * 16)),
              held[v].set(f32x4.add(held[v].get, f32x4.mul(first.get, d.get))),
              rows === 2
                ? held[vectors + v].set(f32x4.add(held[vectors + v].get, f32x4.mul(second.get, d.get)))
                : []
            )
          )
        ),
        ...Array.from({ length: rows * vectors }, (_, k) => {
          const row = Math.floor(k / vectors)
          return v128.storeAny(to.get, held[k].get, (row * outputs + column + (k % vectors) * 4) * 4)
        })
      )
    const tail = (rows: 1 | 2, column: number): Code =>
      block(
        ...Array.from({ length: rows }, (_, row) =>
          block(
            sum.set(f32.const(0)),
            overBatch(
              sum.set(f32.add(sum.get, f32.mul(f32.load(xAt.get, row * 4), f32.load(dAt.get, column * 4))))
            ),
            f32.store(to.get, sum.get, (row * outputs + column) * 4)
          )
        )
      )
    const whole = outputs - (outputs % 4)
    const rowsOf = (rows: 1 | 2): Code => {
      const tiles: Code[] = []
      for (let c = 0; c < whole; c += 16) tiles.push(tile(rows, c, Math.min(4, (whole - c) / 4)))
      for (let c = whole; c < outputs; c++) tiles.push(tail(rows, c))
      return block(...tiles, plus(x, rows * 4), plus(to, rows * outputs * 4))
    }
    const even = inputs - (inputs % 2)
    const j = f.local('i32')
    return block(
      copy(to, dWeight),
      i.set(i32.const(0)),
      f.loop(i, i32.const(even), 2, rowsOf(2)),
      inputs % 2 ? rowsOf(1) : [],
      j.set(i32.const(0)),
      f.loop(
        j,
        i32.const(outputs * 4),
        4,
        bias.set(f32.const(0)),
        overBatch(bias.set(f32.add(bias.get, f32.load(i32.add(dAt.get, j.get))))),
        f32.store(i32.add(dBias.get, j.get), bias.get)
      )
    )
  })
}

/** input(batch, weight, dY, dX): dot products of a row of dY with four rows of the weights at a time. */
function defineInputGradient(m: ModuleBuilder, name: string, inputs: number, outputs: number): void {
  m.define(name, ['i32', 'i32', 'i32', 'i32'], (f, batch, weight, dY, dX) => {
    const [b, i, j, by, at] = Array.from({ length: 5 }, () => f.local('i32'))
    const d = f.local('v128')
    const held = Array.from({ length: 4 }, () => f.local('v128'))
    const sum = f.local('f32')
    const whole = outputs - (outputs % 4)
    const dots = (rows: number): Code =>
      block(
        ...held.slice(0, rows).map(local => local.set(f32x4.splat(f32.const(0)))),
        j.set(i32.const(0)),
        copy(at, dY),
        f.loop(
          j,
          i32.const(whole),
          4,
          d.set(v128.loadAny(at.get)),
          ...held
            .slice(0, rows)
            .map((local, row) =>
              local.set(f32x4.add(local.get, f32x4.mul(d.get, v128.loadAny(by.get, row * outputs * 4))))
            ),
          plus(at, 16),
          plus(by, 16)
        ),
        ...held
          .slice(0, rows)
          .map((local, row) =>
            block(
              sum.set(f32.add(f32x4.lane(local.get, 0), f32x4.lane(local.get, 1))),
              sum.set(f32.add(sum.get, f32.add(f32x4.lane(local.get, 2), f32x4.lane(local.get, 3)))),
              ...Array.from({ length: outputs - whole }, (_, t) =>
                sum.set(
                  f32.add(
                    sum.get,
                    f32.mul(f32.load(at.get, t * 4), f32.load(by.get, row * outputs * 4 + t * 4))
                  )
                )
              ),
              f32.store(dX.get, sum.get, row * 4)
            )
          ),
        plus(dX, rows * 4),
        plus(by, (rows * outputs - whole) * 4)
      )
    const fours = inputs - (inputs % 4)
    return block(
      b.set(i32.const(0)),
      f.loop(
        b,
        batch.get,
        1,
        copy(by, weight),
        i.set(i32.const(0)),
        f.loop(i, i32.const(fours), 4, dots(4)),
        inputs % 4 ? dots(inputs % 4) : [],
        plus(dY, outputs * 4)
      )
    )
  })
}
