/**
 * What a result must satisfy beyond the kinds of its fields: everything it says twice must agree, and everything it names
 * must be listed. Files and links go through the same checks.
 */
import { countsOf } from '../experiment/parts.ts'
import type { Experiment } from '../experiment/table.ts'
import { getOrMake } from '../getOrMake.ts'
import { countCorrect, type RoundRecord } from '../record.ts'
import {
  armKey,
  otherSide,
  RANDOM,
  type Arm,
  type Discordance,
  type Point,
  type Result,
  type Run
} from '../result.ts'
import { ExchangeError } from './errors.ts'

const fail = (
  code: 'notListed' | 'notAscending' | 'repeated' | 'inconsistent' | 'outOfRange',
  field: string
) => {
  throw new ExchangeError(code, field)
}

function checkRecord(record: RoundRecord, point: Point, result: Result, at: string): void {
  const { measurement: m, classCounts } = record
  const classes = result.dataset.classNames.length
  if (record.labelCount !== point.labelCount || m.labelCount !== point.labelCount)
    fail('inconsistent', `${at}.record.labelCount`)
  if (m.testSize !== result.dataset.testSize) fail('inconsistent', `${at}.record.testSize`)
  if (countCorrect(m.correct) !== point.correct) fail('inconsistent', `${at}.correct`)
  if (m.predicted.length !== classes) fail('inconsistent', `${at}.record.predicted`)
  if (classCounts.length !== classes || classCounts.reduce((a, b) => a + b, 0) !== point.labelCount)
    fail('inconsistent', `${at}.record.classCounts`)
}

/** The label counts an arm is measured at, each with the number of labels that its round adds. */
function roundsOf(e: Experiment, arm: Arm): ReadonlyMap<number, number> {
  const counts = countsOf(e, arm)
  return new Map(counts.map((n, i) => [n, i ? n - counts[i - 1] : n]))
}

/** Rows that were labelled: each once in a run, all in the pool, as many as the grid says. */
function checkAdded(
  run: Run,
  grid: ReadonlyMap<number, number> | undefined,
  poolSize: number,
  at: string
): void {
  const labelled = new Set<number>()
  for (const [j, { labelCount, record }] of run.points.entries()) {
    if (!record) continue
    const field = `${at}.points.${j}.record.added`
    const expected = grid?.get(labelCount)
    if (expected === undefined ? record.added.length > labelCount : record.added.length !== expected)
      fail('inconsistent', field)
    for (const row of record.added) {
      if (row >= poolSize) fail('outOfRange', field)
      if (labelled.has(row)) fail('repeated', field)
      labelled.add(row)
    }
  }
}

function checkRun(
  run: Run,
  at: string,
  result: Result,
  numerics: ReadonlySet<string>,
  grid: ReadonlyMap<number, number> | undefined
): void {
  const { experiment: e, dataset } = result
  if (!e.strategies.includes(run.arm.strategy)) fail('notListed', `${at}.arm.strategy`)
  if (!e.selectors.includes(run.arm.selector ?? RANDOM)) fail('notListed', `${at}.arm.selector`)
  if (!e.initialSizes.includes(run.arm.initialSize)) fail('notListed', `${at}.arm.initialSize`)
  if (run.seed < e.firstSeed || run.seed >= e.firstSeed + e.seeds) fail('notListed', `${at}.seed`)
  if (!numerics.has(run.numericsId)) fail('notListed', `${at}.numericsId`)
  let before = 0
  for (const [j, point] of run.points.entries()) {
    const { labelCount, correct, record } = point
    if (labelCount <= before) fail('notAscending', `${at}.points.${j}.labelCount`)
    if (grid && !grid.has(labelCount)) fail('notListed', `${at}.points.${j}.labelCount`)
    if (correct > dataset.testSize) fail('outOfRange', `${at}.points.${j}.correct`)
    if (record) checkRecord(record, point, result, `${at}.points.${j}`)
    before = labelCount
  }
  checkAdded(run, grid, dataset.poolSize, at)
}

type Compared = Omit<Discordance, 'images' | 'cells' | 'seeds'>

