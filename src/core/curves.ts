/**
 * Curves: a result folded into arms and exact label counts, the one thing that charts and statistics look at. Nothing
 * is interpolated: where nobody measured there is no point. Runs of different numerics are never joined; the numerics
 * with most runs make the curves, and the others are named so that the page can say so.
 */
import { countsOf, linesOf } from './experiment/parts.ts'
import { areasSoFar } from './statistics/area.ts'
import { discordanceSums } from './statistics/discordance.ts'
import { mean, tInterval, type Interval } from './statistics/interval.ts'
import { compareCrossed, type Comparison } from './statistics/paired.ts'
import { armKey, lineOf, otherSide, type Arm, type Discordance, type Result, type Run } from './result.ts'

/** One arm at one label count, over the seeds that were measured there. */
export interface CurvePoint {
  labelCount: number
  /** ascending */
  seeds: number[]
  /** right test images of each seed [seeds] */
  correct: number[]
  /** accuracy of each seed [seeds] */
  values: number[]
  mean: number
  /** 95 % t-interval over the seeds; absent with one */
  interval?: Interval
  /** classes that have a labelled image, mean over the seeds that say; absent where none does (links) */
  classes?: number
  /**
   * area under the curve up to here (AUBC; statistics/area.ts), mean over the seeds that all points up to here have; absent at
   * the arm's first point, behind a gap, and where no seed has them all
   */
  area?: number
  /** fewer seeds than the best measured point has: still to move */
  provisional: boolean
}

export interface ArmCurve {
  arm: Arm
  /** ascending in label count */
  points: CurvePoint[]
}

export interface Ceiling {
  labelCount: number
  seeds: number[]
  mean: number
  interval?: Interval
}

export interface Curves {
  /**
   * lines (core/result.ts) in the order of the experiment, initial sizes ascending: those that have a run. Here and in
   * everything that reads curves an arm's line stands in its strategy's place
   */
  strategies: string[]
  initialSizes: number[]
  curves: ArmCurve[]
  /** label counts at which at least one arm was measured, ascending */
  labelCounts: number[]
  /** where the x axis ends: the budget, or the last count if somebody measured further */
  budget: number
  testSize: number
  /** most seeds that any point has */
  seeds: number
  /** accuracy with the whole pool labelled */
  ceiling?: Ceiling
  /** what the curves come from, and the runs of other numerics that were left out */
  numerics: { used: string | undefined; runs: number; others: { id: string; runs: number }[] }
  /** a training depends on the rounds before it: Random is not the same training for all initial sizes */
  carried: boolean
  /** paired by seed, images counted as a source of error; undefined where two common seeds or the images are missing */
  compare(a: Arm, b: Arm, labelCount: number): Comparison | undefined
  /** what its trainings answered there, by seed */
  answers(arm: Arm, labelCount: number): ReadonlyMap<number, Readonly<Cell>> | undefined
}

/** The numerics with most runs; ties by points, then by first appearance. */
function chooseNumerics(runs: readonly Run[]): Curves['numerics'] {
  const count = new Map<string, { runs: number; points: number }>()
  for (const run of runs) {
    const c = count.get(run.numericsId) ?? { runs: 0, points: 0 }
    c.runs++
    c.points += run.points.length
    count.set(run.numericsId, c)
  }
  const ids = [...count].sort((a, b) => b[1].runs - a[1].runs || b[1].points - a[1].points)
  return {
    used: ids[0]?.[0],
    runs: ids[0]?.[1].runs ?? 0,
    others: ids.slice(1).map(([id, c]) => ({ id, runs: c.runs }))
  }
}

/** What one training answered. */
interface Cell {
  correct: number
  bits?: Uint8Array
  classes?: number
}
/** by arm, label count, seed */
type Cells = Map<string, Map<number, Map<number, Cell>>>

