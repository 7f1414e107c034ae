/**
 * UMAP (McInnes, Healy & Melville, 2018) by umap-js, with its defaults (15 neighbours, least distance 0.1; 300 steps, where it takes 500
 * for small sets) and draws of our own, so that the same features give the same map in the same browser. Its logarithms and powers are the engine's: a map is to be
 * looked at, and nothing that has a key stands on it.
 */
import { UMAP } from 'umap-js'
import { Purpose, rootKey, Stream } from '../../core/random.ts'

const NEIGHBOURS = 15
const STEPS = 300

/** Positions [rows, 2] of feature rows [rows, size]; `progress` is called after each of the steps. */
export function arrange(
  values: Float32Array,
  size: number,
  progress: (done: number, total: number) => void = () => {}
): Float32Array {
  const n = values.length / size
  // too few to have neighbours: along the first two components
  if (n < 4) return Float32Array.from({ length: 2 * n }, (_, i) => values[(i >> 1) * size + (i & 1)] ?? 0)
  const points = Array.from({ length: n }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)))
  const stream = new Stream(rootKey(1, Purpose.features))
  const umap = new UMAP({
    nNeighbors: Math.min(NEIGHBOURS, n - 1),
    nEpochs: STEPS,
    random: () => stream.uniform()
  })
  const total = umap.initializeFit(points)
  for (let step = 1; step <= total; step++) {
    umap.step()
    progress(step, total)
  }
  return Float32Array.from(umap.getEmbedding().flat())
}
