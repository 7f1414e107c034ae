/**
 * One round on an engine: train, measure on the test set, answer the queries. A pure function of its task but for
 * the seconds it takes, which are kept beside the numbers and never in a key.
 */
import type { Checkpoint, Engine, Trained } from '../core/engine.ts'
import { featuresOf } from '../core/features.ts'
import { strategyStream } from '../core/law.ts'
import type { Need } from '../core/needs.ts'
import { logPortable } from '../core/numeric/portable.ts'
import { rowEntropy } from '../core/numeric/scores.ts'
import type { Diagnostics, Measurement, Pick } from '../core/record.ts'
import { carriesState } from '../core/recipe.ts'
import { findStrategy, unionOfNeeds } from '../core/strategies/index.ts'
import { labelsFor, type Setting, type Strategy } from '../core/strategy.ts'
import type { View } from '../core/view.ts'
import { RuntimeError } from './errors.ts'
import type { JobQuery, JobTask } from './protocol.ts'

/** Diagnostics look at this many unlabelled images at most. */
const SAMPLE = 1000

export interface RoundHooks {
  check: Checkpoint
  /** milliseconds of some monotonic clock */
  now(): number
  /** final weights, where the recipe carries state; before `measured` */
  trained(weights: Float32Array): void
  measured(measurement: Measurement): void
  picked(key: string, pick: Pick): void
  /** queries that are still unanswered: the job's own, then those that came meanwhile */
  takeQueries(): JobQuery[]
}

/** Runs a task on an engine whose view is loaded. Resolves when no query is left. */
export async function runRound(engine: Engine, view: View, task: JobTask, hooks: RoundHooks): Promise<void> {
  const seconds = { train: 0, test: 0, query: 0 }
  let phase: keyof typeof seconds = 'train'
  let mark = hooks.now()
  const lap = (next: typeof phase) => {
    seconds[phase] += (hooks.now() - mark) / 1000
    mark = hooks.now()
    phase = next
  }
  // suspended time is nobody's time: the clock stops while the checkpoint is out
  const check: Checkpoint = async (done, total) => {
    lap(phase)
    await hooks.check(done, total)
    mark = hooks.now()
  }
  const busy = () => {
    lap('query')
    return seconds.query
  }
  const before = await weightsBefore(engine, task, check)
  const [trained] = await engine.train(
    task.recipe,
    [{ seed: task.seed, labelled: task.labelled, before }],
    check
  )
  try {
    if (carriesState(task.recipe)) hooks.trained(await trained.weights())
    lap('test')
    const unlabelled = complement(task.labelled, view.pool.labels.length)
    const classes = view.classNames.length
    const sample = everyNth(unlabelled.length ? unlabelled : task.labelled, SAMPLE)
    const test = measureTest(await trained.testProbabilities(), view.test.labels, classes)
    const diagnostics = diagnose(await trained.poolProbabilities(sample), classes)
    lap('query')
    if (!Number.isFinite(trained.trainLoss) || !Number.isFinite(test.testLoss))
      throw new RuntimeError('diverged', 'the training loss is not a number')
    hooks.measured({
      labelCount: task.labelled.length,
      testSize: view.test.labels.length,
      ...test,
      steps: trained.steps,
      trainLoss: trained.trainLoss,
      diagnostics,
      seconds: { train: seconds.train, test: seconds.test }
    })
    for (let queries = hooks.takeQueries(); queries.length; queries = hooks.takeQueries()) {
      await answerQueries(trained, view, task, queries, unlabelled, hooks, busy)
    }
  } finally {
    trained.dispose()
  }
}

/** The weights the round before ended with: given, or found by going the way again. */
async function weightsBefore(
  engine: Engine,
  { recipe, seed, history = [], before }: JobTask,
  check: Checkpoint
): Promise<Float32Array | undefined> {
  if (before) return before
  let weights: Float32Array | undefined
  for (const labelled of history) {
    const [trained] = await engine.train(recipe, [{ seed, labelled, before: weights }], check)
    weights = await trained.weights()
    trained.dispose()
  }
  return weights
}

