/**
 * A result as a link carries it: exact counts and no records. Members have one-letter names; whatever repeats is written as
 * the difference from what a reader expects there, as packed integers (pack.ts). docs/schema.md describes it.
 */
import * as v from 'valibot'
import type { Experiment } from '../experiment/table.ts'
import { discordances, lastSizeDiscordances } from '../statistics/discordances.ts'
import { against, lineOf, otherSide, type Discordance, type Point, type Result, type Run } from '../result.ts'
import { checkResult } from './check.ts'
import { ExchangeError } from './errors.ts'
import * as f from './fields.ts'
import { Places, Reader } from './linkReader.ts'
import { kindsOfSums, memberOf, Sums, type Between } from './linkSums.ts'
import { packIntegers } from './pack.ts'
import { walkCounts } from './predict.ts'
import { readShownRows, writeSpecRows } from './spec.ts'

const { integer, limits, list, name } = f

const packed = v.string()
const linkSchema = v.object({
  /** rows of the experiment */
  e: v.record(v.string(), v.unknown()),
  /** data: name, fingerprint, height, width, channels, classes, pool, test */
  d: v.tuple([
    name,
    f.fingerprint,
    integer(1, limits.side),
    integer(1, limits.side),
    integer(1, limits.channels),
    integer(1, limits.classes),
    integer(1, limits.pool),
    integer(1, limits.test)
  ]),
  /** test images of the largest class */
  k: v.optional(integer(1, limits.test)),
  /** numerics: id, backend, detail */
  m: list(v.tuple([f.numericsId, f.backend, name]), limits.numerics),
  /** label counts that occur, one list for each initial size */
  n: list(list(integer(1, limits.pool), limits.points), 100),
  /** runs: which arm, seed, numerics, points */
  r: packed,
  /** counts of right images */
  c: packed,
  /** ceiling: seed, numerics, label count, right images */
  t: packed,
  /** discordances: which (empty: those one expects), and their sums */
  x: v.optional(v.tuple([packed, packed])),
  /** the same between a line's best initial size at the largest label count and its others: which, and their sums */
  y: v.optional(v.tuple([packed, packed])),
  /** and between these others */
  z: v.optional(v.tuple([packed, packed]))
})
export type LinkResult = v.InferInput<typeof linkSchema>

/** Label counts of each initial size, ascending. */
function countsInUse({ experiment, runs }: Pick<Result, 'experiment' | 'runs'>): number[][] {
  return experiment.initialSizes.map(size => {
    const used = new Set<number>()
    for (const { arm, points } of runs)
      if (arm.initialSize === size) for (const { labelCount } of points) used.add(labelCount)
    return [...used].sort((a, b) => a - b)
  })
}

function writeRuns(result: Result, n: number[][], numerics: Map<string, number>): string {
  const places = new Places(result.experiment)
  const out: number[] = []
  let place = -1
  let machine = 0
  for (const run of result.runs) {
    const counts = places.counts(n, run.arm)
    out.push(places.of(run) - place - 1, numerics.get(run.numericsId)! - machine)
    place = places.of(run)
    machine = numerics.get(run.numericsId)!
    const at = run.points.map(p => counts.indexOf(p.labelCount))
    if (at.every((c, i) => c === i)) out.push(counts.length - at.length)
    else out.push(-at.length, ...at.map((c, i) => c - (i ? at[i - 1] : -1) - 1))
  }
  return packIntegers(out)
}

/** Which of the label counts of its arm a run has: all but the last so many, or each by name. */
function readPoints(reader: Reader, counts: readonly number[]): readonly number[] {
  const size = reader.next()
  if (Math.abs(size) > counts.length) reader.refuse()
  if (size >= 0) return counts.slice(0, counts.length - size)
  let at = -1
  return Array.from({ length: -size }, () => reader.item(counts, (at += reader.next() + 1)))
}

/** `budget`: for how many points there are counts. */
function readRuns(text: string, e: Experiment, n: number[][], ids: string[], budget: number): Run[] {
  const reader = new Reader(text, 'r')
  const places = new Places(e)
  if (n.length !== e.initialSizes.length) reader.refuse()
  const runs: Run[] = []
  let place = -1
  let machine = 0
  while (!reader.done) {
    if (runs.length === limits.runs) throw new ExchangeError('tooMany', 'r', { limit: limits.runs })
    place += reader.next() + 1
    machine += reader.next()
    const { arm, seed } = places.at(place, reader)
    const counts = places.counts(n, arm)
    const chosen = readPoints(reader, counts)
    if ((budget -= chosen.length) < 0) reader.refuse()
    const points: Point[] = chosen.map(labelCount => ({ labelCount, correct: 0 }))
    runs.push({ arm, seed, numericsId: reader.item(ids, machine), points })
  }
  return runs
}

type Ceiling = Result['ceiling']

