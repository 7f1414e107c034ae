/** Points for distances: spread evenly, in clusters, with copies, and with ties that float32 cannot tell from near ties. */
import { rootKey, Stream } from '../../src/core/random.ts'

export const kinds = ['random', 'clusters', 'copies', 'grid', 'nearTies', 'onCircles', 'float64'] as const
export type Kind = (typeof kinds)[number]

/** [n, size]; all but `float64` and `nearTies` are float32 values, as embeddings are. */
export function cloudOf(kind: Kind, n: number, size: number, seed: number): Float64Array {
  const stream = new Stream(rootKey(seed, 83))
  const all = Float64Array.from({ length: n * size }, () => Math.fround(stream.bell()))
  const each = (value: (i: number, d: number) => number) =>
    all.map((_, at) => value(Math.floor(at / size), at % size))
  switch (kind) {
    case 'random':
      return all
    case 'float64':
      return all.map(v => (1e3 + v) / 7)
    case 'clusters':
      return each((i, d) => Math.fround(50 * all[(i % Math.min(n, 7)) * size + d] + 0.01 * all[i * size + d]))
    case 'copies': {
      const rows = Math.ceil(n / 3)
      const order = Array.from({ length: n }, () => stream.below(rows))
      return each((i, d) => all[order[i] * size + d])
    }
    case 'grid':
      return all.map(v => Math.round(2 * v))
    case 'nearTies':
      // steps of 1e-9 about a few places: float32 sees copies
      return each((i, d) => Math.round(all[(i % Math.min(n, 5)) * size + d]) + 1e-9 * stream.below(4))
    case 'onCircles': {
      // about the first, which is the origin: four at a time as far away, up to rounding
      const length = (i: number) =>
        Math.sqrt(all.subarray(i * size, (i + 1) * size).reduce((sum, v) => sum + v * v, 0))
      const lengths = Array.from({ length: n }, (_, i) => length(i))
      return each((i, d) => (i ? Math.fround((all[i * size + d] / lengths[i]) * (1 + 0.05 * (i >> 2))) : 0))
    }
  }
}
