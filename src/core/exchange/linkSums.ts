/**
 * The sums of discordances in links. Which comparisons there are is mostly what one expects, and then costs nothing. Of the
 * sums a reader can guess much: two strategies disagree on a share of the images they get wrong that depends mostly on the
 * label count, and the cross terms between seeds (images - cells) follow the square of the summed difference. Of both
 * sums the parity is known, so half is written. The guesses are part of the format: they are never changed, even where
 * verdicts come to compare with somebody else; a wrong guess only makes a link longer.
 */
import { linesOf } from '../experiment/parts.ts'
import {
  against,
  armKey,
  baselineOf,
  betweenSizes,
  lineOf,
  otherSide,
  type Arm,
  type Discordance,
  type Result
} from '../result.ts'
import { sameStart } from '../statistics/verdict.ts'
import { Counts } from './check.ts'
import { ExchangeError } from './errors.ts'
import { limits } from './fields.ts'
import { Places, Reader } from './linkReader.ts'
import { packIntegers } from './pack.ts'

type Which = Omit<Discordance, 'images' | 'cells'>

/** Two lines from one initial size, or one line from two sizes: its best and another, or two others. */
export type Between = 'lines' | 'sizes' | 'amongOthers'
/** where they stand in a link */
export const memberOf = { lines: 'x', sizes: 'y', amongOthers: 'z' } as const satisfies Record<
  Between,
  string
>
/** in the order in which they are written and read */
export const kindsOfSums = Object.keys(memberOf) as Between[]
/** of lines with more sizes than these, no two others are expected: part of the format, whatever statistics come to compare */
const MOST_SIZES = 6

/** What was seen of one kind of comparison so far. */
interface Seen {
  errors: number
  cells: number
  squares: number
  excess: number
}

/** Guesses sums from those that came before, at the same label count or else anywhere. */
class Guesses {
  readonly #seen = new Map<string, Seen>()
  readonly #counts: Counts
  readonly #testSize: number
  constructor(counts: Counts, testSize: number) {
    this.#counts = counts
    this.#testSize = testSize
  }

  /** wrong images of both sides, the squared difference of right ones (seeds together), the least that cells can be */
  #totals(d: Which): { errors: number; square: number; least: number } {
    const all = this.#counts.at(d.arm, d.labelCount, d.numericsId)!
    const others = this.#counts.at(otherSide(d), d.labelCount, d.numericsId)!
    let errors = 0
    let difference = 0
    for (const seed of d.seeds) {
      const [mine, its] = [all.get(seed)!, others.get(seed)!]
      errors += 2 * this.#testSize - mine - its
      difference += mine - its
    }
    return { errors, square: difference * difference, least: this.#counts.differences(d)! }
  }