function gather(runs: readonly Run[]): Cells {
  const cells: Cells = new Map()
  const inside = <K, V>(map: Map<K, Map<number, V>>, key: K) => {
    let inner = map.get(key)
    if (!inner) map.set(key, (inner = new Map()))
    return inner
  }
  for (const run of runs)
    for (const p of run.points)
      inside(inside(cells, armKey(run.arm)), p.labelCount).set(run.seed, {
        correct: p.correct,
        bits: p.record?.measurement.correct,
        classes: p.record?.classCounts.filter(count => count > 0).length
      })
  return cells
}

function comparer(cells: Cells, testSize: number, given: readonly Discordance[]): Curves['compare'] {
  const key = (a: Arm, b: Arm, n: number) => `${armKey(a)} ${armKey(b)} ${n}`
  const summed = new Map(given.map(d => [key(d.arm, otherSide(d), d.labelCount), d]))
  const known = new Map<string, Comparison | undefined>()
  const compute = (a: Arm, b: Arm, n: number): Comparison | undefined => {
    const ofA = cells.get(armKey(a))?.get(n)
    const ofB = cells.get(armKey(b))?.get(n)
    if (!ofA || !ofB) return undefined
    const sumsOf = (seeds: number[]) => seeds.map(s => ofA.get(s)!.correct - ofB.get(s)!.correct)
    const exact = [...ofA.keys()].filter(s => ofA.get(s)!.bits && ofB.get(s)?.bits)
    const d = summed.get(key(a, b, n)) ?? summed.get(key(b, a, n))
    if (d && d.seeds.length > exact.length && d.seeds.every(s => ofA.has(s) && ofB.has(s)))
      return compareCrossed({ sums: sumsOf(d.seeds), images: d.images, cells: d.cells, testSize })
    const bits = (of: Map<number, Cell>) => exact.map(s => of.get(s)!.bits!)
    return compareCrossed({ sums: sumsOf(exact), ...discordanceSums(bits(ofA), bits(ofB)), testSize })
  }
  return (a, b, n) => {
    const k = key(a, b, n)
    if (!known.has(k)) known.set(k, compute(a, b, n))
    return known.get(k)
  }
}

/** The t-interval of a mean accuracy, cut at 0 and 1: two seeds can ask for more than there is. */
function accuracyInterval(values: readonly number[]): Interval | undefined {
  const interval = tInterval(values)
  return interval && { low: Math.max(0, interval.low), high: Math.min(1, interval.high) }
}

/**
 * Mean accuracy of trainings with so many right test images each. From the sum of the counts, so that equal sums are equal means:
 * who is first of those that are level is never a matter of rounding.
 */
const meanAccuracy = (correct: readonly number[], testSize: number) =>
  correct.reduce((sum, count) => sum + count, 0) / (correct.length * testSize)

function pointOf(labelCount: number, bySeed: Map<number, Cell>, testSize: number, most: number): CurvePoint {
  const seeds = [...bySeed.keys()].sort((a, b) => a - b)
  const correct = seeds.map(s => bySeed.get(s)!.correct)
  const values = correct.map(c => c / testSize)
  const classes = seeds.flatMap(s => bySeed.get(s)!.classes ?? [])
  return {
    labelCount,
    seeds,
    correct,
    values,
    mean: meanAccuracy(correct, testSize),
    interval: accuracyInterval(values),
    ...(classes.length ? { classes: mean(classes) } : {}),
    provisional: seeds.length < most
  }
}

/** Gives the points of an arm their areas. `grid`: the label counts it is to be measured at, where they are known. */
function addAreas(points: CurvePoint[], grid: readonly number[] | undefined): void {
  const areas = areasSoFar(points, grid)
  points.forEach((point, i) => {
    if (areas[i] !== undefined) point.area = areas[i]
  })
}

function ceilingOf(result: Result, used: string | undefined): Ceiling | undefined {
  const id = used ?? result.ceiling[0]?.numericsId
  const runs = result.ceiling.filter(c => c.numericsId === id)
  if (!runs.length) return undefined
  const { testSize } = result.dataset
  const correct = runs.map(c => c.correct)
  return {
    labelCount: runs[0].labelCount,
    seeds: runs.map(c => c.seed).sort((a, b) => a - b),
    mean: meanAccuracy(correct, testSize),
    interval: accuracyInterval(correct.map(c => c / testSize))
  }
}

