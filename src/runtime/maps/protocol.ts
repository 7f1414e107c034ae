/** The messages between the page and a worker that arranges points by UMAP: one arrangement, then the worker ends. */

export type ToMapper = { values: Float32Array; size: number }

export type FromMapper =
  { type: 'progress'; done: number; total: number } | { type: 'done'; positions: Float32Array }
