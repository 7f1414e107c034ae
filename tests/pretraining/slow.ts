/** The losses of self-supervision from their definitions: float64, plain loops, Math.exp; nothing shared with the source. */

export type Rows = number[][]

export const rowsOf = (values: ArrayLike<number>, size: number): Rows =>
  Array.from({ length: values.length / size }, (_, r) =>
    Array.from({ length: size }, (_, d) => values[r * size + d])
  )

const inner = (a: number[], b: number[]) => a.reduce((sum, v, d) => sum + v * b[d], 0)
export const unit = (a: number[]) => a.map(v => v / Math.sqrt(inner(a, a)))
export const cosine = (a: number[], b: number[]) => inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))

/** -ln softmax(logits)[target] */
const crossEntropy = (logits: number[], target: number) =>
  -Math.log(Math.exp(logits[target]) / logits.reduce((sum, v) => sum + Math.exp(v), 0))
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length

/** Chen et al. 2020, equation 1, averaged over all 2n anchors; rows i and i + n belong together. */
export function ntXent(z: Rows, temperature: number): number {
  const n = z.length / 2
  return mean(
    z.map((anchor, i) => {
      const partner = (i + n) % (2 * n)
      const similarity = (j: number) => Math.exp(cosine(anchor, z[j]) / temperature)
      let others = 0
      for (let j = 0; j < 2 * n; j++) if (j !== i) others += similarity(j)
      return -Math.log(similarity(partner) / others)
    })
  )
}

/** He et al. 2020, equation 1. */
export const infoNce = (queries: Rows, keys: Rows, queue: Rows, temperature: number) =>
  mean(
    queries.map((q, i) =>
      crossEntropy(
        [keys[i], ...queue].map(k => cosine(q, k) / temperature),
        0
      )
    )
  )

/** Wu et al. 2018, equation 2. */
export const instance = (v: Rows, ids: number[], bank: Rows, temperature: number) =>
  mean(
    v.map((row, i) =>
      crossEntropy(
        bank.map(b => cosine(row, b) / temperature),
        ids[i]
      )
    )
  )

/** Chen and He 2021, equation 1, mean over rows. */
export const negativeCosine = (p: Rows, z: Rows) => mean(p.map((row, i) => -cosine(row, z[i])))

export const classes = (logits: Rows, labels: ArrayLike<number>) =>
  mean(logits.map((row, i) => crossEntropy(row, labels[i])))

/** Central differences of a function of many numbers. */
export function differences(
  f: (x: Float64Array) => number,
  at: ArrayLike<number>,
  step = 1e-6
): Float64Array {
  const x = Float64Array.from(at)
  return x.map((v, i) => {
    x[i] = v + step
    const up = f(x)
    x[i] = v - step
    const down = f(x)
    x[i] = v
    return (up - down) / (2 * step)
  })
}