/** Folds a result into curves. */
export function fold(result: Result): Curves {
  const { testSize } = result.dataset
  const numerics = chooseNumerics(result.runs)
  const runs = result.runs.filter(run => run.numericsId === numerics.used && run.points.length > 0)
  const cells = gather(runs)
  const arms = runs.map(run => run.arm)
  const initialSizes = [...new Set(arms.map(a => a.initialSize))].sort((a, b) => a - b)
  const seen = new Set(arms.map(lineOf))
  const strategies = [...new Set([...linesOf(result.experiment), ...seen])].filter(s => seen.has(s))
  const counts = [...cells.values()].flatMap(byCount => [...byCount.keys()])
  const labelCounts = [...new Set(counts)].sort((a, b) => a - b)
  const seeds = Math.max(0, ...[...cells.values()].flatMap(c => [...c.values()].map(s => s.size)))

  const curves = initialSizes.flatMap(initialSize =>
    strategies.flatMap((strategy): ArmCurve[] => {
      const arm = { strategy, initialSize }
      const byCount = cells.get(armKey(arm))
      if (!byCount) return []
      const points = [...byCount]
        .sort((a, b) => a[0] - b[0])
        .map(([n, bySeed]) => pointOf(n, bySeed, testSize, seeds))
      const grid = result.unknown?.length ? undefined : countsOf(result.experiment, arm)
      addAreas(points, grid)
      return [{ arm, points }]
    })
  )
  return {
    strategies,
    initialSizes,
    curves,
    labelCounts,
    budget: Math.max(result.experiment.budget, 0, ...labelCounts),
    testSize,
    seeds,
    ceiling: ceilingOf(result, numerics.used),
    numerics,
    carried: result.experiment.mode === 'warm',
    answers: (arm, labelCount) => cells.get(armKey(arm))?.get(labelCount),
    compare: comparer(
      cells,
      testSize,
      (result.discordances ?? []).filter(d => d.numericsId === numerics.used)
    )
  }
}

export function curveOf(curves: Curves, arm: Arm): ArmCurve | undefined {
  return curves.curves.find(c => c.arm.strategy === arm.strategy && c.arm.initialSize === arm.initialSize)
}

/** The arm's point at exactly this label count, if anybody measured it. */
export function pointAt(curves: Curves, arm: Arm, labelCount: number): CurvePoint | undefined {
  return curveOf(curves, arm)?.points.find(p => p.labelCount === labelCount)
}

/** One strategy over the initial sizes at N labels: gaps where nobody measured. */
export interface StrategyAtLabels {
  strategy: string
  /** one entry for each initial size of the curves */
  points: { initialSize: number; point?: CurvePoint }[]
}

export function atLabels(curves: Curves, labelCount: number): StrategyAtLabels[] {
  return curves.strategies.map(strategy => ({
    strategy,
    points: curves.initialSizes.map(initialSize => ({
      initialSize,
      point: pointAt(curves, { strategy, initialSize }, labelCount)
    }))
  }))
}

/** The measured label count nearest to n; the smaller of two equally near ones. Undefined when nothing is measured. */
export function nearestCount(counts: readonly number[], n: number): number | undefined {
  let best: number | undefined
  for (const c of counts) if (best === undefined || Math.abs(c - n) < Math.abs(best - n)) best = c
  return best
}

/** Whether two points are of the same counts with every seed that both have, one at least. */
export function sameCounts(a: CurvePoint, b: CurvePoint): boolean {
  const common = a.seeds.filter(seed => b.seeds.includes(seed))
  const correct = (p: CurvePoint, seed: number) => p.correct[p.seeds.indexOf(seed)]
  return common.length > 0 && common.every(seed => correct(a, seed) === correct(b, seed))
}
