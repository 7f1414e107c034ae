/** What the fast path does not know comes out of it with WASM's bits: its id promises them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import type { EngineNeed } from '../../src/core/needs.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import type { View } from '../../src/core/view.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { numbers, range, relativeError, tinyView } from './views.ts'

const network = { channels: [3, 5], hidden: 7 }
const RECIPE: Recipe = {
  network,
  epochs: 0,
  stepsFloor: 3,
  learningRate: 3e-3,
  batchSize: 4,
  dropout: 0.25,
  augmentation: 'none'
}
const shape = { height: 11, width: 9, channels: 3 }
const images = tinyView(shape, 4, 20, 5)
const labelled = range(6, 3, 1)
const encoder = { key: 'e', weights: numbers(encoderSize(network, shape), 4) }

const features: View = {
  ...images,
  key: 'features',
  shape: { height: 1, width: 1, channels: 1 },
  pool: { images: new Uint8Array(0), features: numbers(20 * 6, 1), labels: images.pool.labels },
  test: { images: new Uint8Array(0), features: numbers(5 * 6, 2), labels: images.test.labels }
}

export function conformanceOfFallback(engine: () => FastEngine, openWasm: () => Promise<Engine>): void {
  describe('what it does not know', () => {
    let wasm: Engine
    beforeAll(async () => {
      wasm = await openWasm()
    })
    afterAll(() => wasm?.dispose())

    const outcome = async (engine: Engine, view: View, recipe: Recipe) => {
      await engine.load(view)
      engine.adopt(encoder)
      const [trained] = await engine.train(recipe, [{ seed: 5, labelled }])
      const needs: EngineNeed[] = [{ kind: 'probabilities' }, { kind: 'passes', passes: 2 }]
      const answers = await trained.answer(needs, range(8), labelled)
      const all = [await trained.weights(), await trained.testProbabilities(), answers]
      trained.dispose()
      return all
    }

    test.each<[string, View, Recipe]>([
      ['features', features, { ...RECIPE, mode: { kind: 'linear' } }],
      ['linear evaluation of an encoder', images, { ...RECIPE, mode: { kind: 'linear', encoder: 'e' } }],
      [
        'semi-supervised training',
        images,
        { ...RECIPE, unlabelled: { kind: 'meanTeacher', weight: 1, ratio: 1, rampUp: 0.5, decay: 0.9 } }
      ],
      ['a recipe that came later', images, { ...RECIPE, later: 1 } as Recipe],
      ['a mode that came later', images, { ...RECIPE, mode: { kind: 'warm', later: 1 } } as Recipe],
      ['images of five channels', tinyView({ height: 4, width: 6, channels: 5 }, 4, 20, 5), RECIPE]
    ])('%s', async (_, view, recipe) => {
      const expected = await outcome(wasm, view, recipe)
      const got = await outcome(engine(), view, recipe)
      expect(engine().preferredCohort(recipe)).toBe(1)
      expect(got).toEqual(expected)
    })

    test('a need that came later, of weights that the GPU has trained', async () => {
      await engine().load(images)
      const [trained] = await engine().train({ ...RECIPE, classWeights: 'balanced' }, [{ seed: 5, labelled }])
      const answer = async (need: object) =>
        (await trained.answer([need as EngineNeed], range(8), labelled)).probabilities!
      const weights = await trained.weights()
      const own = await answer({ kind: 'probabilities' })
      const other = await answer({ kind: 'probabilities', later: 1 })
      expect(await trained.weights()).toEqual(weights)
      expect(relativeError(other, own)).toBeLessThan(1e-5)
      trained.dispose()

      await wasm.load(images)
      const still: Recipe = { ...RECIPE, stepsFloor: 0, mode: { kind: 'warm' } }
      const [same] = await wasm.train(still, [{ seed: 5, labelled, before: weights }])
      expect(other).toEqual(await same.poolProbabilities(range(8)))
      same.dispose()
    })
  })
}
