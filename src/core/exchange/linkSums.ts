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
  lineOf,
  otherSide,
  readLine,
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
type Compared = Omit<Which, 'seeds'>

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
  #totals(d: Which, id: string): { errors: number; square: number; least: number } {
    let errors = 0
    let difference = 0
    for (const seed of d.seeds) {
      const mine = this.#counts.of(d.arm, d.labelCount, id, seed)!
      const its = this.#counts.of(otherSide(d), d.labelCount, id, seed)!
      errors += 2 * this.#testSize - mine - its
      difference += mine - its
    }
    return { errors, square: difference * difference, least: this.#counts.differences(d, id)! }
  }

  #keys(d: Which): string[] {
    const kind = d.against === undefined && d.againstSelector === undefined ? 'random' : 'other'
    return [`${kind} ${d.labelCount}`, kind]
  }

  /** `half` of what cells has above its least, and of what images has above cells: `excess`. */
  guess(d: Which, id: string): { half: number; excess: number; least: number } {
    const { errors, square, least } = this.#totals(d, id)
    const seen = this.#keys(d)
      .map(key => this.#seen.get(key))
      .find(s => s !== undefined)
    const cells = seen?.errors ? (errors * seen.cells) / seen.errors : errors / 2
    const excess = seen?.squares ? (square * seen.excess) / seen.squares : square / (2 * this.#testSize)
    return { half: Math.round(Math.max(cells - least, 0) / 2), excess: Math.round(excess), least }
  }

  saw(d: Discordance, id: string): void {
    const { errors, square } = this.#totals(d, id)
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

/** What comparisons can be made of: counts, the seeds there are, and the numerics that most runs have. */
class Ground {
  readonly counts: Counts
  readonly places: Places
  readonly #seeds: number[]
  readonly main: string
  constructor(
    readonly result: Result,
    readonly n: number[][]
  ) {
    const { runs, experiment, numerics } = result
    this.counts = new Counts(runs)
    this.places = new Places(experiment)
    this.#seeds = [...new Set(runs.map(run => run.seed))].sort((a, b) => a - b)
    const size = (id: string) => runs.filter(run => run.numericsId === id).length
    const sizes = numerics.map(m => size(m.id))
    this.main = numerics[sizes.indexOf(Math.max(...sizes))]?.id ?? ''
  }

  /** Of all seeds, those that both sides have. */
  common(d: Compared, id: string): number[] {
    return this.#seeds.filter(seed => this.counts.differences({ ...d, seeds: [seed] }, id) !== undefined)
  }

  /** Largest mean of the lines, of several with the same training the first; ties to the first. */
  #leader(initialSize: number, labelCount: number): string | undefined {
    let leader: string | undefined
    let most = -1
    const rivals: string[] = []
    for (const line of linesOf(this.result.experiment)) {
      const arm = { ...readLine(line), initialSize }
      const right = this.#seeds.flatMap(s => this.counts.of(arm, labelCount, this.main, s) ?? [])
      if (!right.length || rivals.some(r => sameStart(r, line, initialSize, labelCount))) continue
      rivals.push(line)
      const mean = right.reduce((a, b) => a + b, 0) / right.length
      if (mean > most) [leader, most] = [line, mean]
    }
    return leader
  }

  /** Every arm with its baseline, and with the leader of its initial size, where they have two seeds in common. */
  expected(): Which[] {
    const out: Which[] = []
    for (const arm of this.places.arms)
      for (const labelCount of this.places.counts(this.n, arm)) {
        const line = lineOf(arm)
        for (const other of new Set([baselineOf(line), this.#leader(arm.initialSize, labelCount)])) {
          if (other === undefined || other === line || baselineOf(other) === line) continue
          if (sameStart(line, other, arm.initialSize, labelCount)) continue
          const side = { arm, labelCount, ...against(arm, other) }
          const seeds = this.common(side, this.main)
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
  sameList(a.seeds, b.seeds)

/** Each comparison by itself: arm, label count and numerics (as differences from the one before), the other side's line, seeds. */
function writeWhich(given: readonly { d: Which; id: string }[], ground: Ground): string {
  const { experiment: e, numerics } = ground.result
  const lines = linesOf(e)
  const out: number[] = []
  let last = [0, 0, 0]
  for (const { d, id } of given) {
    const count = ground.places.counts(ground.n, d.arm).indexOf(d.labelCount)
    const row = [ground.places.arm(d.arm), count, numerics.findIndex(m => m.id === id)]
    out.push(...row.map((value, i) => value - last[i]))
    const usual = d.against === undefined && d.againstSelector === undefined
    out.push(usual ? 0 : 1 + lines.indexOf(lineOf(otherSide(d))))
    last = row
    if (sameList(d.seeds, ground.common(d, id))) out.push(0)
    else out.push(d.seeds.length, ...d.seeds.map((s, i) => s - (i ? d.seeds[i - 1] : e.firstSeed)))
  }
  return packIntegers(out)
}

function readWhich(text: string, ground: Ground): { d: Which; id: string }[] {
  const { experiment: e, numerics } = ground.result
  const lines = linesOf(e)
  const reader = new Reader(text, 'x.0')
  const out: { d: Which; id: string }[] = []
  let last = [0, 0, 0]
  while (!reader.done) {
    if (out.length === limits.discordances)
      throw new ExchangeError('tooMany', 'x', { limit: limits.discordances })
    last = last.map(value => value + reader.next())
    const arm = { ...reader.item(ground.places.arms, last[0]) }
    const labelCount = reader.item(ground.places.counts(ground.n, arm), last[1])
    const { id } = reader.item(numerics, last[2])
    const other = reader.next()
    const side = { arm, labelCount, ...(other ? against(arm, reader.item(lines, other - 1)) : {}) }
    const size = reader.next()
    if (size < 0 || size > e.seeds) reader.refuse()
    let seed = e.firstSeed
    const seeds = size ? Array.from({ length: size }, () => (seed += reader.next())) : ground.common(side, id)
    out.push({ d: { ...side, seeds }, id })
  }
  return out
}

/** `n`: the label counts of each initial size. The discordances must agree with the counts (checkResult). */
export function writeDiscordances(result: Result, n: number[][]): [which: string, sums: string] {
  const ground = new Ground(result, n)
  const guesses = new Guesses(ground.counts, result.dataset.testSize)
  const given = (result.discordances ?? []).map(d => {
    const fits = (id: string) => ground.counts.agree(d, id, result.dataset.testSize)
    return { d, id: fits(ground.main) ? ground.main : result.numerics.find(m => fits(m.id))!.id }
  })
  const expected = ground.expected()
  const asExpected =
    given.length === expected.length &&
    given.every(({ d, id }, i) => id === ground.main && sameWhich(d, expected[i]))
  const sums = given.flatMap(({ d, id }) => {
    const { half, excess, least } = guesses.guess(d, id)
    guesses.saw(d, id)
    return [(d.cells - least) / 2 - half, (d.images - d.cells) / 2 - excess]
  })
  return [asExpected ? '' : writeWhich(given, ground), packIntegers(sums)]
}

/** Throws ExchangeError 'unreadable'. `result` has its counts; what is returned still needs checkResult. */
export function readDiscordances(
  [which, sums]: readonly [string, string],
  result: Result,
  n: number[][]
): Discordance[] {
  const ground = new Ground(result, n)
  const guesses = new Guesses(ground.counts, result.dataset.testSize)
  const values = new Reader(sums, 'x.1')
  const compared = which ? readWhich(which, ground) : ground.expected().map(d => ({ d, id: ground.main }))
  const out = compared.map(({ d, id }): Discordance => {
    if (ground.counts.differences(d, id) === undefined) values.refuse()
    const { half, excess, least } = guesses.guess(d, id)
    const cells = 2 * (values.next() + half) + least
    const images = 2 * (values.next() + excess) + cells
    const whole = { ...d, arm: { ...d.arm }, images, cells }
    guesses.saw(whole, id)
    return whole
  })
  if (!values.done) values.refuse()
  return out
}
