/**
 * What a link must carry so that its reader gives the verdicts that the records give: for every arm and label count the
 * sums against random, and against the leader of its initial size (which is who a ranking compares with).
 */
import {
  against,
  armKey,
  baselineOf,
  lineOf,
  otherSide,
  readLine,
  type Arm,
  type Discordance,
  type Result
} from '../result.ts'
import { fold } from '../curves.ts'
import { discordanceSums } from './discordance.ts'
import { leaderAt, sameTraining } from './verdict.ts'

type Compared = Pick<Discordance, 'arm' | 'labelCount' | 'against' | 'againstSelector'>

/** Computed from records; where those that came with the result are of more seeds, as of a link, they are it. */
export function discordances(result: Result): Discordance[] {
  const curves = fold(result)
  const { used } = curves.numerics
  const bits = new Map<string, Map<number, Uint8Array>>()
  const at = (arm: Arm, n: number) => `${armKey(arm)}@${n}`
  for (const run of result.runs) {
    if (run.numericsId !== used) continue
    for (const { labelCount, record } of run.points) {
      if (!record) continue
      const key = at(run.arm, labelCount)
      const seeds = bits.get(key) ?? new Map<number, Uint8Array>()
      bits.set(key, seeds.set(run.seed, record.measurement.correct))
    }
  }
  if (!bits.size || used === undefined) return result.discordances ?? []
  const sides = (d: Compared) => `${at(d.arm, d.labelCount)} ${armKey(otherSide(d))}`
  const given = new Map(
    (result.discordances ?? []).filter(d => d.numericsId === used).map(d => [sides(d), d])
  )

  const between = (arm: Arm, line: string, labelCount: number): Discordance | undefined => {
    const compared = against(arm, line)
    const other = otherSide({ arm, ...compared })
    const a = bits.get(at(arm, labelCount))
    const b = bits.get(at(other, labelCount))
    const seeds = a && b ? [...a.keys()].filter(s => b.has(s)).sort((x, y) => x - y) : []
    const mirrored = { arm: other, labelCount, ...against(other, lineOf(arm)) }
    const known = given.get(sides({ arm, labelCount, ...compared })) ?? given.get(sides(mirrored))
    // the sums do not know which side is which
    if (known && known.seeds.length > seeds.length) {
      const { seeds, images, cells } = known
      return { arm, labelCount, ...compared, numericsId: used, seeds, images, cells }
    }
    if (seeds.length < 2) return undefined
    const sums = discordanceSums(
      seeds.map(s => a!.get(s)!),
      seeds.map(s => b!.get(s)!)
    )
    return { arm, labelCount, ...compared, numericsId: used, seeds, ...sums }
  }
  const out: Discordance[] = []
  for (const { arm, points } of curves.curves) {
    const { strategy: line, initialSize } = arm
    for (const { labelCount } of points) {
      const others = new Set([baselineOf(line), leaderAt(curves, initialSize, labelCount)])
      for (const other of others) {
        if (other === undefined || other === line) continue
        // the other's own comparison says the same
        if (baselineOf(other) === line || sameTraining(line, other, initialSize, labelCount)) continue
        const d = between({ ...readLine(line), initialSize }, other, labelCount)
        if (d) out.push(d)
      }
    }
  }
  return out
}
