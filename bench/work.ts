/**
 * The work that is timed, the same for everybody: REF, the reference grid, and single steps and scorings out of it.
 *
 * REF: pool of 5,000, test of 1,000; conv 3x3 'same' 16-32-64, each with ReLU and 2x2 max-pool; dropout 0.25; dense 64
 * ReLU; dense to the classes; Adam 1e-3, batch 32, max(400, 30 epochs) steps from scratch each round; initial sizes 50
 * and 100, query size 50, budget 300; random, entropy, margin, BALD (20 passes of the head), k-center, consistency (the
 * image and five views shifted by a pixel); 3 seeds: 36 runs.
 */
import { architecture, networks, type Architecture } from '../src/core/network.ts'
import { frozenExperiment, type Experiment } from '../src/core/experiment/table.ts'
import { recipeOf } from '../src/core/experiment/parts.ts'
import type { Need } from '../src/core/needs.ts'
import type { Recipe } from '../src/core/recipe.ts'
import type { View } from '../src/core/view.ts'

export const REF: Experiment = {
  ...frozenExperiment,
  poolSize: 5000,
  testSize: 1000,
  initialSizes: [50, 100],
  querySize: 50,
  budget: 300,
  strategies: ['random', 'entropy', 'margin', 'bald', 'kCenter', 'consistency'],
  seeds: 3,
  network: 'reference',
  stepsFloor: 400
}

export const BATCH = REF.batchSize

/** Labelled images of the timed trainings: ten full batches an epoch. */
export const LABELLED = 10 * BATCH

/** REF's recipe with a number of steps of our own choice. */
export function recipeOfSteps(steps: number, network: keyof typeof networks): Recipe {
  return { ...recipeOf({ ...REF, network }), epochs: 0, stepsFloor: steps }
}

/** What is asked of a finished training, over pool images. */
export const needs = {
  probabilities: { kind: 'probabilities' },
  embeddings: { kind: 'embeddings' },
  passes: { kind: 'passes', passes: 20 },
  views: {
    kind: 'viewVariance',
    views: [
      [0, 0],
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [1, 1]
    ].map(([dy, dx]) => ({ dy, dx, mirror: false }))
  }
} as const satisfies Record<string, Need>

export type NeedName = keyof typeof needs

export function architectureFor(view: View, network: keyof typeof networks): Architecture {
  return architecture(networks[network], view.shape, view.classNames.length)
}

/**
 * Floating-point operations (a multiply-add is two) and bytes of one training step of one replica. `dense` counts every
 * product of the layers' definition; `sparse` leaves out what max-pooling makes zero: of each 2x2 window of a conv
 * output one position at most has a gradient. The first layer needs no gradient of its input. Bytes: images come in as
 * bytes, each activation after pooling and each gradient of one is written once and read twice, weights are read three
 * times, and Adam reads and writes weights and both moments and reads the gradient that was written.
 */
export function costOfStep(net: Architecture): { dense: number; sparse: number; bytes: number } {
  let [dense, sparse, activations] = [0, 0, 0]
  net.channels.forEach((out, i) => {
    const { height, width, channels } = net.maps[i]
    const forward = 2 * 9 * channels * out * height * width
    const backward = forward * (i > 0 ? 2 : 1)
    dense += forward + backward
    sparse += forward + backward / 4
    activations += (height >> 1) * (width >> 1) * out
  })
  const last = 2 * (net.features * net.hidden + net.hidden * net.classes)
  activations += net.hidden + net.classes
  const { height, width, channels } = net.input
  return {
    dense: BATCH * (dense + 3 * last),
    sparse: BATCH * (sparse + 3 * last),
    bytes: BATCH * (height * width * channels + activations * 4 * 2 * 3) + net.size * 4 * (3 + 6 + 2)
  }
}
