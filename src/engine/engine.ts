/**
 * The reference path: the Engine of core/engine.ts on any set of kernels, one replica at a time. It holds no state
 * that a training could leave behind for the next: same key, same bits, whatever ran before or in between.
 */
import type { BackendDescription, Checkpoint, Engine, Replica, Trained } from '../core/engine.ts'
import { initialWeights } from '../core/law.ts'
import { architecture, linearArchitecture, type Architecture } from '../core/network.ts'
import { trainingSteps, type Recipe } from '../core/recipe.ts'
import { featureLength, normalisation, type View } from '../core/view.ts'
import { EngineError } from './errors.ts'
import { encodedFeatures, ownFeatures, type FeatureTable } from './features.ts'
import { answerNeeds, probabilities, type Model } from './inference.ts'
import type { Kernels } from './kernels.ts'
import { answerLinear, linearProbabilities, trainLinear } from './linear.ts'
import { Pixels } from './pixels.ts'
import { additionsOf, withAdditions } from './recipes/index.ts'
import { trainWithAdditions } from './recipes/train.ts'
import { startWeights, trainReplica, type Outcome } from './training.ts'

interface Loaded {
  view: View
  /** of a view of images */
  pool: Pixels
  test: Pixels
  /** weights by encoder key */
  encoders: Map<string, Float32Array>
  /** the one that was used last; `encoder`: its key, none for the view's own. A training keeps its own as long as it lasts */
  table?: { encoder?: string; table: FeatureTable }
}

const everyRow = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

/** The network that a recipe trains on a view. */
export function architectureOf(view: View, recipe: Recipe): Architecture {
  const classes = view.classNames.length
  if (recipe.mode?.kind !== 'linear')
    return withAdditions(architecture(recipe.network, view.shape, classes), recipe)
  const size = recipe.mode.encoder
    ? architecture(recipe.network, view.shape, classes).features
    : featureLength(view)
  if (size === undefined) throw new RangeError('linear evaluation of images needs an encoder')
  return linearArchitecture(size, classes)
}

export class ReferenceEngine<T> implements Engine {
  private loaded: Loaded | null = null

  constructor(
    private readonly kernels: Kernels<T>,
    readonly description: BackendDescription
  ) {}

  get numericsId(): string {
    return this.description.numericsId
  }

  async load(view: View): Promise<void> {
    const norm = normalisation(view.pool.images, view.shape.channels)
    const pixels = (images: Uint8Array) => new Pixels(images, view.shape, norm)
    this.loaded = {
      view,
      pool: pixels(view.pool.images),
      test: pixels(view.test.images),
      encoders: new Map()
    }
  }

  adopt({ key, weights }: { key: string; weights: Float32Array }): void {
    this.current().encoders.set(key, weights)
  }

  architecture(recipe: Recipe): Architecture {
    return architectureOf(this.current().view, recipe)
  }

  async train(recipe: Recipe, cohort: readonly Replica[], check: Checkpoint = () => {}): Promise<Trained[]> {
    const loaded = this.current()
    const k = this.kernels
    const net = this.architecture(recipe)
    const { labels } = loaded.view.pool
    const { mode } = recipe
    const trained: Trained[] = []
    for (const [index, replica] of cohort.entries()) {
      let all = 0
      const own: Checkpoint = (done, total) => {
        all = cohort.length * total
        return check(index * total + done, all)
      }
      const rest = () => check(all, all)
      const model = (weights: Float32Array): Model => ({
        net,
        weights,
        seed: replica.seed,
        labelCount: replica.labelled.length,
        dropout: recipe.dropout,
        rest
      })
      const added = additionsOf(recipe).length > 0
      if (mode?.kind === 'linear') {
        if (added) throw new RangeError('softmax regression on features trains nothing else')
        const steps = trainingSteps(recipe, replica.labelled.length)
        const table = await this.table(loaded, recipe, mode.encoder, () => own(0, steps))
        const outcome = await trainLinear(k, net, recipe, table, labels, replica, own)
        trained.push(trainedLinear(k, model(outcome.weights), table, outcome))
      } else {
        const set = { pixels: loaded.pool, labels }
        const encoder = mode?.kind === 'fineTune' ? this.encoder(loaded, mode.encoder) : undefined
        const train = added ? trainWithAdditions : trainReplica
        const outcome = await train(k, net, recipe, set, replica, own, encoder)
        const start = () => startWeights(net, recipe, replica, encoder).slice()
        trained.push(trainedReplica(k, model(outcome.weights), loaded, outcome, start))
      }
    }
    return trained
  }

  private encoder({ encoders }: Loaded, key: string): Float32Array {
    const weights = encoders.get(key)
    if (!weights) throw new RangeError(`the encoder ${key} was not handed over`)
    return weights
  }

  private async table(
    loaded: Loaded,
    recipe: Recipe,
    key: string | undefined,
    rest: () => void | Promise<void>
  ): Promise<FeatureTable> {
    const { view, pool, test } = loaded
    const last = loaded.table
    if (last && last.encoder === key) return last.table
    const table =
      key === undefined
        ? ownFeatures(view)
        : await encodedFeatures(this.kernels, recipe, this.encoder(loaded, key), view, pool, test, rest)
    loaded.table = { encoder: key, table }
    return table
  }

  dispose(): void {
    this.loaded = null
    this.kernels.dispose()
  }

  private current(): Loaded {
    if (!this.loaded) throw new EngineError('noBackend', 'no view has been loaded')
    return this.loaded
  }
}

/** A finished replica keeps its weights only; whatever is asked of it is computed anew. */
function trainedReplica<T>(
  k: Kernels<T>,
  model: Model,
  data: Loaded,
  outcome: Outcome,
  start: () => Float32Array
): Trained {
  return {
    steps: outcome.steps,
    trainLoss: outcome.trainLoss,
    weights: async () => model.weights.slice(),
    testProbabilities: () => probabilities(k, model, data.test, everyRow(data.test.count)),
    poolProbabilities: (rows, weights = model.weights) =>
      probabilities(k, { ...model, weights }, data.pool, rows),
    startWeights: async () => start(),
    answer: async (needs, unlabelled, labelled) =>
      answerNeeds(k, model, data.pool, needs, unlabelled, labelled),
    dispose: () => {}
  }
}

/** The same on features. */
function trainedLinear<T>(k: Kernels<T>, model: Model, table: FeatureTable, outcome: Outcome): Trained {
  const { size } = table
  return {
    steps: outcome.steps,
    trainLoss: outcome.trainLoss,
    weights: async () => model.weights.slice(),
    testProbabilities: () => linearProbabilities(k, model, table.test, everyRow(table.test.length / size)),
    poolProbabilities: (rows, weights = model.weights) =>
      linearProbabilities(k, { ...model, weights }, table.pool, rows),
    startWeights: async () => initialWeights(model.net, model.seed, model.labelCount),
    answer: (needs, unlabelled, labelled) => answerLinear(k, model, table, needs, unlabelled, labelled),
    dispose: () => {}
  }
}
