/**
 * Code for training dropout masks: Threefry-2x32-20 of core/random.ts, four blocks at a time in the lanes of a vector,
 * and the rule of core/law.ts (each block serves four features: the halves of its two words). The same bits as there.
 */
import {
  block,
  f32x4,
  i16x8,
  i32,
  i32x4,
  v128,
  type Code,
  type Local,
  type ModuleBuilder
} from './assembler.ts'

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24]
const PARITY = 0x1bd11bda

/** Floats that may be written beyond the last row. */
export const MASK_SLACK = 15

/**
 * mask(rows, features, ids, key0, key1, threshold, keep, to): row r gets the mask of image ids[r], [features], 0 or `keep`.
 */
export function defineMask(m: ModuleBuilder): void {
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'i32'] as const
  m.define('mask', parameters, (f, rows, features, ids, key0, key1, threshold, keep, to) => {
    const [at, end, last, counter] = Array.from({ length: 4 }, () => f.local('i32'))
    const [x0, x1, id, least, kept] = Array.from({ length: 5 }, () => f.local('v128'))
    const keys = Array.from({ length: 3 }, () => f.local('v128'))
    const add = (x: Local, y: Code): Code => x.set(i32x4.add(x.get, y))

    const rounds: Code[] = [add(x0, keys[0].get), add(x1, keys[1].get)]
    for (let five = 0; five < 5; five++) {
      for (let i = 0; i < 4; i++) {
        const r = ROTATIONS[(five % 2) * 4 + i]
        const rotated = v128.or(i32x4.shl(x1.get, r), i32x4.shrU(x1.get, 32 - r))
        rounds.push(add(x0, x1.get), x1.set(v128.xor(rotated, x0.get)))
      }
      rounds.push(add(x0, keys[(five + 1) % 3].get), add(x1, keys[(five + 2) % 3].get))
      rounds.push(add(x1, i32x4.const(five + 1)))
    }
    /** four features from two lanes of each word, as halves */
    const store = (lanes: readonly number[], offset: number): Code => {
      const halves = i16x8.geU(i32x4.shuffle(x0.get, x1.get, lanes), least.get)
      return block(
        v128.storeAny(to.get, v128.and(i32x4.extendLow(halves), kept.get), offset),
        v128.storeAny(to.get, v128.and(i32x4.extendHigh(halves), kept.get), offset + 16)
      )
    }
    return block(
      keys[0].set(i32x4.splat(key0.get)),
      keys[1].set(i32x4.splat(key1.get)),
      keys[2].set(v128.xor(i32x4.const(PARITY), v128.xor(keys[0].get, keys[1].get))),
      least.set(i16x8.splat(threshold.get)),
      kept.set(f32x4.splat(keep.get)),
      at.set(ids.get),
      last.set(i32.add(ids.get, i32.mul(rows.get, i32.const(4)))),
      // features are counted in fours
      end.set(i32.shrU(i32.add(features.get, i32.const(3)), i32.const(2))),
      f.loop(
        at,
        last.get,
        4,
        id.set(i32x4.splat(i32.load(at.get))),
        counter.set(i32.const(0)),
        f.loop(
          counter,
          end.get,
          4,
          x0.set(i32x4.add(i32x4.splat(counter.get), i32x4.lanes(0, 1, 2, 3))),
          x1.set(id.get),
          ...rounds,
          store([0, 4, 1, 5], 0),
          store([2, 6, 3, 7], 32),
          to.set(i32.add(to.get, i32.const(64)))
        ),
        // the next row starts where this one ends: what was written too much is overwritten
        to.set(i32.sub(to.get, i32.mul(i32.sub(counter.get, end.get), i32.const(16)))),
        to.set(i32.sub(to.get, i32.mul(i32.sub(i32.mul(end.get, i32.const(4)), features.get), i32.const(4))))
      )
    )
  })
}
