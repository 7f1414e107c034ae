/**
 * One arm in two results on the same images: of another training mode, another query size, other settings. Paired by seed, which
 * draws the same first images and initial weights in both where their settings let it; seeds and test images count as sources of
 * error (paired.ts). What is compared is what the two have in common: same arm, same label count, same test images.
 */
import type { Curves } from '../curves.ts'
import { tidy } from '../experiment/read.ts'
import { canonical } from '../keys.ts'
import { armKey, type Arm, type Result } from '../result.ts'
import { discordanceSums } from './discordance.ts'
import { compareCrossed, type Comparison } from './paired.ts'

/** How one result stands to another: the same experiment, of other images, without an arm in common, or with some. */
export type Relation = 'same' | 'otherImages' | 'apart' | 'common'

export function relationOf(a: Result, b: Result): Relation {
  // a data set's name is nothing to its images; of what a later version knows, nobody knows here what it does
  const what = ({ experiment, unknown }: Result) => {
    const { source, ...rows } = tidy(experiment)
    return canonical([source.kind === 'stored' ? source.fingerprint : source.id, rows, unknown ?? []])
  }
  if (what(a) === what(b)) return 'same'
  if (a.dataset.fingerprint !== b.dataset.fingerprint || a.dataset.testSize !== b.dataset.testSize)
    return 'otherImages'
  const arms = new Set(a.runs.map(run => armKey(run.arm)))
  return b.runs.some(run => arms.has(armKey(run.arm))) ? 'common' : 'apart'
}

/**
 * What an arm is more than the same arm in other curves of the same test images, in accuracy; undefined where they have no two
 * seeds in common whose answers to single images are known.
 */
export function across(curves: Curves, other: Curves, arm: Arm, labelCount: number): Comparison | undefined {
  const [a, b] = [curves, other].map(c => c.answers(arm, labelCount))
  if (!a || !b) return undefined
  const seeds = [...a.keys()].filter(s => a.get(s)!.bits && b.get(s)?.bits)
  const sums = seeds.map(s => a.get(s)!.correct - b.get(s)!.correct)
  const bits = (of: typeof a) => seeds.map(s => of.get(s)!.bits!)
  return compareCrossed({ sums, ...discordanceSums(bits(a), bits(b)), testSize: curves.testSize })
}