  #keys(d: Which): string[] {
    const kind = d.against === undefined && d.againstSelector === undefined ? 'random' : 'other'
    return [`${kind} ${d.labelCount}`, kind]
  }

  /** `half` of what cells has above its least, and of what images has above cells: `excess`. */
  guess(d: Which): { half: number; excess: number; least: number } {
    const { errors, square, least } = this.#totals(d)
    const seen = this.#keys(d)
      .map(key => this.#seen.get(key))
      .find(s => s !== undefined)
    const cells = seen?.errors ? (errors * seen.cells) / seen.errors : errors / 2
    const excess = seen?.squares ? (square * seen.excess) / seen.squares : square / (2 * this.#testSize)
    return { half: Math.round(Math.max(cells - least, 0) / 2), excess: Math.round(excess), least }
  }

  saw(d: Discordance): void {
    const { errors, square } = this.#totals(d)
    for (const key of this.#keys(d)) {
      const seen = this.#seen.get(key) ?? { errors: 0, cells: 0, squares: 0, excess: 0 }
      seen.errors += errors
      seen.cells += d.cells
      seen.squares += square
      seen.excess += (d.images - d.cells) / 2
      this.#seen.set(key, seen)
    }
  }
}

/** An arm at a label count: right answers by seed, ascending, and their mean. */
interface Sized {
  arm: Arm
  all: [number, number][]
  mean: number
}

/**
 * What comparisons can be made of: counts, and the numerics that most runs have. All work is in proportion to the points that
 * were measured: what a link only claims to have costs nothing.
 */
class Ground {
  readonly counts: Counts
  readonly places: Places
  readonly main: string
  constructor(
    readonly result: Result,
    readonly n: number[][]
  ) {
    const { runs, experiment, numerics } = result
    this.counts = new Counts(runs)
    this.places = new Places(experiment)
    const size = (id: string) => runs.filter(run => run.numericsId === id).length
    const sizes = numerics.map(m => size(m.id))
    this.main = numerics[sizes.indexOf(Math.max(...sizes))]?.id ?? ''
  }

  /** What the main numerics have measured: arms in their order, each with its label counts ascending. */
  #measured(): { arm: Arm; labelCounts: number[] }[] {
    const counts = new Map<string, Set<number>>()
    for (const { arm, numericsId, points } of this.result.runs) {
      if (numericsId !== this.main) continue
      const own = counts.get(armKey(arm)) ?? new Set()
      for (const { labelCount } of points) own.add(labelCount)
      counts.set(armKey(arm), own)
    }
    return this.places.arms.flatMap(arm => {
      const labelCounts = [...(counts.get(armKey(arm)) ?? [])].sort((a, b) => a - b)
      return labelCounts.length ? [{ arm, labelCounts }] : []
    })
  }

  /**
   * By initial size and label count, the line with the largest mean, of several with the same training the first; ties to the
   * first.
   */
  #leaders(measured: readonly { arm: Arm; labelCounts: number[] }[]): Map<string, string> {
    const leaders = new Map<string, { line: string; most: number }>()
    const starts = new Set<string>()
    for (const { arm, labelCounts } of measured)
      for (const labelCount of labelCounts) {
        const { initialSize, selector } = arm
        if (labelCount === initialSize) {
          const start = `${initialSize} ${selector ?? ''}`
          if (starts.has(start)) continue
          starts.add(start)
        }
        const { mean } = this.#right(arm, labelCount)
        const place = `${initialSize} ${labelCount}`
        const known = leaders.get(place)
        if (!known || mean > known.most) leaders.set(place, { line: lineOf(arm), most: mean })
      }
    return new Map([...leaders].map(([place, { line }]) => [place, line]))
  }

  /** Seeds with their counts, ascending; and their mean. */
  #right(arm: Arm, labelCount: number): { all: [number, number][]; mean: number } {
    const all = [...this.counts.at(arm, labelCount, this.main)!].sort((a, b) => a[0] - b[0])
    return { all, mean: all.reduce((sum, [, correct]) => sum + correct, 0) / all.length }
  }

  /** Every line's sizes at the largest label count, without those that start there, ascending; and its best one, ties to the smaller. */
  #sizes(): { own: Sized[]; best: Sized; labelCount: number }[] {
    const measured = this.#measured()
    const last = measured.reduce((most, { labelCounts }) => Math.max(most, labelCounts.at(-1)!), 0)
    const byLine = new Map<string, Sized[]>()
    for (const { arm, labelCounts } of measured) {
      if (arm.initialSize === last || !labelCounts.includes(last)) continue
      const own = byLine.get(lineOf(arm)) ?? []
      byLine.set(lineOf(arm), [...own, { arm, ...this.#right(arm, last) }])
    }
    return linesOf(this.result.experiment).flatMap(line => {
      const own = byLine.get(line)?.sort((a, b) => a.arm.initialSize - b.arm.initialSize)
      if (!own) return []
      return { own, best: own.reduce((a, b) => (b.mean > a.mean ? b : a)), labelCount: last }
    })
  }

  /** Two sizes of a line, where they have two seeds in common and are not the same training. */
  #pair(a: Sized, b: Sized, labelCount: number): Which[] {
    if (sameList(a.all.flat(), b.all.flat())) return []
    const side = { arm: a.arm, labelCount, ...betweenSizes(a.arm, b.arm.initialSize) }
    const which = { ...side, numericsId: this.main }
    const seeds = this.counts.common(which)
    return seeds.length > 1 ? [{ ...which, seeds }] : []
  }

  /** Every line's best size with each of its others. */
  #betweenSizes(): Which[] {
    return this.#sizes().flatMap(({ own, best, labelCount }) =>
      own.flatMap(other => (other === best ? [] : this.#pair(best, other, labelCount)))
    )
  }

  /** Every line's sizes but the best with each other, the smaller first. */
  #amongOthers(): Which[] {
    return this.#sizes().flatMap(({ own, best, labelCount }) => {
      if (own.length > MOST_SIZES) return []
      const others = own.filter(size => size !== best)
      return others.flatMap((a, i) => others.slice(i + 1).flatMap(b => this.#pair(a, b, labelCount)))
    })
  }

  /** The best size of every line. */
  bestSizes(): Map<string, number> {
    return new Map(this.#sizes().map(({ best: { arm } }) => [lineOf(arm), arm.initialSize]))
  }

  /** What goes without saying. */
  expected(between: Between): Which[] {
    if (between === 'lines') return this.#betweenLines()
    return between === 'sizes' ? this.#betweenSizes() : this.#amongOthers()
  }

  /** Every arm with its baseline, and with the leader of its initial size, where they have two seeds in common. */
  #betweenLines(): Which[] {
    const out: Which[] = []
    const measured = this.#measured()
    const leaders = this.#leaders(measured)
    for (const { arm, labelCounts } of measured)
      for (const labelCount of labelCounts) {
        const line = lineOf(arm)
        for (const other of new Set([baselineOf(line), leaders.get(`${arm.initialSize} ${labelCount}`)])) {
          if (other === undefined || other === line || baselineOf(other) === line) continue
          if (sameStart(line, other, arm.initialSize, labelCount)) continue
          const side = { arm, labelCount, ...against(arm, other), numericsId: this.main }
          const seeds = this.counts.common(side)
          if (seeds.length > 1) out.push({ ...side, seeds })
        }
      }
    return out
  }
}

const sameList = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((x, i) => x === b[i])

