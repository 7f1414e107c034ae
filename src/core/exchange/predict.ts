/**
 * What a reader of a link can guess before it reads: a count of right images from those it has read already. Only the
 * difference from the guess is written. Trainings that arms share (round 0 of all strategies, Random from all initial
 * sizes) are guessed exactly, so they cost next to nothing. Writer and reader walk the same way; every guess is made of
 * integers and one rounded division, the same on every machine.
 */
import type { Experiment } from '../experiment/table.ts'
import { getOrMake } from '../getOrMake.ts'
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
  /** its arm, and Random from the same initial sets */
  key: string
  randomKey: string
  /** of the point */
  index: number
}

/**
 * The points of all runs by arm (Random first, it is what others are guessed from), label count, seed. Runs are put in order
 * before their points are: they are fewer, and the points of each are in order mostly.
 */
function slotsInOrder(runs: readonly Run[], { strategies, selectors }: Experiment): Slot[] {
  const chosen = (run: Run) => selectors.indexOf(run.arm.selector ?? RANDOM)
  const place = new Map(strategies.map((id, i) => [id, id === 'random' ? -1 : i]))
  const betweenArms = (a: Run, b: Run) =>
    a.arm.initialSize - b.arm.initialSize ||
    chosen(a) - chosen(b) ||
    place.get(a.arm.strategy)! - place.get(b.arm.strategy)!
  const labelCount = ({ run, index }: Slot) => run.points[index].labelCount
  const inOrder = [...runs].sort((a, b) => betweenArms(a, b) || a.seed - b.seed)
  const slots: Slot[] = []
  for (let from = 0, to = 0; from < inOrder.length; from = to) {
    while (to < inOrder.length && betweenArms(inOrder[from], inOrder[to]) === 0) to++
    const ofArm = inOrder.slice(from, to).flatMap(run => {
      const [key, randomKey] = [armKey(run.arm), armKey({ ...run.arm, strategy: RANDOM })]
      return run.points.map((_, index): Slot => ({ run, key, randomKey, index }))
    })
    for (const slot of ofArm.sort((a, b) => labelCount(a) - labelCount(b))) slots.push(slot)
  }
  return slots
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
  for (const { run, key, randomKey, index } of slotsInOrder(runs, experiment)) {
    const { arm, seed, numericsId, points } = run
    const n = points[index].labelCount
    const isRandom = arm.strategy === RANDOM
    const isShared = isRandom || n === arm.initialSize
    // one training, whoever asked for it; beside other selectors, chosen initial sets have trainings of their own
    const start = several && arm.selector ? `${arm.selector}@${arm.initialSize} ` : ''
    const onTheOrder = isShared ? `${start}random ${n} ${seed} ${numericsId}` : ''
    const shared = n === arm.initialSize ? `${start}${n} ${seed} ${numericsId}` : onTheOrder
    const known = isShared ? (trained.get(shared) ?? trained.get(onTheOrder)) : undefined
    const own = getOrMake(means, key, () => new Map<number, Mean>())
    const guess = known ?? guessFromMeans(own, means.get(randomKey), n, before.get(key), dataset.testSize)
    const correct = visit(guess, run, index)
    getOrMake(own, n, () => new Mean()).add(correct)
    before.set(key, n)
    if (isShared) trained.set(shared, correct)
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
