/**
 * What a link must carry so that its reader gives the verdicts that the records give: for every arm and label count the
 * sums against random, and against the leader of its initial size (which is who a ranking compares with).
 */
import { armKey, type Arm, type Discordance, type Result } from '../result.ts'
import { fold } from '../curves.ts'
import { discordanceSums } from './discordance.ts'
import { BASELINE, leaderAt } from './verdict.ts'

/** Computed where both sides hold records for two seeds or more; where none do, those that came with the result. */
export function discordances(result: Result): Discordance[] {
  const curves = fold(result)
  const bits = new Map<string, Map<number, Uint8Array>>()
  const at = (arm: Arm, n: number) => `${armKey(arm)}@${n}`
  for (const run of result.runs) {
    if (run.numericsId !== curves.numerics.used) continue
    for (const { labelCount, record } of run.points) {
      if (!record) continue
      const key = at(run.arm, labelCount)
      const seeds = bits.get(key) ?? new Map<number, Uint8Array>()
      bits.set(key, seeds.set(run.seed, record.measurement.correct))
    }
  }
  if (!bits.size) return result.discordances ?? []

  const between = (arm: Arm, against: string, labelCount: number): Discordance | undefined => {
    const a = bits.get(at(arm, labelCount))
    const b = bits.get(at({ ...arm, strategy: against }, labelCount))
    if (!a || !b) return undefined
    const seeds = [...a.keys()].filter(s => b.has(s)).sort((x, y) => x - y)
    if (seeds.length < 2) return undefined
    const sums = discordanceSums(
      seeds.map(s => a.get(s)!),
      seeds.map(s => b.get(s)!)
    )
    return { arm, labelCount, ...(against === BASELINE ? {} : { against }), seeds, ...sums }
  }
  const out: Discordance[] = []
  for (const { arm, points } of curves.curves)
    for (const { labelCount } of points) {
      if (labelCount === arm.initialSize || arm.strategy === BASELINE) continue
      const leader = leaderAt(curves, arm.initialSize, labelCount)
      const against = new Set([BASELINE, leader ?? BASELINE])
      against.delete(arm.strategy)
      for (const other of against) {
        const d = between(arm, other, labelCount)
        if (d) out.push(d)
      }
    }
  return out
}
