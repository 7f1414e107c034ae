/**
 * The pretrainer: self-supervision in one worker, whatever backend trains on its encoders. Where a GPU is wanted and there,
 * the trunk learns on it; else everything is on WASM, whose arithmetic is the same on every machine. An encoder serves all
 * backends, wherever it was made; its numericsId and so its key say where.
 */
import type { Checkpoint } from '../../core/engine.ts'
import {
  encoderKey,
  imagesName,
  type EpochReport,
  type Pretraining
} from '../../core/pretraining/settings.ts'
import type { Snapshot, Unfinished } from '../../core/pretraining/snapshot.ts'
import { openWasm } from '../backends/wasm.ts'
import { probe } from '../probe.ts'
import type { Features } from '../../core/features.ts'
import { EngineError } from '../errors.ts'
import type { FastEngine } from '../fast/engine.ts'
import { knowsImages } from '../fast/known.ts'
import { pretrain, type Hooks, type Pretrained, type PretrainingView } from './pretrain.ts'
import { represent } from './represent.ts'

/** Under which key an encoder is kept, and the arithmetic that makes it. */
export type Identity = Pick<Unfinished, 'key' | 'numericsId'>

/** What a pretraining tells on its way, and where it goes on. */
export interface Demand {
  check: Checkpoint
  /** begins again with epoch 0 where the GPU was lost */
  reported(report: EpochReport): void
  /** on the GPU, if there is one */
  gpu?: boolean
  /** what was interrupted: it goes on where its key is that of what is to be made */
  from?: Pick<Unfinished, 'key' | 'snapshot'>
  /** called between two epochs; `take` gives where it stands */
  keep?(made: Identity, take: () => Promise<Snapshot>): void | Promise<void>
}

export interface Pretrainer {
  /** of what WASM makes */
  readonly numericsId: string
  /** key of the encoder that a pretraining on these images ends with on WASM, and their name */
  keyOf(view: PretrainingView, pretraining: Pretraining): { key: string; images: string }
  /** The result's key and numericsId say where it was made. */
  pretrain(view: PretrainingView, pretraining: Pretraining, demand: Demand): Promise<Pretrained & Identity>
  /** the product 'encoder' of finished weights: features of all images of the pool */
  represent(view: PretrainingView, pretraining: Pretraining, weights: Float32Array): Promise<Features>
}

/** Opens the GPU's engine. Rejects where there is none, or a wrong one. */
export type OpenGpu = () => Promise<FastEngine>

/** Losses of the GPU with nothing kept between them, after which WASM starts over. */
const MOST_LOSSES = 3

/** Milliseconds that a lost GPU is given to come back. */
const MOMENT = 500

/** Opens WASM and has it prove itself. Rejects with an EngineError. `openGpu` is called when a GPU is wanted. */
export async function openPretrainer(
  wasmUrl?: string,
  openGpu: OpenGpu = async () => (await import('../fast/open.ts')).openFast({ wasmUrl })
): Promise<Pretrainer> {
  const opened = await openWasm(wasmUrl)
  const k = opened.kernels
  const { numericsId } = await probe(opened)
  let hardware: Promise<FastEngine | undefined> | undefined

  /** One of silicon: a software adapter is slower than WASM. */
  const findHardware = async () => {
    const engine = await openGpu().catch(() => undefined)
    if (!engine?.description.fallback) return engine
    engine.dispose()
  }

  function keyOf({ shape, pool }: PretrainingView, pretraining: Pretraining, id = numericsId) {
    const images = imagesName(shape, pool.images)
    return { key: encoderKey(pretraining, images, id), images }
  }

  return {
    numericsId,
    keyOf: (view, pretraining) => keyOf(view, pretraining),
    async pretrain(view, pretraining, { check, reported, gpu, from, keep }) {
      const identity = (id?: string): Identity => ({
        key: keyOf(view, pretraining, id).key,
        numericsId: id ?? numericsId
      })
      let standing = from
      const hooksFor = (made: Identity, kept = () => {}): Hooks => ({
        check,
        reported,
        from: standing?.key === made.key ? standing.snapshot : undefined,
        keep: take =>
          keep?.(made, async () => {
            const snapshot = await take()
            standing = { key: made.key, snapshot }
            kept()
            return snapshot
          })
      })
      for (let losses = 0; gpu && knowsImages(view.shape) && losses < MOST_LOSSES;) {
        const engine = await (hardware ??= findHardware())
        if (!engine) break
        const own = identity(engine.numericsId)
        try {
          const { gpuLearner } = await import('./gpuLearner.ts')
          const made = await pretrain(
            k,
            view,
            pretraining,
            hooksFor(own, () => (losses = 0)),
            (laid, start) => gpuLearner(engine.gpu, k, laid, start)
          )
          return { ...made, ...own }
        } catch (error) {
          if (!(error instanceof EngineError && error.code === 'lost')) throw error
          losses++
          hardware = undefined
          engine.dispose()
          await new Promise(resolve => setTimeout(resolve, MOMENT))
        }
      }
      const own = identity()
      return { ...(await pretrain(k, view, pretraining, hooksFor(own))), ...own }
    },
    represent: (view, { network }, weights) => represent(k, view, network, weights)
  }
}
