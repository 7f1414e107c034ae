/**
 * Distances from embeddings to the decision boundaries of a linear head (Emam et al., arXiv 2111.12880). Between the
 * predicted class y and another class c the boundary is a hyperplane, at
 * D_c(h) = (logit_y - logit_c) / ||w_y - w_c||. The table of ||w_y - w_c|| is made once: O(rows x classes) from the logits.
 */
export interface Boundaries {
  /** predicted class, the lowest of equal logits [rows] */
  predicted: Uint32Array
  /** distance to the boundary with each class, Infinity for the predicted one and for classes whose weights equal its own [rows, classes] */
  distance: Float64Array
  /** the smallest of a row [rows] */
  margin: Float64Array
}

/** `embeddings` [rows, size]; `weight` [size, classes]; `bias` [classes]. */
export function boundaryDistances(
  embeddings: ArrayLike<number>,
  size: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>
): Boundaries {
  const classes = bias.length
  const rows = embeddings.length / size
  const apart = new Float64Array(classes * classes)
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < classes; b++) {
      let squares = 0
      for (let d = 0; d < size; d++) {
        const diff = weight[d * classes + a] - weight[d * classes + b]
        squares += diff * diff
      }
      apart[a * classes + b] = Math.sqrt(squares)
    }
  const predicted = new Uint32Array(rows)
  const distance = new Float64Array(rows * classes).fill(Infinity)
  const margin = new Float64Array(rows).fill(Infinity)
  const logits = new Float64Array(classes)
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < classes; c++) logits[c] = bias[c]
    for (let d = 0; d < size; d++) {
      const h = embeddings[i * size + d]
      if (h !== 0) for (let c = 0; c < classes; c++) logits[c] += h * weight[d * classes + c]
    }
    let y = 0
    for (let c = 1; c < classes; c++) if (logits[c] > logits[y]) y = c
    predicted[i] = y
    for (let c = 0; c < classes; c++) {
      const between = apart[y * classes + c]
      if (c === y || between === 0) continue
      const d = (logits[y] - logits[c]) / between
      distance[i * classes + c] = d
      if (d < margin[i]) margin[i] = d
    }
  }
  return { predicted, distance, margin }
}
