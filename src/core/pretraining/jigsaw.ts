/**
 * Jigsaw puzzles for small images: 2 x 2 tiles in all 24 orders, put together into one image again (Carlucci et al. 2019
 * showed that the network need not see the tiles one by one). Each tile is cut from a random place within its quarter,
 * scaled up from a smaller square, so that the order cannot be read off where tiles meet (Noroozi and Favaro's gap).
 */
import { derive, Purpose, rootKey, Stream } from '../random.ts'

function orders(rest: number[]): number[][] {
  if (!rest.length) return [[]]
  return rest.flatMap((tile, i) => orders(rest.toSpliced(i, 1)).map(tail => [tile, ...tail]))
}

/** All orders of the tiles, lexicographic; place p of the puzzle shows tile permutations[label][p]. */
export const permutations: readonly (readonly number[])[] = orders([0, 1, 2, 3])

/** Share of a quarter's side that a tile shows. */
export const SHOWN = 0.85

export interface Puzzle {
  /** index of the permutation: what is to be predicted */
  label: number
  /** how far each place's tile is moved within its quarter, as a share 0 .. 1 of the room it has: [places] of (x, y) */
  moves: readonly (readonly [number, number])[]
}

export function drawPuzzle(seed: number, epoch: number, imageId: number): Puzzle {
  const r = new Stream(derive(rootKey(seed, Purpose.pretraining), 4, epoch, imageId))
  const label = r.below(permutations.length)
  return { label, moves: permutations[label].map(() => [r.uniform(), r.uniform()]) }
}
