/**
 * Code for a conv block's gradients. Their point is sparsity: of each 2x2 window only the pixel that won the pool has a
 * gradient, and none where ReLU was silent, so a quarter of the positions or fewer are visited. For each output channel
 * the live windows of a few images are listed (address of the 3x3 input patch, gradient); then registers hold up to
 * twelve vectors of that channel's weights (or of their gradient) while the list is walked. Maps carry a border of
 * zeros, so that no loop has an edge case. Every sum has one fixed order.
 */
import {
  block,
  f32,
  f32x4,
  FunctionBuilder,
  i32,
  v128,
  type Code,
  type Local,
  type ModuleBuilder
} from './assembler.ts'
import { advance, inputImage, inputRow, pooledRow, pooledStart, type BlockShape } from './blockshape.ts'

/** Images whose patches are walked together stay within this many bytes: a half of the smallest first-level cache. */
const GROUP_BYTES = 1 << 14
/** Vectors held in registers; x86 has sixteen. */
const HELD = 12

const groupOf = (s: BlockShape) => Math.max(1, Math.floor(GROUP_BYTES / inputImage(s)))
const listBytes = (s: BlockShape) => groupOf(s) * (s.height >> 1) * (s.width >> 1) * 8

/** Vectors of one row of a patch: 3 pixels x channels, the last one filled up. */
const rowVectors = (s: BlockShape) => Math.ceil((3 * s.channels) / 4)
/** Floats of one output channel's weights when turned to [out, 3, rowVectors x 4]. */
export const turnedColumns = (s: BlockShape) => 3 * rowVectors(s) * 4
/** Bytes of scratch that `gradients` needs. */
export const gradientScratch = (s: BlockShape) => s.out * (4 + listBytes(s))

/** The vectors of a patch, in registerfuls: byte offset within the patch, and within the turned weights. */
function registerfuls(s: BlockShape): { patch: number; weight: number }[][] {
  const all: { patch: number; weight: number }[] = []
  for (let ky = 0; ky < 3; ky++) {
    for (let j = 0; j < rowVectors(s); j++) {
      all.push({ patch: ky * inputRow(s) + j * 16, weight: (ky * rowVectors(s) + j) * 16 })
    }
  }
  const groups = Math.ceil(all.length / HELD)
  const size = Math.ceil(all.length / groups)
  return Array.from({ length: groups }, (_, i) => all.slice(i * size, (i + 1) * size))
}

/**
 * gradients(batch, x, d, codes, dWeight, dBias, weight, dX, scratch): x bordered input; d gradient of the pooled map.
 * Adds to dWeight [out, turnedColumns] and dBias [out]; with `wantInput` also to the bordered dX, from the turned weight.
 */
export function defineGradients(m: ModuleBuilder, name: string, s: BlockShape, wantInput: boolean): void {
  const parameters = new Array(9).fill('i32' as const)
  m.define(name, parameters, (f, batch, x, d, codes, dWeight, dBias, weight, dX, scratch) => {
    const { out } = s
    const [b, end, co] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const [list, entry, entryEnd, address] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
    const [filter, delta] = [f.local('i32'), f.local('i32')]
    const sum = f.local('f32')
    const g = f.local('v128')
    const held = Array.from({ length: HELD }, () => f.local('v128'))
    const table = out * 4

    const rewind = block(
      co.set(i32.const(0)),
      list.set(i32.add(scratch.get, i32.const(table))),
      f.loop(
        co,
        i32.const(table),
        4,
        i32.store(i32.add(scratch.get, co.get), list.get),
        list.set(i32.add(list.get, i32.const(listBytes(s))))
      )
    )
    const weightGradient = registerfuls(s).map(group =>
      block(
        ...group.map((v, i) => held[i].set(v128.loadAny(filter.get, v.weight))),
        entry.set(list.get),
        f.loop(
          entry,
          entryEnd.get,
          8,
          address.set(i32.load(entry.get)),
          g.set(f32x4.splat(f32.load(entry.get, 4))),
          ...group.map((v, i) =>
            held[i].set(f32x4.add(held[i].get, f32x4.mul(g.get, v128.loadAny(address.get, v.patch))))
          )
        ),
        ...group.map((v, i) => v128.storeAny(filter.get, held[i].get, v.weight))
      )
    )
    const inputGradient = registerfuls(s).map(group =>
      block(
        ...group.map((v, i) => held[i].set(v128.loadAny(filter.get, v.weight))),
        entry.set(list.get),
        f.loop(
          entry,
          entryEnd.get,
          8,
          address.set(i32.add(i32.load(entry.get), delta.get)),
          g.set(f32x4.splat(f32.load(entry.get, 4))),
          ...group.map((v, i) =>
            v128.storeAny(
              address.get,
              f32x4.add(v128.loadAny(address.get, v.patch), f32x4.mul(g.get, held[i].get)),
              v.patch
            )
          )
        )
      )
    )
    const bias = block(
      sum.set(f32.load(dBias.get)),
      entry.set(list.get),
      f.loop(entry, entryEnd.get, 8, sum.set(f32.add(sum.get, f32.load(entry.get, 4)))),
      f32.store(dBias.get, sum.get)
    )
    const channelBytes = turnedColumns(s) * 4
    const walk = block(
      co.set(i32.const(0)),
      list.set(i32.add(scratch.get, i32.const(table))),
      f.loop(
        co,
        i32.const(table),
        4,
        entryEnd.set(i32.load(i32.add(scratch.get, co.get))),
        filter.set(dWeight.get),
        ...weightGradient,
        ...(wantInput ? [filter.set(weight.get), ...inputGradient] : []),
        bias,
        list.set(i32.add(list.get, i32.const(listBytes(s)))),
        dWeight.set(i32.add(dWeight.get, i32.const(channelBytes))),
        weight.set(i32.add(weight.get, i32.const(channelBytes))),
        dBias.set(i32.add(dBias.get, i32.const(4)))
      ),
      dWeight.set(i32.sub(dWeight.get, i32.const(out * channelBytes))),
      weight.set(i32.sub(weight.get, i32.const(out * channelBytes))),
      dBias.set(i32.sub(dBias.get, i32.const(table)))
    )
    return block(
      delta.set(i32.sub(dX.get, x.get)),
      d.set(i32.add(d.get, i32.const(pooledStart(s)))),
      b.set(i32.const(0)),
      f.loop(
        b,
        batch.get,
        groupOf(s),
        rewind,
        end.set(i32.add(b.get, i32.const(groupOf(s)))),
        end.set(i32.select(end.get, batch.get, i32.ltU(end.get, batch.get))),
        listWindows(f, s, b, end, x, d, codes, scratch),
        walk
      )
    )
  })
}

