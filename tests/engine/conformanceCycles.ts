/**
 * A whole cycle with replayed picks: the float64 computation of reference.ts trains, scores the pool and picks by margin,
 * round after round; a backend that is given the same picks goes the same way within what float32 leaves open. (Left to
 * itself it need not: one unit in the last place flips a pick.)
 */
import { expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import { passMask, UNVARIED } from '../../src/core/law.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { normalisation } from '../../src/core/view.ts'
import * as reference from './reference.ts'
import { range, tinyView } from './views.ts'

const SEED = 5
const QUERY = 4
const PASSES = 2
const CLASSES = 4

const shape = { height: 11, width: 9, channels: 3 }
const view = tinyView(shape, CLASSES, 40, 21)
const norm = normalisation(view.pool.images, 3)

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])))

/** Right answers on the test set. */
function right(probabilities: ArrayLike<number>): number {
  return [...view.test.labels].filter((label, i) => {
    const own = Array.from({ length: CLASSES }, (_, c) => probabilities[i * CLASSES + c])
    return own.indexOf(Math.max(...own)) === label
  }).length
}

/** Rows in the order of the margin between the two most probable classes, smallest first. */
function byMargin(rows: Uint32Array, probabilities: reference.Matrix): number[] {
  const margin = (i: number) => {
    const [first, second] = [...probabilities.subarray(i * CLASSES, (i + 1) * CLASSES)].sort((a, b) => b - a)
    return first - second
  }
  return [...rows.keys()].sort((a, b) => margin(a) - margin(b)).map(i => rows[i])
}

export function conformanceOfCycles(open: () => Engine, recipe: Recipe, rounds: number): void {
  test('a whole cycle with replayed picks', async () => {
    const engine = open()
    await engine.load(view)
    const net = engine.architecture(recipe)
    let labelled = range(6, 5, 2)
    for (let round = 0; round < rounds; round++) {
      const { images, labels } = view.pool
      const expected = reference.train(net, recipe, images, labels, norm, SEED, labelled)
      const probabilities = (images: Uint8Array, rows: Uint32Array, mask: Float32Array | null = null) => {
        const x = reference.inputs(images, shape, norm, rows, () => UNVARIED)
        const own = mask && Float64Array.from(mask)
        return reference.softmax(
          reference.forward(net, expected.parameters, x, rows.length, own).logits,
          CLASSES
        )
      }
      const test = probabilities(view.test.images, range(21))
      const unlabelled = range(40).filter(row => !labelled.includes(row))
      const pool = probabilities(images, unlabelled)
      const masks = Array.from({ length: PASSES }, (_, pass) =>
        passMask(net.features, SEED, labelled.length, pass, recipe.dropout)
      )
      const stochastic = masks.map(mask => probabilities(images, unlabelled, mask))

      const [trained] = await engine.train(recipe, [{ seed: SEED, labelled }])
      const perEpoch = Math.ceil(labelled.length / recipe.batchSize)
      const from = Math.floor((trained.steps - 1) / perEpoch) * perEpoch
      const sum = (values: number[]) => values.slice(from).reduce((a, b) => a + b, 0)
      const loss = sum(expected.losses.map((l, i) => l * expected.sizes[i])) / sum(expected.sizes)
      expect(Math.abs(trained.trainLoss / loss - 1), `loss of round ${round}`).toBeLessThan(1e-3)
      const needs = [{ kind: 'probabilities' }, { kind: 'passes', passes: PASSES }] as const
      const got = await trained.answer(needs, unlabelled, labelled)
      const scores = await trained.testProbabilities()
      trained.dispose()
      expect(furthest(scores, test), `test images of round ${round}`).toBeLessThan(1e-3)
      expect(Math.abs(right(scores) - right(test))).toBeLessThanOrEqual(1)
      expect(furthest(got.probabilities!, pool), `pool of round ${round}`).toBeLessThan(1e-3)
      const mean = pool.map((_, i) => stochastic.reduce((total, p) => total + p[i], 0) / PASSES)
      expect(furthest(got.passes!.meanProbabilities, mean), `passes of round ${round}`).toBeLessThan(1e-3)

      labelled = Uint32Array.from([...labelled, ...byMargin(unlabelled, pool).slice(0, QUERY)]).sort()
    }
  })
}
