/** What entries read out of results: bits, counts and picks by seed. */
import { discordanceSums } from '../../src/core/statistics/discordance.ts'
import { compareCrossed, type Comparison } from '../../src/core/statistics/paired.ts'
import type { RoundRecord } from '../../src/core/record.ts'
import { armKey, type Arm, type Result, type Run } from '../../src/core/result.ts'

/** The runs of an arm, by seed ascending. */
export const runsOf = (result: Result, arm: Arm): Run[] =>
  result.runs.filter(run => armKey(run.arm) === armKey(arm)).sort((a, b) => a.seed - b.seed)

/** The record of each seed at a label count. Throws where one is missing. */
export function recordsAt(result: Result, arm: Arm, labelCount: number): RoundRecord[] {
  return runsOf(result, arm).map(({ seed, points }) => {
    const record = points.find(p => p.labelCount === labelCount)?.record
    if (!record) throw new Error(`${armKey(arm)}, seed ${seed}: nothing measured at ${labelCount} labels`)
    return record
  })
}

/** An arm of a result at a label count. */
export interface Place {
  result: Result
  arm: Arm
  labelCount: number
}

/** A less B, paired by seed, images counted as a source of error; the two may be of different experiments on one test part. */
export function compareAt(a: Place, b: Place): Comparison | undefined {
  const { dataset } = a.result
  if (dataset.fingerprint !== b.result.dataset.fingerprint) throw new Error('two test parts do not compare')
  const bits = ({ result, arm, labelCount }: Place) =>
    recordsAt(result, arm, labelCount).map(record => record.measurement.correct)
  const [A, B] = [bits(a), bits(b)]
  const count = (side: Uint8Array[]) => side.map(bytes => bytes.reduce((n, byte) => n + ones(byte), 0))
  const [right, other] = [count(A), count(B)]
  return compareCrossed({
    sums: right.map((n, s) => n - other[s]),
    ...discordanceSums(A, B),
    testSize: dataset.testSize
  })
}

/** The same of hits and misses, [seeds] of [images] of 0 and 1. */
export function compareHits(a: readonly Uint8Array[], b: readonly Uint8Array[]): Comparison | undefined {
  const testSize = a[0].length
  const net = new Int32Array(testSize)
  let cells = 0
  const sums = a.map((hits, s) => {
    let sum = 0
    hits.forEach((hit, i) => {
      const d = hit - b[s][i]
      net[i] += d
      cells += d * d
      sum += d
    })
    return sum
  })
  return compareCrossed({ sums, images: net.reduce((total, n) => total + n * n, 0), cells, testSize })
}

function ones(byte: number): number {
  let n = 0
  for (; byte; byte &= byte - 1) n++
  return n
}

/** Mean over the classes of the share of a class's test images that are right. `labels` [test]. */
export function balancedAccuracy(correct: Uint8Array, labels: ArrayLike<number>, classes: number): number {
  const right = new Float64Array(classes)
  const all = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    all[labels[i]]++
    if ((correct[i >> 3] >> (i & 7)) & 1) right[labels[i]]++
  }
  const present = [...all.keys()].filter(c => all[c] > 0)
  return present.reduce((sum, c) => sum + right[c] / all[c], 0) / present.length
}

/** How flat a histogram is: its entropy over that of the flat one (Pielou's evenness), 0 .. 1. */
export function evenness(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0)
  const entropy = counts.reduce((h, c) => (c ? h - (c / total) * Math.log(c / total) : h), 0)
  return entropy / Math.log(counts.length)
}
