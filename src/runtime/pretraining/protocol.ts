/** The messages between the page and the worker that pretrains: one pretraining at a time. */
import type { Features } from '../../core/features.ts'
import type { EpochReport, Pretraining, Recorded } from '../../core/pretraining/settings.ts'
import type { PretrainingView } from '../../engine/pretraining/pretrain.ts'

export type ToPretrainer =
  /** what is its encoder's key? Answered by 'keyed' */
  | { type: 'key'; view: PretrainingView; pretraining: Pretraining }
  /** compute the one that was asked about last */
  | { type: 'start' }
  /** the features of all images under an encoder's weights. Answered by 'represented' */
  | { type: 'represent'; view: PretrainingView; pretraining: Pretraining; weights: Float32Array }
  | { type: 'suspend' }
  | { type: 'resume' }
  | { type: 'cancel' }

export type FromPretrainer =
  | { type: 'keyed'; key: string; images: string; numericsId: string }
  | { type: 'progress'; step: number; steps: number }
  | { type: 'report'; report: EpochReport }
  | { type: 'done'; weights: Float32Array; recorded?: Recorded; seconds: number }
  | { type: 'represented'; features: Features }
  | { type: 'failed'; code: string; message: string }
