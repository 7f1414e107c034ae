/**
 * Linear evaluation: softmax regression on features that are computed once, those of a frozen encoder or those a data set
 * consists of. Features are standardised over the pool (no label is used). The law of one round holds as it is: the
 * same batches, steps, optimiser and dropout, which acts on the features; augmentation does not apply. What is
 * asked of a finished training is answered as for a network whose embedding are the features.
 */
import type { Checkpoint, Replica } from '../core/engine.ts'
import { initialWeights, passMask, UNVARIED } from '../core/law.ts'
import type { EngineNeed, NeedResults } from '../core/needs.ts'
import type { Architecture } from '../core/network.ts'
import type { Recipe } from '../core/recipe.ts'
import type { FeatureTable } from './features.ts'
import { checkNeeds, Collector, headOf, type Model } from './inference.ts'
import type { Kernels, State } from './kernels.ts'
import { walk, type Outcome } from './training.ts'

/** Rows of an inference chunk. */
const CHUNK = 512

/** Trains one replica's output layer. Throws RangeError as trainReplica does. */
export function trainLinear<T>(
  k: Kernels<T>,
  net: Architecture,
  recipe: Recipe,
  table: FeatureTable,
  labels: Uint16Array,
  replica: Replica,
  check: Checkpoint
): Promise<Outcome> {
  const weights = initialWeights(net, replica.seed, replica.labelled.length)
  return walk(k, net, recipe, weights, labels, replica, check, state => ({
    take: (batch, t) =>
      k.scope(() => {
        const { ids, dropout } = batch
        const [weight, bias] = state.parameters()
        const x = featureRows(k, table.pool, table.size, ids, ids.length)
        const dropped = dropout ? k.multiply(x, k.dropoutMask(ids, table.size, dropout.key, dropout.rate)) : x
        const logits = k.dense(dropped, weight, bias, false)
        const d = k.crossEntropy(logits, batch.labels, state, batch.weights)
        const g = k.denseGradients(dropped, weight, d)
        k.adam(state, [g.weight, g.bias], recipe.learningRate, t)
      })
  }))
}

/** Some rows of a table as a matrix [count, size]; rows beyond their own repeat the first. */
function featureRows<T>(
  k: Kernels<T>,
  values: Float32Array,
  size: number,
  rows: Uint32Array,
  count: number
): T {
  return k.matrix(count, size, (to, start) => {
    for (let i = 0; i < count; i++) {
      const from = rows[i < rows.length ? i : 0] * size
      to.set(values.subarray(from, from + size), start + i * size)
    }
  })
}

/** Softmax probabilities of rows of features, [rows, classes]. */
export async function linearProbabilities<T>(
  k: Kernels<T>,
  model: Model,
  values: Float32Array,
  rows: Uint32Array
): Promise<Float32Array> {
  const state = k.createState(model.net, model.weights, false)
  try {
    return await predict(k, model, state, values, rows)
  } finally {
    k.freeState(state)
  }
}

/** As `linearProbabilities`; `replaced` stands in for the weights (a pass's dropout folded in). */
async function predict<T>(
  k: Kernels<T>,
  { net, rest }: Model,
  state: State<T>,
  values: Float32Array,
  rows: Uint32Array,
  replaced?: T
): Promise<Float32Array> {
  const out = new Float32Array(rows.length * net.classes)
  for (let start = 0; start < rows.length; start += CHUNK) {
    await rest()
    const chunk = rows.subarray(start, start + CHUNK)
    const read = await k.scope(() => {
      const [weight, bias] = state.parameters()
      const x = featureRows(k, values, net.features, chunk, k.padTail ? CHUNK : chunk.length)
      return k.read(k.softmax(k.dense(x, replaced ?? weight, bias, false)), chunk.length)
    })
    out.set(read, start * net.classes)
  }
  return out
}

/**
 * All needs of a linear model over the unlabelled rows. Throws RangeError for passes without dropout, and for views
 * of images where there are none.
 */
export async function answerLinear<T>(
  k: Kernels<T>,
  model: Model,
  table: FeatureTable,
  needs: readonly EngineNeed[],
  unlabelled: Uint32Array,
  labelled: Uint32Array
): Promise<NeedResults> {
  const passes = checkNeeds(needs, model.dropout)
  if (needs.some(({ kind }) => kind === 'predictedLoss' || kind === 'heads'))
    throw new RangeError('softmax regression on features has nothing beside it')
  const { net } = model
  const size = net.features
  const collect = new Collector(net, needs, unlabelled.length, labelled.length)
  const { results } = collect
  const state = k.createState(net, model.weights, false)
  const all = Uint32Array.from({ length: unlabelled.length }, (_, i) => i)
  try {
    if (needs.some(need => need.kind === 'head')) results.head = headOf(model)
    if (results.probabilities)
      collect.probabilities(0, await predict(k, model, state, table.pool, unlabelled))
    if (results.embeddings) {
      const copy = (to: Float32Array, rows: Uint32Array) =>
        rows.forEach((row, i) => to.set(table.pool.subarray(row * size, (row + 1) * size), i * size))
      copy(results.embeddings.unlabelled, unlabelled)
      copy(results.embeddings.labelled, labelled)
    }
    if (passes) {
      const values: Float32Array[] = []
      for (let pass = 0; pass < passes; pass++) {
        const mask = passMask(size, model.seed, model.labelCount, pass, model.dropout)
        const weight = k.scope(() => k.scaledRows(state.parameters()[0], mask))
        try {
          values.push(await predict(k, model, state, table.pool, unlabelled, weight))
        } finally {
          k.release(weight)
        }
      }
      collect.passes(0, values)
    }
    for (const need of needs) {
      if (need.kind !== 'viewVariance') continue
      const views: Float32Array[] = []
      for (const view of need.views) {
        const same = view.dy === UNVARIED.dy && view.dx === UNVARIED.dx && !view.mirror
        views.push(
          same
            ? await predict(k, model, state, table.pool, unlabelled)
            : await predict(k, model, state, await table.varied(unlabelled, view, model.rest), all)
        )
      }
      collect.viewVariance(0, views)
    }
    return results
  } finally {
    k.freeState(state)
  }
}