/** Right test images of every run, to be looked up by arm, label count, numerics and seed. */
export class Counts {
  readonly #counts = new Map<string, Map<number, Map<number, number>>>()
  constructor(runs: readonly Run[]) {
    for (const { arm, seed, numericsId, points } of runs) {
      const byCount = getOrMake(this.#counts, this.#key(arm, numericsId), () => new Map())
      for (const { labelCount, correct } of points)
        getOrMake(byCount, labelCount, () => new Map()).set(seed, correct)
    }
  }
  readonly #key = (arm: Arm, numericsId: string) => `${armKey(arm)} ${numericsId}`

  /** by seed */
  at(arm: Arm, n: number, numericsId: string): ReadonlyMap<number, number> | undefined {
    return this.#counts.get(this.#key(arm, numericsId))?.get(n)
  }
  /** Seeds that both sides were measured with, ascending. */
  common(d: Compared): number[] {
    const mine = this.at(d.arm, d.labelCount, d.numericsId)
    const its = this.at(otherSide(d), d.labelCount, d.numericsId)
    return mine && its ? [...mine.keys()].filter(seed => its.has(seed)).sort((a, b) => a - b) : []
  }
  /**
   * sum_s |D_s| over the seeds of a discordance, D_s = (arm right) - (other right) with seed s; undefined if a side was
   * not measured there. cells is at least this and of the same parity; images is of the parity of cells.
   */
  differences(d: Omit<Discordance, 'images' | 'cells'>): number | undefined {
    const all = this.at(d.arm, d.labelCount, d.numericsId)
    const others = this.at(otherSide(d), d.labelCount, d.numericsId)
    let sum = 0
    for (const seed of d.seeds) {
      const mine = all?.get(seed)
      const its = others?.get(seed)
      if (mine === undefined || its === undefined) return undefined
      sum += Math.abs(mine - its)
    }
    return sum
  }
  /** Whether the sums of a discordance are possible with the counts. */
  agree(d: Discordance, testSize: number): boolean {
    const least = this.differences(d)
    if (least === undefined || d.cells < least || (d.cells - least) % 2 || (d.images - d.cells) % 2)
      return false
    return d.cells <= d.seeds.length * testSize && d.images <= d.seeds.length * d.cells
  }
}

/** The part of `checkResult` that is about sums. Throws ExchangeError. */
export function checkDiscordances(result: Result): void {
  if (!result.discordances?.length) return
  const counts = new Counts(result.runs)
  const seen = new Set<string>()
  for (const [i, d] of result.discordances.entries()) {
    const at = `discordances.${i}`
    const other = armKey(otherSide(d))
    if (armKey(d.arm) === other) fail('inconsistent', at)
    if (d.seeds.some((seed, j) => j > 0 && seed <= d.seeds[j - 1])) fail('notAscending', `${at}.seeds`)
    if (counts.differences(d) === undefined) fail('notListed', at)
    if (!counts.agree(d, result.dataset.testSize)) fail('inconsistent', at)
    const name = `${armKey(d.arm)} ${d.labelCount} ${other} ${d.numericsId}`
    if (seen.has(name)) fail('repeated', at)
    seen.add(name)
  }
}

/** Throws ExchangeError for the first contradiction. */
export function checkResult(result: Result): void {
  const { classNames, testSize, majority = testSize } = result.dataset
  if (majority > testSize || majority * classNames.length < testSize) fail('inconsistent', 'dataset.majority')
  const numerics = new Set(result.numerics.map(n => n.id))
  if (numerics.size !== result.numerics.length) fail('repeated', 'numerics')
  const runs = new Set<string>()
  // by initial size; what an experiment of a later version is measured at is not known here
  const grids = new Map<number, ReadonlyMap<number, number>>()
  for (const [i, run] of result.runs.entries()) {
    const { arm } = run
    const grid = result.unknown?.length
      ? undefined
      : getOrMake(grids, arm.initialSize, () => roundsOf(result.experiment, arm))
    checkRun(run, `runs.${i}`, result, numerics, grid)
    const name = `${armKey(run.arm)} ${run.seed} ${run.numericsId}`
    if (runs.has(name)) fail('repeated', `runs.${i}`)
    runs.add(name)
  }
  const { firstSeed, seeds } = result.experiment
  const ceilings = new Set<string>()
  for (const [i, c] of result.ceiling.entries()) {
    if (!numerics.has(c.numericsId)) fail('notListed', `ceiling.${i}.numericsId`)
    if (c.correct > result.dataset.testSize) fail('outOfRange', `ceiling.${i}.correct`)
    if (c.seed < firstSeed || c.seed >= firstSeed + seeds) fail('notListed', `ceiling.${i}.seed`)
    if (c.labelCount !== result.ceiling[0].labelCount) fail('inconsistent', `ceiling.${i}.labelCount`)
    const name = `${c.seed} ${c.numericsId}`
    if (ceilings.has(name)) fail('repeated', `ceiling.${i}`)
    ceilings.add(name)
  }
  checkDiscordances(result)
}
