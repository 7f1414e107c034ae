/**
 * What a link must carry so that its reader gives the verdicts that the records give: for every arm and label count the
 * sums against random, and against the leader of its initial size (which is who a ranking compares with).
 */
import {
  against,
  armKey,
  baselineOf,
  betweenSizes,
  lineOf,
  otherSide,
  readLine,
  type Arm,
  type Discordance,
  type Result
} from '../result.ts'
import { fold, type Curves } from '../curves.ts'
import { discordanceSums } from './discordance.ts'
import { MOST_PAIRED, otherSizes, sizePairs } from './sizes.ts'
import { leaderAt, sameTraining } from './verdict.ts'

type Compared = Pick<Discordance, 'arm' | 'labelCount' | 'against' | 'againstSelector' | 'againstSize'>

/** Whether it compares two lines from one initial size. */
const betweenLines = ({ againstSize }: Discordance) => againstSize === undefined

const placeOf = (arm: Arm, labelCount: number) => `${armKey(arm)}@${labelCount}`

/** Correct-bits of an arm's runs, by seed. */
const bitsOf = (curves: Curves, arm: Arm, labelCount: number) =>
  new Map(
    [...(curves.answers(arm, labelCount) ?? [])].flatMap(([seed, { bits }]) => (bits ? [[seed, bits]] : []))
  )

/** Over the seeds that both sides have bits of; undefined for fewer than two. */
function summed(curves: Curves, d: Compared): Discordance | undefined {
  const [a, b] = [d.arm, otherSide(d)].map(arm => bitsOf(curves, arm, d.labelCount))
  const numericsId = curves.numerics.used!
  const seeds = [...a.keys()].filter(s => b.has(s)).sort((x, y) => x - y)
  if (seeds.length < 2) return undefined
  const sums = discordanceSums(
    seeds.map(s => a.get(s)!),
    seeds.map(s => b.get(s)!)
  )
  return { ...d, numericsId, seeds, ...sums }
}

/** Whether a result has records of the numerics whose curves are shown. */
const isRecorded = ({ runs }: Result, { numerics: { used } }: Curves) =>
  runs.some(run => run.numericsId === used && run.points.some(p => p.record))

/**
 * Between lines: computed from records; where those that came with the result are of more seeds, as of a link, they are it.
 */
export function discordances(result: Result): Discordance[] {
  const curves = fold(result)
  const { used } = curves.numerics
  if (!isRecorded(result, curves) || used === undefined)
    return (result.discordances ?? []).filter(betweenLines)
  const sides = (d: Compared) => `${placeOf(d.arm, d.labelCount)} ${armKey(otherSide(d))}`
  const given = new Map(
    (result.discordances ?? []).filter(d => d.numericsId === used).map(d => [sides(d), d])
  )

  const between = (arm: Arm, line: string, labelCount: number): Discordance | undefined => {
    const compared = { arm, labelCount, ...against(arm, line) }
    const other = otherSide(compared)
    const own = summed(curves, compared)
    const mirrored = { arm: other, labelCount, ...against(other, lineOf(arm)) }
    const known = given.get(sides(compared)) ?? given.get(sides(mirrored))
    if (!known || known.seeds.length <= (own?.seeds.length ?? 0)) return own
    // the sums do not know which side is which
    const { seeds, images, cells } = known
    return { ...compared, numericsId: used, seeds, images, cells }
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

/** A line's best size at N with each of its others. */
const withBest = (curves: Curves, line: string, labelCount: number) =>
  otherSizes(curves, line, labelCount).map(({ best, initialSize }): [number, number] => [best, initialSize])

/** These others with each other (startLoss.ts), unless they are too many. */
function amongOthers(curves: Curves, line: string, labelCount: number): [number, number][] {
  const [first] = otherSizes(curves, line, labelCount)
  if (!first || first.of > MOST_PAIRED) return []
  return sizePairs(curves, line, labelCount).filter(pair => !pair.includes(first.best))
}

/** Which initial sizes of a line are compared: its best one with its others, or all with each other. */
type Pairs = 'withBest' | 'all'

/** Between initial sizes of every line at one label count, from records. */
function sizeDiscordancesAt(curves: Curves, labelCount: number, pairs: Pairs): Discordance[] {
  const kinds = pairs === 'all' ? [withBest, amongOthers] : [withBest]
  return kinds.flatMap(pairsOf =>
    curves.strategies.flatMap(line =>
      pairsOf(curves, line, labelCount).flatMap(([size, other]) => {
        const arm = { ...readLine(line), initialSize: size }
        return summed(curves, { arm, labelCount, ...betweenSizes(arm, other) }) ?? []
      })
    )
  )
}

/** Those that came with a result that has no records. */
const givenSizes = ({ discordances = [] }: Result) => discordances.filter(d => !betweenLines(d))

/** Between initial sizes of every line at every label count. */
export function sizeDiscordances(result: Result, pairs: Pairs = 'all'): Discordance[] {
  const curves = fold(result)
  if (!isRecorded(result, curves)) return givenSizes(result)
  return curves.labelCounts.flatMap(labelCount => sizeDiscordancesAt(curves, labelCount, pairs))
}

/** The same at the largest label count that has some. */
export function lastSizeDiscordances(result: Result): Discordance[] {
  const curves = fold(result)
  if (!isRecorded(result, curves)) {
    const given = givenSizes(result)
    const last = Math.max(...given.map(d => d.labelCount))
    return given.filter(d => d.labelCount === last)
  }
  for (const labelCount of [...curves.labelCounts].reverse()) {
    const found = sizeDiscordancesAt(curves, labelCount, 'all')
    if (found.length) return found
  }
  return []
}

/**
 * A result as small as keeps its curves and verdicts: counts of right test images and these sums, without records. With 'withBest' it
 * is smaller still, and does not say what a start loses at most.
 */
export const withoutRecords = (result: Result, pairs?: Pairs): Result => ({
  ...result,
  runs: result.runs.map(run => ({
    ...run,
    points: run.points.map(({ labelCount, correct }) => ({ labelCount, correct }))
  })),
  discordances: [...discordances(result), ...sizeDiscordances(result, pairs)]
})
