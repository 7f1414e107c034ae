/**
 * Merging: results of one experiment that was computed in several places (shards of a batch job, a room full of laptops)
 * become one. They must be the same experiment but for the seeds, on the same view, bit for bit. The seeds of the merged
 * experiment are the smallest range that holds all of theirs; `missingSeeds` says which of that range nobody computed, so a
 * gap is neither hidden nor filled. A run is known by (arm, seed, numericsId): where two results have the same one they
 * must agree in every count and pick, and the longer is kept.
 */
import { differentRows } from '../experiment/compare.ts'
import { armsOf, countsOf, seedsOf } from '../experiment/parts.ts'
import { tidy } from '../experiment/read.ts'
import { table, type Experiment } from '../experiment/table.ts'
import { sameRound, sameValues } from '../record.ts'
import { armKey, otherSide, RANDOM, type Discordance, type Point, type Result, type Run } from '../result.ts'
import { checkResult, Counts } from './check.ts'
import { ExchangeError } from './errors.ts'

function mergedSeeds(experiments: readonly Experiment[]): Pick<Experiment, 'firstSeed' | 'seeds'> {
  const firstSeed = Math.min(...experiments.map(e => e.firstSeed))
  const seeds = Math.max(...experiments.map(e => e.firstSeed + e.seeds)) - firstSeed
  const { max } = table.seeds
  if (seeds > max) throw new ExchangeError('seedsApart', 'seeds', { seeds, limit: max })
  return { firstSeed, seeds }
}

/** One point for two of the same label count; undefined if they disagree. */
function mergePoint(a: Point, b: Point): Point | undefined {
  if (a.correct !== b.correct) return undefined
  if (a.record && b.record && !sameRound(a.record, b.record)) return undefined
  return a.record ? a : b
}

/** Arms share trainings: what two results say of one must agree wherever it stands. */
function refuseUnlikeTrainings(results: readonly Result[]): void {
  const known = new Map<string, Uint8Array>()
  const disagree: string[] = []
  for (const run of results.flatMap(r => r.runs))
    for (const { labelCount, record } of run.points) {
      if (!record) continue
      const { correct } = record.measurement
      const other = known.get(record.trainingKey)
      if (!other) known.set(record.trainingKey, correct)
      else if (other !== correct && !sameValues(other, correct))
        disagree.push(`${armKey(run.arm)} seed ${run.seed} at ${labelCount}`)
    }
  refuse('runs', disagree)
}

const runName = (run: Run) => `${armKey(run.arm)} ${run.seed} ${run.numericsId}`

function mergeRuns(results: readonly Result[]): Run[] {
  const merged = new Map<string, Map<number, Point>>()
  const first = new Map<string, Run>()
  const disagree: string[] = []
  for (const run of results.flatMap(r => r.runs)) {
    const name = runName(run)
    if (!first.has(name)) first.set(name, run)
    const points = merged.get(name) ?? new Map<number, Point>()
    merged.set(name, points)
    for (const point of run.points) {
      const known = points.get(point.labelCount)
      const both = known ? mergePoint(known, point) : point
      if (both) points.set(point.labelCount, both)
      else disagree.push(`${armKey(run.arm)} seed ${run.seed} at ${point.labelCount}`)
    }
  }
  refuse('runs', disagree)
  return [...first].map(([name, { arm, seed, numericsId }]) => {
    const points = [...merged.get(name)!.values()].sort((a, b) => a.labelCount - b.labelCount)
    return { arm, seed, numericsId, points }
  })
}

/** Equal keys promise equal bits: who disagrees is broken (or forged), and nobody can say here which one. */
function refuse(field: string, disagree: readonly string[]): void {
  if (!disagree.length) return
  const shown = [...new Set(disagree)]
  const list = shown.slice(0, 10).join(', ') + (shown.length > 10 ? ', ...' : '')
  throw new ExchangeError('disagreement', field, { list, count: shown.length })
}

function mergeCeilings(results: readonly Result[]): Result['ceiling'] {
  const merged = new Map<string, Result['ceiling'][number]>()
  const disagree: string[] = []
  for (const c of results.flatMap(r => r.ceiling)) {
    const name = `${c.seed} ${c.numericsId}`
    const known = merged.get(name)
    if (known && (known.correct !== c.correct || known.labelCount !== c.labelCount))
      disagree.push(`seed ${c.seed}`)
    if (!known) merged.set(name, c)
  }
  refuse('ceiling', disagree)
  return [...merged.values()].sort((a, b) => a.seed - b.seed)
}

