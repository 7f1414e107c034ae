/** How well neighbours say the class of an image: what encoders are measured by in this study. */
import type { Features } from '../../src/core/features.ts'
import { hashOrder } from '../../src/core/hashOrder.ts'
import { momentsOf, neighbourHits, standardised } from '../../src/core/pretraining/monitor.ts'
import { Purpose, rootKey } from '../../src/core/random.ts'
import { mean } from '../../src/core/statistics/interval.ts'
import type { View } from '../../src/core/view.ts'

/** Images that are asked about, at most; so many at a time against so many others. */
const [QUERIES, FOLD, REFERENCES] = [2000, 500, 1500]

/** Which of up to 2,000 images their neighbours name rightly; `equal`: every component has the same weight. */
export function hitsOf({ trueLabels }: View, { size, values }: Features, equal = false): Uint8Array {
  const order = hashOrder(rootKey(0, Purpose.pretraining), [...trueLabels.keys()])
  const of = (rows: Uint32Array) => {
    const out = new Float32Array(rows.length * size)
    rows.forEach((row, i) => out.set(values.subarray(row * size, (row + 1) * size), i * size))
    return out
  }
  const labels = (rows: Uint32Array) => Array.from(rows, row => trueLabels[row])
  const hits: number[] = []
  for (let start = 0; start < Math.min(QUERIES, order.length); start += FOLD) {
    const queries = order.slice(start, Math.min(start + FOLD, QUERIES))
    const references = order.filter((_, i) => i < start || i >= start + FOLD).slice(0, REFERENCES)
    const bank = of(references)
    const moments = momentsOf(bank, size)
    const seen = (rows: Float32Array) => (equal ? standardised(rows, moments) : rows)
    hits.push(...neighbourHits(seen(bank), labels(references), seen(of(queries)), labels(queries), size))
  }
  return Uint8Array.from(hits)
}

export const share = (hits: Uint8Array) => mean([...hits])
