/**
 * Rounds on an engine, a cohort at a time: train together; then measure each on the test set, and answer its queries. Each
 * is a pure function of its task but for the seconds it takes (of what is done together, an equal share), which are kept
 * beside the numbers and never in a key.
 */
import type { Checkpoint, Engine, Replica, Trained } from '../core/engine.ts'
import { featureSet } from '../core/features.ts'
import { strategyStream } from '../core/law.ts'
import { isOfEngine, type Need, type NeedResults } from '../core/needs.ts'
import { argmax } from '../core/numeric/distance.ts'
import { logPortable } from '../core/numeric/portable.ts'
import { everyNth } from '../core/numeric/sampling.ts'
import { rowEntropy } from '../core/numeric/scores.ts'
import type { Diagnostics, Measurement, Pick as Picked } from '../core/record.ts'
import { complement } from '../core/rows.ts'
import { findStrategy, unionOfNeeds } from '../core/strategies/index.ts'
import { labelsFor, looksBack, type Setting, type Strategy } from '../core/strategy.ts'
import { featureLength, type View } from '../core/view.ts'
import type { JobQuery, JobTask } from './protocol.ts'

/** Diagnostics look at this many unlabelled images at most. */
const SAMPLE = 1000

/** `id` is the task's. */
export interface RoundHooks {
  /** steps of each training */
  check: Checkpoint
  /** milliseconds of some monotonic clock */
  now(): number
  /** final weights, where the task says that they are to be kept; before `measured` */
  trained(id: string, weights: Float32Array): void
  measured(id: string, measurement: Measurement): void
  picked(id: string, key: string, pick: Picked): void
  /** queries that are still unanswered: the task's own, then those that came meanwhile */
  takeQueries(id: string): JobQuery[]
  /** nothing is left to do for it */
  done(id: string): void
  /** it cannot be used: `code` is a key of the message catalogue */
  failed(id: string, code: string, message: string): void
}

/** Runs tasks of one recipe and label count on an engine whose view is loaded. Resolves when no query is left. */
export async function runRounds(
  engine: Engine,
  view: View,
  tasks: readonly JobTask[],
  hooks: RoundHooks
): Promise<void> {
  const clock = stopwatch(hooks)
  const cohort: Replica[] = []
  for (const task of tasks) {
    const before = await weightsBefore(engine, task, clock.check)
    cohort.push({ seed: task.seed, labelled: task.labelled, ...(before ? { before } : {}) })
  }
  // the engine counts the steps of all replicas
  const count = tasks.length
  const ask: Checkpoint = (done, total) => clock.check(Math.floor(done / count), Math.floor(total / count))
  const all = await engine.train(tasks[0].recipe, cohort, ask)
  const trainSeconds = clock.lap() / count
  const held = new Set(all)
  try {
    const measured: JobTask[] = []
    for (const [i, task] of tasks.entries()) {
      if (task.keep) hooks.trained(task.id, await all[i].weights())
      const measurement = await measure(all[i], view, task)
      const seconds = { train: trainSeconds, test: clock.lap() }
      // by what the pool says, never by the test images
      if (!Number.isFinite(measurement.trainLoss) || !Number.isFinite(measurement.diagnostics.meanConfidence))
        hooks.failed(task.id, 'diverged', 'the training loss is not a number')
      else {
        hooks.measured(task.id, { ...measurement, seconds })
        measured.push(task)
      }
    }
    for (const task of measured) {
      const trained = all[tasks.indexOf(task)]
      for (let queries = hooks.takeQueries(task.id); queries.length; queries = hooks.takeQueries(task.id))
        await answerQueries(engine, trained, view, task, queries, hooks, clock)
      hooks.done(task.id)
      held.delete(trained)
      trained.dispose()
    }
  } finally {
    for (const trained of held) trained.dispose()
  }
}

interface Stopwatch {
  check: Checkpoint
  /** seconds since the lap before */
  lap(): number
}

/** Counts working time: suspended time is nobody's, so the clock stops while a checkpoint is out. */
function stopwatch({ check, now }: RoundHooks): Stopwatch {
  let seconds = 0
  let mark = now()
  const count = () => {
    seconds += (now() - mark) / 1000
    mark = now()
  }
  return {
    async check(done, total) {
      count()
      await check(done, total)
      mark = now()
    },
    lap() {
      count()
      const passed = seconds
      seconds = 0
      return passed
    }
  }
}