/**
 * One result of several. Runs come in the order of arms and seeds. Sums that came with results without records
 * (discordances) belong to their seeds and cannot be added up: they are kept where the label count has no other seeds, and must
 * agree as all else.
 * Throws ExchangeError: 'differentExperiment', 'differentData', 'disagreement' (with a list), 'laterVersion'.
 */
export function mergeResults(results: readonly Result[]): Result {
  if (!results.length) throw new ExchangeError('nothingToMerge')
  const [head, ...others] = results
  for (const result of results)
    if (result.unknown?.length) throw new ExchangeError('laterVersion', 'experiment')
  for (const other of others) {
    const [row, ...more] = differentRows(head.experiment, other.experiment)
    if (row) throw new ExchangeError('differentExperiment', row, { more: more.length })
    if (
      other.dataset.fingerprint !== head.dataset.fingerprint ||
      other.dataset.testSize !== head.dataset.testSize
    )
      throw new ExchangeError('differentData', 'dataset.fingerprint')
  }
  const experiment = { ...tidy(head.experiment), ...mergedSeeds(results.map(r => r.experiment)) }
  const { strategies, selectors, initialSizes } = experiment
  refuseUnlikeTrainings(results)
  const runs = mergeRuns(results).sort(
    (a, b) =>
      initialSizes.indexOf(a.arm.initialSize) - initialSizes.indexOf(b.arm.initialSize) ||
      selectors.indexOf(a.arm.selector ?? RANDOM) - selectors.indexOf(b.arm.selector ?? RANDOM) ||
      strategies.indexOf(a.arm.strategy) - strategies.indexOf(b.arm.strategy) ||
      a.seed - b.seed
  )
  const numerics = new Map(results.flatMap(r => r.numerics).map(m => [m.id, m]))
  // results of before it was told have none
  const majority = results.find(r => r.dataset.majority !== undefined)?.dataset.majority
  const merged: Result = {
    experiment,
    dataset: { ...head.dataset, ...(majority === undefined ? {} : { majority }) },
    numerics: [...numerics.values()],
    runs,
    ceiling: mergeCeilings(results)
  }
  const incomplete = results.find(r => r.incomplete !== undefined)?.incomplete
  if (incomplete !== undefined && hasGaps(merged)) merged.incomplete = incomplete
  const kept = keptDiscordances(results, runs)
  if (kept.length) merged.discordances = kept
  checkResult(merged)
  return merged
}

/** Whether a seed that has a run lacks a point of an arm, under whatever numerics: another part may have filled what one had to leave out. */
function hasGaps({ experiment, runs }: Result): boolean {
  const seeds = new Set(runs.map(run => run.seed)).size
  const wanted = armsOf(experiment).reduce((sum, arm) => sum + countsOf(experiment, arm).length, 0)
  const there = runs.flatMap(({ arm, seed, points }) =>
    points.map(p => `${armKey(arm)} ${seed} ${p.labelCount}`)
  )
  return new Set(there).size < seeds * wanted
}

function keptDiscordances(results: readonly Result[], runs: readonly Run[]): Discordance[] {
  const counts = new Counts(runs)
  const kept = new Map<string, Discordance>()
  const disagree: string[] = []
  for (const d of results.flatMap(r => r.discordances ?? [])) {
    if (counts.common(d).length !== d.seeds.length) continue
    const name = `${armKey(d.arm)} ${d.labelCount} ${armKey(otherSide(d))} ${d.numericsId}`
    const known = kept.get(name)
    if (known && (known.images !== d.images || known.cells !== d.cells))
      disagree.push(`${armKey(d.arm)} at ${d.labelCount}`)
    kept.set(name, d)
  }
  refuse('discordances', disagree)
  return [...kept.values()]
}

/** Seeds of the experiment that have no run at all, as `3, 5–8`, or '' if there are none: a merged range may have gaps. */
export function missingSeeds({ experiment, runs }: Pick<Result, 'experiment' | 'runs'>): string {
  const there = new Set(runs.filter(run => run.points.length).map(run => run.seed))
  const missing = seedsOf(experiment).filter(seed => !there.has(seed))
  const first = missing.filter((seed, i) => missing[i - 1] !== seed - 1)
  const last = missing.filter((seed, i) => missing[i + 1] !== seed + 1)
  return first.map((from, i) => (from === last[i] ? `${from}` : `${from}\u2013${last[i]}`)).join(', ')
}
