/** The messages between the page and the worker that pretrains: one pretraining at a time. */
import type { Features } from '../../core/features.ts'
import type { EpochReport, Pretraining, Recorded } from '../../core/pretraining/settings.ts'
import type { Unfinished } from '../../core/pretraining/snapshot.ts'
import type { PretrainingView } from '../../engine/pretraining/pretrain.ts'

export type ToPretrainer =
  /** what is its encoder's key? Answered by 'keyed' */
  | { type: 'key'; view: PretrainingView; pretraining: Pretraining }
  /** compute the one that was asked about last; `gpu`: on the GPU, if there is one; `from`: what was interrupted of it */
  | { type: 'start'; gpu: boolean; from?: Unfinished }
  /** the features of all images under an encoder's weights. Answered by 'represented' */
  | { type: 'represent'; view: PretrainingView; pretraining: Pretraining; weights: Float32Array }
  | { type: 'suspend' }
  | { type: 'resume' }

export type FromPretrainer =
  /** the key under which WASM's would be kept */
  | { type: 'keyed'; key: string; images: string }
  | { type: 'progress'; step: number; steps: number }
  /** epoch 0 begins anew */
  | { type: 'report'; report: EpochReport }
  /** where it stands, now and again */
  | { type: 'unfinished'; unfinished: Unfinished }
  | {
      type: 'done'
      key: string
      numericsId: string
      weights: Float32Array
      recorded?: Recorded
      seconds: number
    }
  | { type: 'represented'; features: Features }
  | { type: 'failed'; code: string; message: string }
