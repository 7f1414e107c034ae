/**
 * What a reader of a link can guess before it reads: a count of right images from those it has read already. Only the
 * difference from the guess is written. Trainings that arms share (round 0 of all strategies, Random from all initial
 * sizes) are guessed exactly, so they cost next to nothing. Writer and reader walk the same way; every guess is made of
 * integers and one rounded division, the same on every machine.
 */
import type { Experiment } from '../experiment/table.ts'
import { armKey, RANDOM, type Result, type Run } from '../result.ts'

class Mean {
  sum = 0
  n = 0
  add(x: number): void {
    this.sum += x
    this.n++
  }
  get value(): number {
    return Math.round(this.sum / this.n)
  }
}

interface Slot {
  run: Run
  /** of the point */
  index: number
}

const at = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

/** The points of all runs by arm (Random first, it is what others are guessed from), label count, seed. */
function slotsInOrder(runs: readonly Run[], { strategies, selectors }: Experiment): Slot[] {
  const chosen = (run: Run) => selectors.indexOf(run.arm.selector ?? RANDOM)
  const place = new Map(strategies.map((id, i) => [id, id === 'random' ? -1 : i]))
  const slots = runs.flatMap(run => run.points.map((_, index) => ({ run, index })))
  const compare = (a: Slot, b: Slot) =>
    a.run.arm.initialSize - b.run.arm.initialSize ||
    chosen(a.run) - chosen(b.run) ||
    place.get(a.run.arm.strategy)! - place.get(b.run.arm.strategy)! ||
    a.run.points[a.index].labelCount - b.run.points[b.index].labelCount ||
    a.run.seed - b.run.seed
  return slots.sort(compare)
}

/**
 * Goes through the counts of a result in the order they are written. `visit` is told the guess for a point and returns the
 * true count: the writer knows it, the reader computes it from what stands in the link and puts it in the point.
 */
export function walkCounts(
  { runs, experiment, dataset }: Pick<Result, 'runs' | 'experiment' | 'dataset'>,
  visit: (guess: number, run: Run, index: number) => number
): void {
  const trained = new Map<string, number>()
  const means = new Map<string, Map<number, Mean>>()
  const before = new Map<string, number>()
  const several = experiment.selectors.length > 1
  for (const { run, index } of slotsInOrder(runs, experiment)) {
    const { arm, seed, numericsId, points } = run
    const n = points[index].labelCount
    const isRandom = arm.strategy === RANDOM
    // one training, whoever asked for it; beside other selectors, chosen initial sets have trainings of their own
    const start = several && arm.selector ? `${arm.selector}@${arm.initialSize} ` : ''
    const onTheOrder = `${start}random ${n} ${seed} ${numericsId}`
    const shared = n === arm.initialSize ? `${start}${n} ${seed} ${numericsId}` : onTheOrder
    const known =
      n === arm.initialSize || isRandom ? (trained.get(shared) ?? trained.get(onTheOrder)) : undefined
    const own = at(means, armKey(arm), () => new Map<number, Mean>())
    const random = means.get(armKey({ ...arm, strategy: RANDOM }))
    const guess = known ?? guessFromMeans(own, random, n, before.get(armKey(arm)), dataset.testSize)
    const correct = visit(guess, run, index)
    at(own, n, () => new Mean()).add(correct)
    before.set(armKey(arm), n)
    if (n === arm.initialSize || isRandom) trained.set(shared, correct)
    if (isRandom) trained.set(onTheOrder, correct)
  }
}

/** Seeds read before; or the mean of the count before, moved as Random moves; or Random. */
function guessFromMeans(
  own: Map<number, Mean>,
  random: Map<number, Mean> | undefined,
  n: number,
  lastCount: number | undefined,
  testSize: number
): number {
  const here = own.get(n)
  if (here) return here.value
  const last = lastCount === undefined ? undefined : own.get(lastCount)!.value
  const randomHere = random?.get(n)?.value
  const randomThen = lastCount === undefined ? undefined : random?.get(lastCount)?.value
  let guess = last ?? randomHere ?? testSize >> 1
  if (last !== undefined && randomHere !== undefined && randomThen !== undefined)
    guess = last + randomHere - randomThen
  return Math.min(Math.max(guess, 0), testSize)
}
