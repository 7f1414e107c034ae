/**
 * One splittable, counter-based generator for everything that is drawn: Threefry-2x32 with 20 rounds
 * (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011), the generator JAX
 * uses. A stream is a 64-bit key; a draw is a pure function of (key, counter), so no draw depends on call
 * order, slot or time, and the same words come out of JavaScript and WGSL. Only 32-bit integer arithmetic
 * and exact divisions by powers of two: the same bits on every machine.
 */

/** A 64-bit key, as two unsigned 32-bit words. */
export type Key = readonly [number, number]

const PARITY = 0x1bd11bda

/** The two output words of the last `threefry` call: scratch that spares an allocation per draw in hot loops. */
export const word = new Uint32Array(2)

/**
 * Threefry-2x32-20: encrypts the counter (c0, c1) under the key (k0, k1); the result is left in `word`
 * and its first half is returned (unsigned). Five times four rounds and a key injection, written out because everything
 * that is drawn comes through here: rotations 13 15 26 6 and 17 29 16 24 in turn.
 */
export function threefry(k0: number, k1: number, c0: number, c1: number): number {
  const k2 = PARITY ^ k0 ^ k1
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + k1) | 0
  x1 = (x1 + k2 + 1) | 0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
  x0 = (x0 + k2) | 0
  x1 = (x1 + k0 + 2) | 0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + k0) | 0
  x1 = (x1 + k1 + 3) | 0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
  x0 = (x0 + k1) | 0
  x1 = (x1 + k2 + 4) | 0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
  x0 = (x0 + x1) | 0
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
  x0 = (x0 + k2) | 0
  x1 = (x1 + k0 + 5) | 0
  word[0] = x0
  word[1] = x1
  return word[0]
}

/** The purposes a seed is split into. Numbers are frozen for ever: old links depend on them. */
export const Purpose = {
  order: 1,
  weights: 2,
  passMask: 3,
  batchOrder: 4,
  dropout: 5,
  augmentation: 6,
  strategy: 7,
  /** streams of a view (its own seed): which images, imbalance, noise, duplicates */
  view: 8,
  /** streams of the synthetic data sets */
  synthetic: 9,
  /** what initial selectors draw */
  selector: 20,
  /** the start of the search for principal components */
  features: 21,
  /** self-supervised pretraining: weights of its heads, batch order, distortions */
  pretraining: 30,
  /** semi-supervised training: order, variations and dropout of unlabelled images */
  unlabelled: 40
} as const

/** Derives the key of a child stream: fold in one unsigned 32-bit number at a time. */
export function derive(key: Key, ...path: number[]): Key {
  let [a, b] = key
  for (const step of path) {
    threefry(a, b, step >>> 0, 0x5eed)
    a = word[0]
    b = word[1]
  }
  return [a, b]
}

/** The root key of a seed and a purpose. `seed` is an unsigned 32-bit integer. */
export function rootKey(seed: number, purpose: number): Key {
  return derive([seed >>> 0, 0xda1], purpose)
}

/** Folds a short text (a strategy's name) into a 32-bit number (FNV-1a). */
export function nameNumber(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** Unsigned 32-bit word number `counter` of a stream. */
export function bits(key: Key, counter: number, lane = 0): number {
  return threefry(key[0], key[1], counter >>> 0, lane >>> 0)
}

/** Uniform in [0, 1) with 24 bits: exact in float32. */
export function uniform(key: Key, counter: number, lane = 0): number {
  return (bits(key, counter, lane) >>> 8) / 16777216
}

/** Uniform integer in 0 .. n-1 (n < 2^32; the bias of at most n / 2^32 is below anything measured here). */
export function below(key: Key, counter: number, n: number, lane = 0): number {
  return Math.floor((bits(key, counter, lane) / 4294967296) * n)
}

/** A sequential reader of one stream, for code that draws an unknown number of values. */
export class Stream {
  private counter = 0
  constructor(readonly key: Key) {}
  /** Unsigned 32-bit word. */
  bits(): number {
    return bits(this.key, this.counter++)
  }
  /** Uniform in [0, 1). */
  uniform(): number {
    return uniform(this.key, this.counter++)
  }
  /** Uniform integer in 0 .. n-1. */
  below(n: number): number {
    return below(this.key, this.counter++, n)
  }
  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }
  /** Mean 0, variance 1, bell-shaped within ±6: the sum of twelve uniforms (portable, unlike Box-Muller). */
  bell(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.uniform()
    return sum
  }
}