/** Appends the live windows of images b .. end - 1 to the lists; moves d, codes along; x stays. */
function listWindows(
  f: FunctionBuilder,
  s: BlockShape,
  b: Local,
  end: Local,
  x: Local,
  d: Local,
  codes: Local,
  table: Local
): Code {
  const { height, width, channels, out } = s
  const [image, py, px, window, at, code] = Array.from({ length: 6 }, () => f.local('i32'))
  const append: Code[] = []
  for (let c = 0; c < out * 4; c += 4) {
    // written always, kept only if the window is alive: cheaper than a branch that nobody can predict
    append.push(
      at.set(i32.load(table.get, c)),
      code.set(i32.load(codes.get, c)),
      i32.store(at.get, i32.add(window.get, code.get)),
      f32.store(at.get, f32.load(d.get, c), 4),
      i32.store(table.get, i32.add(at.get, i32.mul(i32.geS(code.get, i32.const(0)), i32.const(8))), c)
    )
  }
  return block(
    image.set(b.get),
    f.loop(
      image,
      end.get,
      1,
      window.set(i32.add(x.get, i32.mul(image.get, i32.const(inputImage(s))))),
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
          ...append,
          advance(window, 2 * channels * 4),
          advance(codes, out * 4),
          advance(d, out * 4)
        ),
        advance(window, 2 * inputRow(s) - (width >> 1) * 2 * channels * 4),
        advance(d, 2 * s.pad * out * 4)
      ),
      advance(d, 2 * s.pad * pooledRow(s))
    )
  )
}

/** turn(from, to): weights [3, 3, channels, out] to [out, turnedColumns]; the filling must be zero already. And back. */
export function defineTurns(m: ModuleBuilder, turn: string, back: string, s: BlockShape): void {
  for (const [name, forth] of [
    [turn, true],
    [back, false]
  ] as const) {
    m.define(name, ['i32', 'i32'], (f, from, to) => {
      const [straight, turned] = forth ? [from, to] : [to, from]
      const [j, co, at] = [f.local('i32'), f.local('i32'), f.local('i32')]
      const columns = turnedColumns(s) * 4
      const rows = [0, 1, 2].map(ky => {
        const move = forth
          ? f32.store(at.get, f32.load(straight.get), ky * rowVectors(s) * 16)
          : f32.store(straight.get, f32.load(at.get, ky * rowVectors(s) * 16))
        return block(
          j.set(i32.const(0)),
          f.loop(
            j,
            i32.const(3 * s.channels * 4),
            4,
            at.set(i32.add(turned.get, j.get)),
            co.set(i32.const(0)),
            f.loop(
              co,
              i32.const(s.out),
              1,
              move,
              straight.set(i32.add(straight.get, i32.const(4))),
              at.set(i32.add(at.get, i32.const(columns)))
            )
          )
        )
      })
      return block(...rows)
    })
  }
}
