/**
 * Inside a round: what each strategy asked for, from one initial set with one seed. It is read from the records of a result,
 * so it is there for what was computed here or came as a file; links carry counts only.
 */
import type { RoundRecord } from './record.ts'
import { RANDOM, type Arm, type Result, type Run } from './result.ts'

/** Where runs begin together: at one initial set, which a selector has chosen for a seed. */
export interface Start {
  initialSize: number
  /** absent: drawn at random */
  selector?: string
  seed: number
}

/** What was labelled for one round of one run. */
export interface Labelled {
  arm: Arm
  labelCount: number
  /** pool rows in picking order */
  added: Uint32Array
  /** of these, images of each class [classes], with the labels the training saw */
  asked: number[]
  /** labelled by then, of each class [classes] */
  labelled: number[]
  /** test images right before these had a label; absent of the initial set */
  before?: number
  /** and after a training on them as well */
  after: number
}

/** The starts with at least one round whose picks are known: the values of each of their parts, in ascending order. */
export interface Starts {
  initialSizes: number[]
  /** 'random' for those that name none */
  selectors: string[]
  seeds: number[]
}

const hasRecords = (run: Run) => run.points.some(({ record }) => record)

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)

export function startsOf({ runs, experiment }: Result): Starts {
  const known = runs.filter(hasRecords)
  const selectors = new Set(known.map(({ arm }) => arm.selector ?? RANDOM))
  return {
    initialSizes: ascending(known.map(({ arm }) => arm.initialSize)),
    selectors: experiment.selectors.filter(id => selectors.has(id)),
    seeds: ascending(known.map(({ seed }) => seed))
  }
}

/** A round's record with the one before it; undefined where they do not join, as when a record between them is lost. */
function labelledIn({ arm }: Run, record: RoundRecord, previous: RoundRecord | undefined, right: Rights) {
  const { labelCount, added, classCounts } = record
  const asked = classCounts.map((count, c) => count - (previous?.classCounts[c] ?? 0))
  if ((previous?.labelCount ?? 0) + added.length !== labelCount || asked.some(n => n < 0)) return undefined
  const labelled: Labelled = {
    arm,
    labelCount,
    added,
    asked,
    labelled: classCounts,
    after: right(labelCount)
  }
  if (previous) labelled.before = right(previous.labelCount)
  return labelled
}

type Rights = (labelCount: number) => number

function roundsOf(run: Run): Labelled[] {
  const correct = new Map(run.points.map(point => [point.labelCount, point.correct]))
  const right: Rights = labelCount => correct.get(labelCount)!
  const records = run.points.flatMap(({ record }) => record ?? [])
  return records.flatMap((record, i) => labelledIn(run, record, records[i - 1], right) ?? [])
}

/**
 * All rounds of all strategies from a start, by label count in ascending order; strategies in the experiment's order. Of an arm that
 * was computed under two numericsIds, the one that came further.
 */
export function roundsFrom({ runs, experiment }: Result, start: Start): Map<number, Labelled[]> {
  const further = new Map<string, Run>()
  for (const run of runs) {
    const { initialSize, selector = RANDOM } = run.arm
    if (
      initialSize !== start.initialSize ||
      selector !== (start.selector ?? RANDOM) ||
      run.seed !== start.seed
    )
      continue
    const known = further.get(run.arm.strategy)
    if (!known || run.points.length > known.points.length) further.set(run.arm.strategy, run)
  }
  const place = (run: Run) => experiment.strategies.indexOf(run.arm.strategy)
  const rounds = new Map<number, Labelled[]>()
  for (const round of [...further.values()].sort((a, b) => place(a) - place(b)).flatMap(roundsOf)) {
    const same = rounds.get(round.labelCount)
    if (same) same.push(round)
    else rounds.set(round.labelCount, [round])
  }
  return new Map([...rounds].sort(([a], [b]) => a - b))
}
