/**
 * An engine that trains nothing: its predictions are drawn from the training's identity, better with more labels.
 * For tests of everything around training.
 */
import type { BackendName, Engine, Replica, Trained } from '../../src/core/engine.ts'
import { hashBytes } from '../../src/core/keys.ts'
import { architecture } from '../../src/core/network.ts'
import type { NeedResults } from '../../src/core/needs.ts'
import { derive, rootKey, uniform, type Key } from '../../src/core/random.ts'
import { trainingSteps, type Recipe } from '../../src/core/recipe.ts'
import type { View } from '../../src/core/view.ts'

export class FakeEngine implements Engine {
  readonly numericsId: string
  readonly description
  trainings: Replica[] = []
  /** of everything that was started */
  recipes: Recipe[] = []
  /** label count and seeds of everything that was started together */
  cohorts: { labelCount: number; seeds: number[] }[] = []
  /** trainings it does together; undefined: the engine does not say */
  together: number | undefined
  /** called in mid-training; throwing an error with the code 'lost' is what a lost device looks like */
  midway: (cohort: readonly Replica[]) => void | Promise<void> = () => {}
  /** trainings whose loss is not a number */
  diverges: (replica: Replica) => boolean = () => false
  private view!: View
  constructor(id = 'fake-1', backend: BackendName = 'cpu') {
    this.numericsId = id
    this.description = { backend, numericsId: id, detail: 'fake', stepMilliseconds: 1 }
  }
  async load(view: View) {
    this.view = view
  }
  adopted: string[] = []
  adopt({ key }: { key: string }) {
    this.adopted.push(key)
  }
  architecture(recipe: Recipe) {
    return architecture(recipe.network, this.view.shape, this.view.classNames.length)
  }
  preferredCohort(_recipe: Recipe) {
    return this.together ?? 1
  }
  async train(
    recipe: Recipe,
    cohort: readonly Replica[],
    check?: (done: number, total: number) => void | Promise<void>
  ): Promise<Trained[]> {
    const steps = trainingSteps(recipe, cohort[0].labelled.length)
    const all = steps * cohort.length
    this.recipes.push(recipe)
    this.cohorts.push({ labelCount: cohort[0].labelled.length, seeds: cohort.map(r => r.seed) })
    if (cohort.some(r => r.labelled.length !== cohort[0].labelled.length))
      throw new RangeError('a cohort shares its label count')
    for (let step = 0; step < 5; step++) {
      if (step === 2) await this.midway(cohort)
      await check?.(Math.floor((step * all) / 5), all)
    }
    this.trainings.push(...cohort)
    return cohort.map(replica => this.trained(replica, steps))
  }
  private trained(replica: Replica, steps: number): Trained {
    const { seed, labelled, before } = replica
    const { view } = this
    const classes = view.classNames.length
    const digest = parseInt(hashBytes(new Uint8Array(labelled.slice().buffer)).slice(0, 6), 16)
    const state = before ? hashState(before[0], digest) : digest
    const key = derive(rootKey(seed, 99), state)
    const skill = 1 - 1 / (1 + labelled.length / 20)
    const predict = (rows: ArrayLike<number>, labels: Uint16Array, lane: number, stream: Key = key) => {
      const p = new Float32Array(rows.length * classes)
      for (let i = 0; i < rows.length; i++) {
        let sum = 0
        for (let c = 0; c < classes; c++) {
          const right = labels[rows[i]] === c ? skill : 0.2
          sum += p[i * classes + c] = 0.01 + right * uniform(stream, rows[i] * classes + c, lane)
        }
        for (let c = 0; c < classes; c++) p[i * classes + c] /= sum
      }
      return p
    }
    const embed = (rows: Uint32Array) =>
      Float32Array.from({ length: rows.length * 4 }, (_, i) => uniform(key, rows[i >> 2] * 4 + (i & 3), 3))
    return {
      steps,
      trainLoss: this.diverges(replica) ? NaN : 1 / labelled.length,
      weights: async () => new Float32Array([state]),
      testProbabilities: async () => predict(Array.from(view.test.labels.keys()), view.test.labels, 1),
      poolProbabilities: async (rows, weights) =>
        predict(rows, view.pool.labels, 2, weights && derive(rootKey(seed, 98), Math.round(weights[0]))),
      startWeights: async () => new Float32Array([before ? before[0] : 0]),
      answer: async (needs, unlabelled, labelledRows) => {
        const out: NeedResults = {}
        const probabilities = predict(unlabelled, view.pool.labels, 2)
        for (const need of needs) {
          if (need.kind === 'probabilities') out.probabilities = probabilities
          else if (need.kind === 'embeddings')
            out.embeddings = { size: 4, unlabelled: embed(unlabelled), labelled: embed(labelledRows) }
          else if (need.kind === 'passes')
            out.passes = {
              passes: need.passes,
              meanProbabilities: probabilities,
              meanEntropy: new Float32Array(unlabelled.length),
              votes: new Float32Array(unlabelled.length * classes),
              variance: new Float32Array(unlabelled.length * classes)
            }
          else if (need.kind === 'head')
            out.head = {
              weight: Float32Array.from({ length: 4 * classes }, (_, i) => uniform(key, i, 6)),
              bias: new Float32Array(classes)
            }
          else if (need.kind === 'predictedLoss')
            out.predictedLoss = Float32Array.from(unlabelled, row => uniform(key, row, 7))
          else if (need.kind === 'heads')
            out.heads = [3, 4].map(lane => predict(unlabelled, view.pool.labels, lane))
          else out.viewVariance = Float32Array.from(unlabelled, row => uniform(key, row, 5))
        }
        return out
      },
      dispose: () => {}
    }
  }
  dispose() {}
}

/** what a training that goes on from another one ends with: it depends on both, and is exact in float32 */
const hashState = (before: number, digest: number) => derive([before, digest], 1)[0] >>> 8

/** A view with blank images and labels that cycle through the classes. */
export function fakeView(pool = 200, test = 100, classes = 5): View {
  const set = (n: number) => ({
    images: new Uint8Array(n * 64),
    labels: Uint16Array.from({ length: n }, (_, i) => (i * 7) % classes)
  })
  const part = set(pool)
  return {
    key: `fake-${pool}-${test}-${classes}`,
    name: 'fake',
    fingerprint: 'f'.repeat(64),
    shape: { height: 8, width: 8, channels: 1 },
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
    pool: part,
    test: set(test),
    trueLabels: part.labels
  }
}