const sameWhich = (a: Which, b: Which) =>
  armKey(a.arm) === armKey(b.arm) &&
  a.labelCount === b.labelCount &&
  a.against === b.against &&
  a.againstSelector === b.againstSelector &&
  a.againstSize === b.againstSize &&
  a.numericsId === b.numericsId &&
  sameList(a.seeds, b.seeds)

/**
 * Each comparison by itself: arm, label count and numerics (as differences from the one before), the other side's line, `between`
 * sizes its initial size instead, seeds.
 */
function writeWhich(given: readonly Which[], ground: Ground, between: Between): string {
  const { experiment: e, numerics } = ground.result
  const lines = linesOf(e)
  const out: number[] = []
  let last = [0, 0, 0]
  for (const d of given) {
    const count = ground.places.counts(ground.n, d.arm).indexOf(d.labelCount)
    const row = [ground.places.arm(d.arm), count, numerics.findIndex(m => m.id === d.numericsId)]
    out.push(...row.map((value, i) => value - last[i]))
    const usual = d.against === undefined && d.againstSelector === undefined
    if (between !== 'lines') out.push(e.initialSizes.indexOf(d.againstSize!))
    else out.push(usual ? 0 : 1 + lines.indexOf(lineOf(otherSide(d))))
    last = row
    if (sameList(d.seeds, ground.counts.common(d))) out.push(0)
    else out.push(d.seeds.length, ...d.seeds.map((s, i) => s - (i ? d.seeds[i - 1] : e.firstSeed)))
  }
  return packIntegers(out)
}

function readWhich(text: string, ground: Ground, between: Between): Which[] {
  const { experiment: e, numerics } = ground.result
  const lines = linesOf(e)
  const member = memberOf[between]
  const reader = new Reader(text, `${member}.0`)
  const out: Which[] = []
  let last = [0, 0, 0]
  while (!reader.done) {
    if (out.length === limits.discordances)
      throw new ExchangeError('tooMany', member, { limit: limits.discordances })
    last = last.map(value => value + reader.next())
    const arm = { ...reader.item(ground.places.arms, last[0]) }
    const labelCount = reader.item(ground.places.counts(ground.n, arm), last[1])
    const { id: numericsId } = reader.item(numerics, last[2])
    const other = reader.next()
    const otherSide =
      between !== 'lines'
        ? betweenSizes(arm, reader.item(e.initialSizes, other))
        : other
          ? against(arm, reader.item(lines, other - 1))
          : {}
    const side = { arm, labelCount, ...otherSide, numericsId }
    const size = reader.next()
    if (size < 0 || size > e.seeds) reader.refuse()
    let seed = e.firstSeed
    const seeds = size
      ? Array.from({ length: size }, () => (seed += reader.next()))
      : ground.counts.common(side)
    out.push({ ...side, seeds })
  }
  return out
}

/** The sums of one result, one kind of comparison after the other: what was written or read helps to guess. */
export class Sums {
  readonly #ground: Ground
  readonly #guesses: Guesses
  /** `result` has its counts; `n`: the label counts of each initial size. */
  constructor(result: Result, n: number[][]) {
    this.#ground = new Ground(result, n)
    this.#guesses = new Guesses(this.#ground.counts, result.dataset.testSize)
  }

  /** Comparisons between sizes: those of a line's best size, and those of two others. */
  divided(sizes: readonly Discordance[]): Record<'sizes' | 'amongOthers', Discordance[]> {
    const best = this.#ground.bestSizes()
    const isOfBest = (d: Discordance) =>
      [d.arm, otherSide(d)].some(({ initialSize }) => initialSize === best.get(lineOf(d.arm)))
    return { sizes: sizes.filter(isOfBest), amongOthers: sizes.filter(d => !isOfBest(d)) }
  }

  /** What is given must agree with the counts (checkResult). */
  write(given: readonly Discordance[], between: Between): [which: string, sums: string] {
    const expected = this.#ground.expected(between)
    const asExpected = given.length === expected.length && given.every((d, i) => sameWhich(d, expected[i]))
    const sums = given.flatMap(d => {
      const { half, excess, least } = this.#guesses.guess(d)
      this.#guesses.saw(d)
      return [(d.cells - least) / 2 - half, (d.images - d.cells) / 2 - excess]
    })
    return [asExpected ? '' : writeWhich(given, this.#ground, between), packIntegers(sums)]
  }

  /** Throws ExchangeError 'unreadable'; what is returned still needs checkResult. */
  read([which, sums]: readonly [string, string], between: Between): Discordance[] {
    const values = new Reader(sums, `${memberOf[between]}.1`)
    const compared = which ? readWhich(which, this.#ground, between) : this.#ground.expected(between)
    const out = compared.map((d): Discordance => {
      if (this.#ground.counts.differences(d) === undefined) values.refuse()
      const { half, excess, least } = this.#guesses.guess(d)
      const cells = 2 * (values.next() + half) + least
      const images = 2 * (values.next() + excess) + cells
      const whole = { ...d, arm: { ...d.arm }, images, cells }
      this.#guesses.saw(whole)
      return whole
    })
    if (!values.done) values.refuse()
    return out
  }
}