function writeCeiling(ceiling: Ceiling, numerics: Map<string, number>): string {
  let last = [-1, 0, 0, 0]
  return packIntegers(
    ceiling.flatMap(c => {
      const row = [c.seed, numerics.get(c.numericsId)!, c.labelCount, c.correct]
      const out = row.map((value, i) => value - last[i])
      last = row
      return out
    })
  )
}

function readCeiling(text: string, ids: string[]): Ceiling {
  const reader = new Reader(text, 't')
  if (reader.left > 4 * limits.ceiling) throw new ExchangeError('tooMany', 't', { limit: limits.ceiling })
  const ceiling: Ceiling = []
  let last = [-1, 0, 0, 0]
  while (!reader.done) {
    last = last.map(value => value + reader.next())
    const [seed, machine, labelCount, correct] = last
    if (seed < 0 || labelCount < 1 || correct < 0) reader.refuse()
    ceiling.push({ seed, numericsId: reader.item(ids, machine), correct, labelCount })
  }
  return ceiling
}

/**
 * Records are left out; what verdicts need of them is written as sums of these kinds. Throws ExchangeError for a result that is not
 * consistent.
 */
export function writeLinkResult(whole: Result, kinds: readonly Between[] = kindsOfSums): LinkResult {
  if (whole.unknown?.length) throw new ExchangeError('laterVersion', 'experiment')
  checkResult(whole)
  const lines = discordances(whole).map(withoutBaseline)
  // at the largest label count, which its reader sees first
  const sizes = lastSizeDiscordances(whole).filter(d => lineOf(otherSide(d)) === lineOf(d.arm))
  const result = { ...whole, discordances: [...lines, ...sizes] }
  checkResult(result)
  const { experiment, dataset, numerics, ceiling } = result
  const { shape: s, classNames, poolSize, testSize, majority } = dataset
  const index = new Map(numerics.map((m, i) => [m.id, i]))
  const n = countsInUse(result)
  const differences: number[] = []
  walkCounts(result, (guess, run, i) => {
    const { correct } = run.points[i]
    differences.push(correct - guess)
    return correct
  })
  return {
    e: { ...writeSpecRows(experiment) },
    d: [
      dataset.name,
      dataset.fingerprint,
      s.height,
      s.width,
      s.channels,
      classNames.length,
      poolSize,
      testSize
    ],
    ...(majority === undefined ? {} : { k: majority }),
    m: numerics.map(({ id, backend, detail }) => [id, backend, detail]),
    n,
    r: writeRuns(result, n, index),
    c: packIntegers(differences),
    t: writeCeiling(ceiling, index),
    ...sumsOf(result, n, lines, sizes, kinds)
  }
}

function sumsOf(
  result: Result,
  n: number[][],
  lines: Discordance[],
  sizes: Discordance[],
  kinds: readonly Between[]
): Pick<LinkResult, (typeof memberOf)[Between]> {
  const sums = new Sums(result, n)
  const given = { lines, ...sums.divided(sizes) }
  return Object.fromEntries(
    kinds.flatMap(kind => (given[kind].length ? [[memberOf[kind], sums.write(given[kind], kind)]] : []))
  )
}

/** What goes without saying is not said. */
const withoutBaseline = (d: Discordance): Discordance => {
  const { arm, labelCount, numericsId, seeds, images, cells } = d
  return { arm, labelCount, ...against(arm, lineOf(otherSide(d))), numericsId, seeds, images, cells }
}

/** Class names are not in links: classes are called by their number. Throws ExchangeError. */
export function readLinkResult(json: unknown): Result {
  const link = f.parse(linkSchema, json)
  const { experiment, unknown } = readShownRows(link.e)
  const [dataName, fingerprint, height, width, channels, classes, poolSize, testSize] = link.d
  const numerics = link.m.map(([id, backend, detail]) => ({ id, backend, detail }))
  const ids = numerics.map(m => m.id)
  const counts = new Reader(link.c, 'c')
  const runs = readRuns(link.r, experiment, link.n, ids, counts.left)
  const inUse = countsInUse({ experiment, runs })
  if (JSON.stringify(inUse) !== JSON.stringify(link.n)) throw new ExchangeError('unreadable', 'n')
  const result: Result = {
    experiment,
    dataset: {
      name: dataName,
      fingerprint,
      shape: { height, width, channels },
      classNames: Array.from({ length: classes }, (_, i) => String(i)),
      poolSize,
      testSize,
      ...(link.k === undefined ? {} : { majority: link.k })
    },
    numerics,
    runs,
    ceiling: readCeiling(link.t, ids)
  }
  if (unknown.length) result.unknown = unknown
  walkCounts(result, (guess, run, i) => {
    const correct = guess + counts.next()
    if (correct < 0 || correct > testSize) counts.refuse()
    return (run.points[i].correct = correct)
  })
  if (!counts.done) counts.refuse()
  if (link.x ?? link.y ?? link.z) {
    const sums = new Sums(result, link.n)
    result.discordances = kindsOfSums.flatMap(kind => {
      const written = link[memberOf[kind]]
      return written ? sums.read(written, kind) : []
    })
  }
  checkResult(result)
  return result
}