async function answerQueries(
  trained: Trained,
  view: View,
  task: JobTask,
  queries: JobQuery[],
  unlabelled: Uint32Array,
  hooks: RoundHooks,
  /** seconds spent on queries so far, suspensions left out */
  busy: () => number
): Promise<void> {
  const classes = view.classNames.length
  const setting: Setting = { classes, dropout: task.recipe.dropout, augmentation: task.recipe.augmentation }
  const asked = queries.map(q => ({ ...q, rule: findStrategy(q.strategy) as Strategy }))
  const needs: Need[] = unionOfNeeds(
    asked.map(q => q.rule),
    setting
  )
  const began = busy()
  const ofEngine = needs.filter(need => need.kind !== 'features')
  const results = await trained.answer(ofEngine, unlabelled, task.labelled)
  for (const need of needs)
    if (need.kind === 'features')
      results.features = { ...results.features, [need.basis]: featuresOf(view, need.basis) }
  const shared = (busy() - began) / asked.length
  for (const { key, k, rule } of asked) {
    const start = busy()
    const stream = strategyStream(task.seed, task.labelled.length, rule.id)
    const { picks, scores } = rule.query({
      k,
      classes,
      unlabelled,
      labelled: task.labelled,
      ...labelsFor(rule, view.pool.labels, task.labelled, unlabelled),
      order: task.order,
      needs: results,
      stream
    })
    hooks.picked(key, {
      picks,
      scores: scores && scoresOf(picks, unlabelled, scores),
      seconds: shared + busy() - start
    })
  }
}

/** The scores of the picks, out of the scores of all candidates (ascending rows). */
function scoresOf(picks: Uint32Array, unlabelled: Uint32Array, scores: Float32Array): Float32Array {
  const place = new Map(Array.from(unlabelled, (row, i) => [row, i]))
  return Float32Array.from(picks, row => scores[place.get(row)!])
}

/** Pool rows that are not in `labelled` (ascending), ascending. */
export function complement(labelled: Uint32Array, poolSize: number): Uint32Array {
  const out = new Uint32Array(poolSize - labelled.length)
  for (let row = 0, next = 0, filled = 0; row < poolSize; row++) {
    if (next < labelled.length && labelled[next] === row) next++
    else out[filled++] = row
  }
  return out
}

function everyNth(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)])
}

function argmaxRow(p: Float32Array, row: number, classes: number): number {
  let best = 0
  for (let c = 1; c < classes; c++) if (p[row * classes + c] > p[row * classes + best]) best = c
  return best
}

function measureTest(p: Float32Array, labels: Uint16Array, classes: number) {
  const correct = new Uint8Array((labels.length + 7) >> 3)
  const predicted = new Array<number>(classes).fill(0)
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const guess = argmaxRow(p, i, classes)
    predicted[guess]++
    if (guess === labels[i]) correct[i >> 3] |= 1 << (i & 7)
    const right = p[i * classes + labels[i]]
    loss -= logPortable(right < 1e-30 ? 1e-30 : right)
  }
  return { correct, predicted, testLoss: loss / labels.length }
}

function diagnose(p: Float32Array, classes: number): Diagnostics {
  const rows = p.length / classes
  const mean = new Float64Array(classes)
  const votes = new Float64Array(classes)
  let confidence = 0
  for (let i = 0; i < rows; i++) {
    const guess = argmaxRow(p, i, classes)
    votes[guess] += 1 / rows
    confidence += p[i * classes + guess] / rows
    for (let c = 0; c < classes; c++) mean[c] += p[i * classes + c] / rows
  }
  let marginalCrossEntropy = 0
  for (const m of mean) marginalCrossEntropy -= logPortable(Math.max(m, 1e-30)) / classes
  return {
    marginalCrossEntropy,
    predictedEntropy: rowEntropy(votes, 0, classes),
    predictedClasses: votes.filter(v => v > 0).length,
    meanConfidence: confidence
  }
}
