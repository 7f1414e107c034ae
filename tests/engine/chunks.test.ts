/**
 * More images than go through a network at once: what is said of them is what is said of each part alone, bit by bit, and every
 * answer stands in its own row. The parts are held against float64 elsewhere, with fewer images than one chunk.
 */
import { beforeAll, expect, test } from 'vitest'
import type { Engine, Trained } from '../../src/core/engine.ts'
import { UNVARIED } from '../../src/core/law.ts'
import type { EngineNeed, NeedResults } from '../../src/core/needs.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import type { View } from '../../src/core/view.ts'
import { onReferences } from './definitions.ts'
import { numbers, range, tinyView } from './views.ts'

const POOL = 1200
const shape = { height: 6, width: 6, channels: 1 }
const network = { channels: [2, 3], hidden: 4 }
const images = tinyView(shape, 3, POOL, 530)
const ready: View = {
  ...images,
  key: 'ready',
  shape: { height: 1, width: 5, channels: 1 },
  pool: { ...images.pool, images: new Uint8Array(0), features: numbers(POOL * 5, 1) },
  test: { ...images.test, images: new Uint8Array(0), features: numbers(530 * 5, 2) }
}
const recipe: Recipe = {
  network,
  epochs: 1,
  stepsFloor: 3,
  learningRate: 1e-2,
  batchSize: 8,
  dropout: 0.25,
  augmentation: 'none'
}
const encoder = { key: 'e', weights: numbers(encoderSize(network, shape), 4) }
const plain: EngineNeed[] = [{ kind: 'probabilities' }, { kind: 'embeddings' }, { kind: 'passes', passes: 2 }]
const views: EngineNeed = { kind: 'viewVariance', views: [UNVARIED, { dy: 1, dx: 0, mirror: true }] }
const cases: [string, View, Partial<Recipe>, EngineNeed[]][] = [
  ['a network', images, {}, [...plain, views]],
  [
    'a network with a module and with heads',
    images,
    { lossPrediction: { weight: 1, margin: 1, detachAfter: 0.5 }, discrepancy: { weight: 1 } },
    [{ kind: 'predictedLoss' }, { kind: 'heads' }]
  ],
  ['a linear layer on an encoder', images, { mode: { kind: 'linear', encoder: 'e' } }, [...plain, views]],
  ['a linear layer on ready features', ready, { mode: { kind: 'linear' } }, plain]
]

/** Lists of numbers by a name for each, of the rows asked for. */
function listsOf({ probabilities, embeddings, passes, viewVariance, predictedLoss, heads }: NeedResults) {
  return {
    probabilities,
    embeddings: embeddings?.unlabelled,
    ofLabelled: embeddings?.labelled,
    mean: passes?.meanProbabilities,
    entropy: passes?.meanEntropy,
    votes: passes?.votes,
    variance: passes?.variance,
    viewVariance,
    predictedLoss,
    first: heads?.[0],
    second: heads?.[1]
  }
}
const joined = (parts: (Float32Array | undefined)[]) =>
  parts[0] && Float32Array.from(parts.flatMap(part => [...part!]))

onReferences(images, stand => {
  let engine: Engine
  beforeAll(() => {
    engine = stand().engine
  })

  test.each(cases)('%s', async (_, view, change, needs) => {
    await engine.load(view)
    if (view === images) engine.adopt(encoder)
    const own = { ...recipe, ...change }
    if (view === images) expect(stand().kernels.chunk(engine.architecture(recipe))).toBeLessThan(530)
    const labelled = range(20, 2)
    const [trained]: Trained[] = await engine.train(own, [{ seed: 5, labelled }])
    // not in order, and the last chunk not full
    const rows = range(1100).map(i => (i * 7) % POOL)
    const others = range(540).map(i => (i * 11) % POOL)
    const cuts = [0, 250, 490, 700, 940, 1100]
    const parts = cuts.slice(1).map((to, i) => rows.subarray(cuts[i], to))
    const whole = listsOf(await trained.answer(needs, rows, others))
    const answers: ReturnType<typeof listsOf>[] = []
    for (const part of parts) answers.push(listsOf(await trained.answer(needs, part, new Uint32Array(0))))
    for (const name of Object.keys(whole) as (keyof typeof whole)[])
      if (name !== 'ofLabelled') expect(whole[name], name).toEqual(joined(answers.map(each => each[name])))
    if (whole.ofLabelled) {
      const { embeddings } = listsOf(
        await trained.answer([{ kind: 'embeddings' }], others.slice(0, 200), rows)
      )
      expect(whole.ofLabelled.subarray(0, embeddings!.length)).toEqual(embeddings)
      const last = listsOf(
        await trained.answer([{ kind: 'embeddings' }], others.slice(500), rows)
      ).embeddings!
      expect(whole.ofLabelled.subarray(-last.length)).toEqual(last)
    }
    if (whole.embeddings && view === images) {
      // every 45th image is the same one colour: the same is said of it wherever it stands, and of no other
      const size = whole.embeddings.length / rows.length
      const at = (row: number) => {
        const i = rows.indexOf(row)
        return String(whole.embeddings!.subarray(i * size, (i + 1) * size))
      }
      const same = [...rows].filter(row => row % 45 === 8)
      expect(new Set(same.map(at)).size).toBe(1)
      expect(new Set([...rows].map(at)).size).toBeGreaterThan(500)
    }

    const said = await trained.poolProbabilities(rows)
    const pieces: Float32Array[] = []
    for (const part of parts) pieces.push(await trained.poolProbabilities(part))
    expect(said).toEqual(joined(pieces))
    if (whole.probabilities) expect(said).toEqual(whole.probabilities)
    // no test image is lost: as many rows as there are, each of them a distribution
    const test = await trained.testProbabilities()
    expect(test).toHaveLength(530 * 3)
    for (let i = 0; i < test.length; i += 3) expect(test[i] + test[i + 1] + test[i + 2]).toBeCloseTo(1, 4)
  })
})
