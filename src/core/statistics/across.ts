/**
 * One arm in two results on the same images: of another training mode, another query size, other settings. Paired by seed, which
 * draws the same first images and initial weights in both where their settings let it; seeds and test images count as sources of
 * error (paired.ts). What is compared is what the two have in common: same arm, same label count, same test images.
 */
import { fold } from '../curves.ts'
import { armKey, type Arm, type Result } from '../result.ts'
import { discordanceSums } from './discordance.ts'
import { compareCrossed, type Comparison } from './paired.ts'

/** Whether the accuracies of two results are of the same test images, out of the same view. */
export const sameImages = (a: Result, b: Result): boolean =>
  a.dataset.fingerprint === b.dataset.fingerprint && a.dataset.testSize === b.dataset.testSize

type Bits = ReadonlyMap<string, ReadonlyMap<number, { correct: number; bits?: Uint8Array }>>

function bitsOf(result: Result): Bits {
  const { used } = fold(result).numerics
  const found = new Map<string, Map<number, { correct: number; bits?: Uint8Array }>>()
  for (const run of result.runs) {
    if (run.numericsId !== used) continue
    for (const { labelCount, correct, record } of run.points) {
      const key = `${armKey(run.arm)} ${labelCount}`
      const seeds = found.get(key) ?? new Map()
      found.set(key, seeds.set(run.seed, { correct, bits: record?.measurement.correct }))
    }
  }
  return found
}

/**
 * What an arm of the first result is more than the same arm of the second, in accuracy; undefined where they have no two seeds in
 * common whose answers to single images are known, or other images.
 */
export function across(
  result: Result,
  other: Result
): (arm: Arm, labelCount: number) => Comparison | undefined {
  if (!sameImages(result, other)) return () => undefined
  const { testSize } = result.dataset
  const [mine, its] = [bitsOf(result), bitsOf(other)]
  return (arm, labelCount) => {
    const key = `${armKey(arm)} ${labelCount}`
    const [a, b] = [mine.get(key), its.get(key)]
    if (!a || !b) return undefined
    const seeds = [...a.keys()].filter(s => a.get(s)!.bits && b.get(s)?.bits).sort((x, y) => x - y)
    const sums = seeds.map(s => a.get(s)!.correct - b.get(s)!.correct)
    const bits = (of: typeof a) => seeds.map(s => of.get(s)!.bits!)
    return compareCrossed({ sums, ...discordanceSums(bits(a), bits(b)), testSize })
  }
}
