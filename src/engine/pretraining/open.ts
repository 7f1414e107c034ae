/**
 * The pretrainer: self-supervision on the WASM kernels of one worker, whatever backend trains on its encoders. WASM's
 * arithmetic is the same on every machine, so an encoder has the same bits wherever it was made, and one serves all backends.
 */
import type { Checkpoint } from '../../core/engine.ts'
import {
  encoderKey,
  imagesName,
  type EpochReport,
  type Pretraining
} from '../../core/pretraining/settings.ts'
import { openWasm } from '../backends/wasm.ts'
import { probe } from '../probe.ts'
import type { Features } from '../../core/features.ts'
import { pretrain, type Pretrained, type PretrainingView } from './pretrain.ts'
import { represent } from './represent.ts'

export interface Pretrainer {
  readonly numericsId: string
  /** key of the encoder that a pretraining on these images ends with, and their name */
  keyOf(view: PretrainingView, pretraining: Pretraining): { key: string; images: string }
  pretrain(
    view: PretrainingView,
    pretraining: Pretraining,
    check: Checkpoint,
    reported: (report: EpochReport) => void
  ): Promise<Pretrained>
  /** the product 'encoder' of finished weights: features of all images of the pool */
  represent(view: PretrainingView, pretraining: Pretraining, weights: Float32Array): Promise<Features>
}

/** Opens WASM and has it prove itself. Rejects with an EngineError. */
export async function openPretrainer(wasmUrl?: string): Promise<Pretrainer> {
  const opened = await openWasm(wasmUrl)
  const { numericsId } = await probe(opened)
  return {
    numericsId,
    keyOf: ({ shape, pool }, pretraining) => {
      const images = imagesName(shape, pool.images)
      return { key: encoderKey(pretraining, images, numericsId), images }
    },
    pretrain: (view, pretraining, check, reported) =>
      pretrain(opened.kernels, view, pretraining, check, reported),
    represent: (view, { network }, weights) => represent(opened.kernels, view, network, weights)
  }
}