/** What a finished training leaves behind, but for the time it took. */
async function measure(trained: Trained, view: View, task: JobTask): Promise<Omit<Measurement, 'seconds'>> {
  const unlabelled = complement(task.labelled, view.pool.labels.length)
  const classes = view.classNames.length
  const rows = unlabelled.length ? unlabelled : task.labelled
  const sample = everyNth(rows.length, SAMPLE).map(i => rows[i])
  const test = measureTest(await trained.testProbabilities(), view.test.labels, classes)
  return {
    labelCount: task.labelled.length,
    testSize: view.test.labels.length,
    ...test,
    steps: trained.steps,
    trainLoss: trained.trainLoss,
    diagnostics: diagnose(await trained.poolProbabilities(sample), classes)
  }
}

/** The weights the round before ended with: given, or found by going the way again. */
async function weightsBefore(
  engine: Engine,
  { recipe, seed, history = [], before }: Pick<JobTask, 'recipe' | 'seed' | 'history' | 'before'>,
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
  engine: Engine,
  trained: Trained,
  view: View,
  task: JobTask,
  queries: JobQuery[],
  hooks: RoundHooks,
  clock: Stopwatch
): Promise<void> {
  const unlabelled = complement(task.labelled, view.pool.labels.length)
  const classes = view.classNames.length
  const { dropout, augmentation, mode } = task.recipe
  const features = featureLength(view) !== undefined
  const setting: Setting = {
    classes,
    dropout,
    augmentation,
    ...(features ? { features } : {}),
    ...(mode?.kind === 'linear' ? { linear: true } : {})
  }
  const asked = queries.map(q => ({ ...q, rule: findStrategy(q.strategy) as Strategy }))
  const needs: Need[] = unionOfNeeds(
    asked.map(q => q.rule),
    setting
  )
  clock.lap()
  const ofEngine = needs.filter(isOfEngine)
  const results = await trained.answer(ofEngine, unlabelled, task.labelled)
  const shared = clock.lap() / asked.length
  for (const { key, k, rule, bases, stage, before } of asked) {
    const earlier = looksBack(rule, setting)
      ? { before: await wouldHaveSaid(engine, trained, task, before, unlabelled, clock) }
      : {}
    const stream = strategyStream(task.seed, task.labelled.length, rule.id)
    const { picks, scores } = await rule.query({
      k,
      classes,
      unlabelled,
      labelled: task.labelled,
      ...labelsFor(rule, view.pool.labels, task.labelled, unlabelled),
      order: task.order,
      needs: { ...results, ...earlier, features: featureSet(view, bases) },
      ...(stage && { stage }),
      stream,
      geometry: engine.geometry
    })
    hooks.picked(task.id, key, {
      picks,
      scores: scores && scoresOf(picks, unlabelled, scores),
      seconds: shared + clock.lap()
    })
  }
}

/** What the run's previous network says of some rows; in the first round, the one that this training began with. */
async function wouldHaveSaid(
  engine: Engine,
  trained: Trained,
  { recipe, seed }: JobTask,
  previous: JobQuery['before'],
  rows: Uint32Array,
  { check }: Stopwatch
): Promise<NeedResults['before']> {
  const { history = [], weights: before } = previous ?? {}
  const weights = await weightsBefore(engine, { recipe, seed, history, before }, check)
  const probabilities = await trained.poolProbabilities(rows, weights ?? (await trained.startWeights()))
  return { probabilities, untrained: !weights }
}

/** The scores of the picks, out of the scores of all candidates (ascending rows). */
function scoresOf(picks: Uint32Array, unlabelled: Uint32Array, scores: Float32Array): Float32Array {
  const place = new Map(Array.from(unlabelled, (row, i) => [row, i]))
  return Float32Array.from(picks, row => scores[place.get(row)!])
}

/** The most probable class of a row of p [rows, classes], the lowest among equals. */
const guessOf = (p: Float32Array, row: number, classes: number) =>
  argmax(p.subarray(row * classes, (row + 1) * classes))

function measureTest(p: Float32Array, labels: Uint16Array, classes: number) {
  const correct = new Uint8Array((labels.length + 7) >> 3)
  const predicted = new Array<number>(classes).fill(0)
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const guess = guessOf(p, i, classes)
    predicted[guess]++
    if (guess === labels[i]) correct[i >> 3] |= 1 << (i & 7)
    const right = p[i * classes + labels[i]]
    loss -= logPortable(right >= 1e-30 ? right : 1e-30)
  }
  return { correct, predicted, testLoss: loss / labels.length }
}

/** What some predictions p [rows, classes] say of the network without any label. */
export function diagnose(p: Float32Array, classes: number): Diagnostics {
  const rows = p.length / classes
  const mean = new Float64Array(classes)
  const votes = new Float64Array(classes)
  let confidence = 0
  for (let i = 0; i < rows; i++) {
    const guess = guessOf(p, i, classes)
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
