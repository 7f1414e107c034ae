/**
 * Hierarchical agglomerative clustering with average linkage, by nearest-neighbour chains (Murtagh, 1983; Muellner, arXiv
 * 1109.2378): follow nearest neighbours until two are each other's, merge them, go on. O(n^2) time and memory; average
 * linkage is reducible, so the tree is the one that merging the closest pair again and again gives. Ties go to the lowest.
 */
import { Cloud } from './cloud.ts'

/**
 * Cuts the tree of `points` [n, size] (Euclidean distances) at min(count, n) clusters. Cluster of each point [n], numbered
 * by their lowest points.
 */
export function averageLinkage(points: Float64Array, size: number, count: number): Uint32Array {
  const n = points.length / size
  const merges = chain(distanceMatrix(points, size), n)
  merges.sort((a, b) => a.height - b.height || a.order - b.order)
  const parent = Uint32Array.from({ length: n }, (_, i) => i)
  const root = (i: number) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]]
    return i
  }
  for (const { a, b } of merges.slice(0, Math.max(0, n - count))) {
    const [low, high] = [root(a), root(b)].sort((x, y) => x - y)
    parent[high] = low
  }
  const number = new Map<number, number>()
  return Uint32Array.from({ length: n }, (_, i) => {
    const r = root(i)
    if (!number.has(r)) number.set(r, number.size)
    return number.get(r)!
  })
}

/** [n, n] */
function distanceMatrix(points: Float64Array, size: number): Float64Array {
  const n = points.length / size
  const matrix = new Float64Array(n * n)
  const cloud = new Cloud(points, size)
  for (let i = 0; i < n; i++) {
    const squared = cloud.distances(points, i)
    for (let j = 0; j < n; j++) matrix[i * n + j] = Math.sqrt(squared[j])
  }
  return matrix
}

interface Merge {
  a: number
  b: number
  height: number
  order: number
}

/** All merges of clusters, each named by one of its points. The matrix is used up. */
function chain(matrix: Float64Array, n: number): Merge[] {
  const weight = new Float64Array(n).fill(1)
  const alive = Uint32Array.from({ length: n }, (_, i) => i)
  let left = n
  const merges: Merge[] = []
  const path: number[] = []
  while (left > 1) {
    if (!path.length) path.push(alive[0])
    for (;;) {
      const a = path[path.length - 1]
      const before = path[path.length - 2]
      // the one the chain came from wins ties, or the chain would run in a circle
      let b = before ?? -1
      let least = before === undefined ? Infinity : matrix[a * n + before]
      for (let x = 0; x < left; x++) {
        const c = alive[x]
        if (c !== a && matrix[a * n + c] < least) [b, least] = [c, matrix[a * n + c]]
      }
      if (b === before) break
      path.push(b)
    }
    const a = path.pop()!
    const b = path.pop()!
    const [keep, gone] = a < b ? [a, b] : [b, a]
    merges.push({ a: keep, b: gone, height: matrix[a * n + b], order: merges.length })
    const total = weight[keep] + weight[gone]
    let kept = 0
    for (let x = 0; x < left; x++) {
      const c = alive[x]
      if (c === gone) continue
      alive[kept++] = c
      if (c === keep) continue
      const mean = (weight[keep] * matrix[keep * n + c] + weight[gone] * matrix[gone * n + c]) / total
      matrix[keep * n + c] = matrix[c * n + keep] = mean
    }
    left = kept
    weight[keep] = total
  }
  return merges
}
