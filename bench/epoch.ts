/** How long a pretraining takes where an engine is: on its GPU, else on WASM. */
import type { Engine } from '../src/core/engine.ts'
import { networks } from '../src/core/network.ts'
import { suggestionFor } from '../src/core/pretraining/methods/index.ts'
import type { View } from '../src/core/view.ts'
import { FastEngine } from '../src/engine/fast/engine.ts'
import { openPretrainer } from '../src/engine/pretraining/open.ts'
import type { Setup } from './protocol.ts'

/** Epochs of SimCLR that are timed, after one more; the fastest counts. */
const EPOCHS = 3

/** Milliseconds of an epoch of SimCLR by its suggested settings, with the look that ends it. */
export async function timeEpoch(engine: Engine, view: View, { network, wasm }: Setup): Promise<number> {
  const pretrainer = await openPretrainer(wasm, async () => engine as FastEngine)
  const { batchSize, learningRate } = suggestionFor('simclr', view.pool.labels.length)
  const ends: number[] = []
  await pretrainer.pretrain(
    view,
    {
      method: 'simclr',
      network: networks[network],
      likeness: 'signs',
      epochs: EPOCHS + 1,
      batchSize,
      learningRate,
      seed: 0
    },
    {
      check: () => {},
      reported: () => void ends.push(performance.now()),
      gpu: engine instanceof FastEngine
    }
  )
  return Math.min(...ends.slice(2).map((end, i) => end - ends[i + 1]))
}
