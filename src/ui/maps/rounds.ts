/** Which images of a map an arm has labelled, and when. */
import { lineOf, type Result, type Run } from '../../core/result.ts'

/** Runs whose picks are known, one an arm: that of its first seed. */
export function mappableRuns(result: Result | undefined, fingerprint: string | undefined): Run[] {
  if (!result || result.dataset.fingerprint !== fingerprint) return []
  const known = new Map<string, Run>()
  for (const run of result.runs) {
    const name = `${lineOf(run.arm)}@${run.arm.initialSize}`
    const first = known.get(name)
    if (run.points.some(p => p.record) && (!first || run.seed < first.seed)) known.set(name, run)
  }
  return [...known.values()]
}

/** Rows of the pool that any run has labelled, those of lower seeds first. */
export function pickedRows(result: Result | undefined): number[] {
  const runs = [...(result?.runs ?? [])].sort((a, b) => a.seed - b.seed)
  return [...new Set(runs.flatMap(run => run.points.flatMap(p => Array.from(p.record?.added ?? []))))]
}

/** The round of each image of a map in which it was labelled, -1 for never; and the label count of each round. */
export function roundsOf(run: Run, rows: Uint32Array): { group: Int16Array; labelCounts: number[] } {
  const rounds = new Map<number, number>()
  const records = run.points.flatMap(p => p.record ?? [])
  records.forEach(({ added }, round) => added.forEach(row => rounds.set(row, round)))
  return {
    group: Int16Array.from(rows, row => rounds.get(row) ?? -1),
    labelCounts: records.map(r => r.labelCount)
  }
}
