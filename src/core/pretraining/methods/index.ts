/**
 * The methods of self-supervised pretraining: what each asks of the network, its constants, its source. Constants are
 * those of the papers; batch normalisation is left out everywhere but in SimSiam's heads, which do not learn without it,
 * because an embedding must not depend on who shares its batch.
 */
import { instance } from './instance.ts'
import { jigsaw } from './jigsaw.ts'
import type { Method } from './method.ts'
import { moco } from './moco.ts'
import { mocoV2 } from './mocoV2.ts'
import { rotation } from './rotation.ts'
import { simclr } from './simclr.ts'
import { simsiam } from './simsiam.ts'

export type { HeadLayer, Method } from './method.ts'

export const methods = {
  rotation,
  jigsaw,
  instance,
  simclr,
  moco,
  mocoV2,
  simsiam
} as const satisfies Record<string, Method>

export type MethodName = keyof typeof methods
export const methodNames = Object.keys(methods) as MethodName[]

/** Fewest epochs that are suggested. */
const FEWEST_EPOCHS = 4

/** The settings that are suggested for a pool of so many images. */
export function suggestionFor(
  method: MethodName,
  pool: number
): { epochs: number; batchSize: number; learningRate: number } {
  const { images, batchSize, learningRate } = methods[method].suggested
  return { epochs: Math.max(FEWEST_EPOCHS, Math.round(images / pool)), batchSize, learningRate }
}
