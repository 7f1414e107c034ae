/**
 * The reference path: the Engine of core/engine.ts on any set of kernels, one replica at a time. It holds no state
 * that a training could leave behind for the next: same key, same bits, whatever ran before or in between.
 */
import type { BackendDescription, Checkpoint, Engine, Replica, Trained } from '../core/engine.ts'
import { architecture, type Architecture } from '../core/network.ts'
import type { Recipe } from '../core/recipe.ts'
import { normalisation, type View } from '../core/view.ts'
import { EngineError } from './errors.ts'
import { answerNeeds, probabilities, type Model } from './inference.ts'
import type { Kernels } from './kernels.ts'
import { Pixels } from './pixels.ts'
import { trainReplica } from './training.ts'

interface Loaded {
  view: View
  pool: Pixels
  test: Pixels
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
    this.loaded = { view, pool: pixels(view.pool.images), test: pixels(view.test.images) }
  }

  architecture(recipe: Recipe): Architecture {
    const { view } = this.current()
    return architecture(recipe.network, view.shape, view.classNames.length)
  }

  async train(recipe: Recipe, cohort: readonly Replica[], check: Checkpoint = () => {}): Promise<Trained[]> {
    const loaded = this.current()
    const net = this.architecture(recipe)
    const trained: Trained[] = []
    for (const [index, replica] of cohort.entries()) {
      const set = { pixels: loaded.pool, labels: loaded.view.pool.labels }
      let all = 0
      const { weights, steps, trainLoss } = await trainReplica(
        this.kernels,
        net,
        recipe,
        set,
        replica,
        (done, total) => {
          all = cohort.length * total
          return check(index * total + done, all)
        }
      )
      const { seed, labelled } = replica
      const rest = () => check(all, all)
      const model = { net, weights, seed, labelCount: labelled.length, dropout: recipe.dropout, rest }
      trained.push(trainedReplica(this.kernels, model, loaded, steps, trainLoss))
    }
    return trained
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
  steps: number,
  trainLoss: number
): Trained {
  return {
    steps,
    trainLoss,
    weights: async () => model.weights.slice(),
    testProbabilities: () =>
      probabilities(
        k,
        model,
        data.test,
        Uint32Array.from({ length: data.test.count }, (_, i) => i)
      ),
    poolProbabilities: rows => probabilities(k, model, data.pool, rows),
    answer: async (needs, unlabelled, labelled) =>
      answerNeeds(k, model, data.pool, needs, unlabelled, labelled),
    dispose: () => {}
  }
}
