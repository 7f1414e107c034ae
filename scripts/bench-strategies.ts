/**
 * How long each strategy takes to choose, on one core and without a network: n = 10,000 candidates, 1,000 labelled, 10 classes,
 * embeddings of 128, k = 100; and each initial selector, for 100 of 10,000 images of 28x28. Embeddings and probabilities are
 * made up like those of a network that is mostly right. `npm run bench:strategies`.
 */
import { defaultKnobs } from '../src/core/datasource.ts'
import { featuresOf, type Features, type FeatureSet } from '../src/core/features.ts'
import { initialOrder, selectorStream, strategyStream } from '../src/core/law.ts'
import type { NeedResults } from '../src/core/needs.ts'
import { expPortable } from '../src/core/numeric/portable.ts'
import { rowEntropy } from '../src/core/numeric/scores.ts'
import { COMPONENTS } from '../src/core/pixelFeatures.ts'
import { rootKey, Stream } from '../src/core/random.ts'
import type { Selector } from '../src/core/selector.ts'
import { selectors } from '../src/core/selectors/index.ts'
import { strategies } from '../src/core/strategies/index.ts'
import type { Strategy } from '../src/core/strategy.ts'
import { buildView } from '../src/data/view.ts'

const [CANDIDATES, LABELLED, CLASSES, SIZE, K] = [10_000, 1_000, 10, 128, 100]
const REPEATS = 3

const stream = new Stream(rootKey(0, 99))
const rows = (count: number, width: number, value: (i: number, c: number) => number) =>
  Float32Array.from({ length: count * width }, (_, i) => value(Math.floor(i / width), i % width))

/** What a network would say: classes are directions, an image is its class's with noise, cut at zero. */
function madeUp(): { needs: NeedResults; labels: number[] } {
  const pool = CANDIDATES + LABELLED
  const labels = Array.from({ length: pool }, () => stream.below(CLASSES))
  const direction = rows(CLASSES, SIZE, () => Math.max(0, stream.bell()))
  const embeddings = rows(pool, SIZE, (i, d) =>
    Math.max(0, direction[labels[i] * SIZE + d] + 0.6 * stream.bell() - 0.2)
  )
  const weight = rows(SIZE, CLASSES, (d, c) => 0.1 * (direction[c * SIZE + d] - 0.4))
  const softmax = (noise: number) => {
    const p = rows(CANDIDATES, CLASSES, (i, c) => {
      let logit = noise * stream.bell()
      for (let d = 0; d < SIZE; d++) logit += embeddings[i * SIZE + d] * weight[d * CLASSES + c]
      return expPortable(logit / 2)
    })
    for (let i = 0; i < p.length; i += CLASSES) {
      const sum = p.subarray(i, i + CLASSES).reduce((a, b) => a + b)
      for (let c = i; c < i + CLASSES; c++) p[c] /= sum
    }
    return p
  }
  const probabilities = softmax(0)
  const meanProbabilities = softmax(0.3)
  const cut = CANDIDATES * SIZE
  const vectors: Features = {
    size: COMPONENTS,
    values: rows(pool, COMPONENTS, (i, d) => (labels[i] === d ? 3 : 0) + (3 * stream.bell()) / (1 + d / 8))
  }
  const hardness = rows(pool, 1, () => stream.uniform())
  const needs: NeedResults = {
    probabilities,
    before: { probabilities: meanProbabilities, untrained: false },
    embeddings: { size: SIZE, unlabelled: embeddings.slice(0, cut), labelled: embeddings.slice(cut) },
    head: { weight, bias: new Float32Array(CLASSES) },
    passes: {
      passes: 20,
      meanProbabilities,
      meanEntropy: Float32Array.from(
        { length: CANDIDATES },
        (_, i) => 0.9 * rowEntropy(meanProbabilities, i, CLASSES)
      ),
      votes: meanProbabilities.map(p => Math.round(20 * p)),
      variance: meanProbabilities.map(p => 0.1 * p * (1 - p))
    },
    viewVariance: rows(CANDIDATES, 1, () => stream.uniform()),
    predictedLoss: rows(CANDIDATES, 1, () => stream.uniform()),
    heads: [probabilities, meanProbabilities],
    features: { pixels: vectors, encoder: vectors, pretextLoss: { size: 1, values: hardness } }
  }
  return { needs, labels }
}

interface Times {
  clock: string
  processor: string
}

/** Milliseconds on the clock, and of the processor: on a busy machine only the second means something. */
async function time(work: () => unknown): Promise<Times> {
  const clock: number[] = []
  const processor: number[] = []
  for (let i = 0; i < REPEATS; i++) {
    const began = performance.now()
    const used = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(used)
    clock.push(performance.now() - began)
    processor.push((user + system) / 1000)
  }
  const least = (list: number[]) => `${Math.min(...list).toFixed(0)} ms`
  return { clock: least(clock), processor: least(processor) }
}

const { needs, labels } = madeUp()
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i)
const queries: Record<string, Times> = {}
for (const strategy of Object.values(strategies) as Strategy[])
  queries[strategy.id] = await time(() =>
    strategy.query({
      k: K,
      classes: CLASSES,
      unlabelled: range(0, CANDIDATES),
      labelled: range(CANDIDATES, CANDIDATES + LABELLED),
      labels: labels.slice(CANDIDATES),
      oracle: labels.slice(0, CANDIDATES),
      order: initialOrder(0, CANDIDATES + LABELLED),
      needs,
      stage: { round: 5, rounds: 10 },
      stream: strategyStream(0, LABELLED, strategy.id)
    })
  )
console.log(`a query: ${CANDIDATES} candidates, ${LABELLED} labelled, d = ${SIZE}, C = ${CLASSES}, k = ${K}`)
console.table(queries)

const knobs = { ...defaultKnobs, poolSize: CANDIDATES, testSize: 10 }
const view = buildView({ kind: 'synthetic', id: 'digits' }, knobs)
const sets: Record<string, Times> = {
  'principal components': await time(() => featuresOf({ ...view }, 'pixels'))
}
const pixels = featuresOf(view, 'pixels')
const features: FeatureSet = {
  pixels,
  encoder: pixels,
  dynamics: { size: 3, values: rows(CANDIDATES, 3, () => stream.uniform()) },
  pretextLoss: { size: 1, values: rows(CANDIDATES, 1, () => stream.uniform()) }
}
for (const selector of Object.values(selectors) as Selector[])
  sets[selector.id] = await time(() =>
    selector.select({
      size: K,
      seed: 0,
      classes: CLASSES,
      order: initialOrder(0, CANDIDATES),
      features,
      stage: { round: 0, rounds: 10 },
      oracle: selector.oracle && view.pool.labels,
      stream: selectorStream(0, selector.id)
    })
  )
console.log(`an initial set: ${K} of ${CANDIDATES} images, d = ${COMPONENTS}; the components once for a view`)
console.table(sets)
