/**
 * A shuffle in which each id's place is decided by the id alone: ids sorted by the hash of (key, id). It is what makes initial
 * sets nested, and the order of a subset that of the whole with the others left out. Sorted by buckets, since every epoch of
 * every training is ordered by it.
 */
import { threefry, word, type Key } from './random.ts'

/** The ids in the order of their hashes under a key; ties (about n^2 / 2^65) by lower id. Ids are unsigned 32-bit integers. */
export function hashOrder(key: Key, ids: ArrayLike<number>): Uint32Array {
  const n = ids.length
  if (first.length < n) {
    first = new Uint32Array(2 * n)
    places = new Uint32Array(2 * n)
  }
  const [k0, k1] = key
  // about one id a bucket, by the leading bits of its hash's first word
  const shift = Math.max(16, Math.clz32(n))
  const buckets = 1 << (32 - shift)
  counts.fill(0, 0, buckets)
  for (let i = 0; i < n; i++) {
    const h = threefry(k0, k1, ids[i] >>> 0, 0)
    first[i] = h
    counts[h >>> shift]++
  }
  let before = 0
  for (let b = 0; b < buckets; b++) {
    const own = counts[b]
    counts[b] = before
    before += own
  }
  for (let i = 0; i < n; i++) places[counts[first[i] >>> shift]++] = i
  // what is left are neighbours
  for (let i = 1; i < n; i++) {
    const place = places[i]
    let j = i
    while (j > 0 && comesBefore(place, places[j - 1], key, ids)) {
      places[j] = places[j - 1]
      j--
    }
    places[j] = place
  }
  const out = new Uint32Array(n)
  for (let i = 0; i < n; i++) out[i] = ids[places[i]]
  return out
}

/** Scratch of `hashOrder`: each id's first word, where it goes, and how many are in a bucket. */
let first = new Uint32Array(1024)
let places = new Uint32Array(1024)
const counts = new Uint32Array(0x10000)

/** Whether the id at place a of the list comes before the one at b: by the words of their hashes, then by lower id. */
function comesBefore(a: number, b: number, key: Key, ids: ArrayLike<number>): boolean {
  if (first[a] !== first[b]) return first[a] < first[b]
  return (
    secondWord(key, ids[a]) < secondWord(key, ids[b]) ||
    (ids[a] < ids[b] && secondWord(key, ids[a]) === secondWord(key, ids[b]))
  )
}

/** The second word of an id's hash. */
function secondWord(key: Key, id: number): number {
  threefry(key[0], key[1], id, 0)
  return word[1]
}
