/**
 * Final weights of trainings that the next round goes on from (recipes that carry state), by training key, as long as
 * they fit. What is dropped, or gone after a reload, is found again by training the run's earlier rounds once more: by the
 * law that ends with the same bits.
 */

/** floats kept: 64 MB */
const MOST = 1 << 24

export class States {
  private readonly weights = new Map<string, Float32Array>()
  private floats = 0

  constructor(private readonly most = MOST) {}

  keep(trainingKey: string, weights: Float32Array): void {
    if (this.weights.has(trainingKey)) return
    this.weights.set(trainingKey, weights)
    this.floats += weights.length
    for (const [oldest, { length }] of this.weights) {
      if (this.floats <= this.most) return
      this.weights.delete(oldest)
      this.floats -= length
    }
  }

  of(trainingKey: string): Float32Array | undefined {
    return this.weights.get(trainingKey)
  }
}
