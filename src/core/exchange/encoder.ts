/**
 * An encoder as a JSON file, for use elsewhere (docs/schema.md): settings, what was measured after each epoch, and the trunk's
 * weights as base64 of little-endian float32, in the order of core/network.ts's layout. What was recorded of the images stays
 * here: it is of use only beside them.
 */
import type { Encoder } from '../pretraining/settings.ts'
import { toBase64 } from './base64.ts'

export const ENCODER_FORMAT = 'dal-encoder'

export function encoderText({ weights, recorded: _, ...card }: Encoder): string {
  const bytes = new DataView(new ArrayBuffer(4 * weights.length))
  weights.forEach((value, i) => bytes.setFloat32(4 * i, value, true))
  const file = {
    format: ENCODER_FORMAT,
    version: 1,
    ...card,
    weights: toBase64(new Uint8Array(bytes.buffer))
  }
  return `${JSON.stringify(file)}\n`
}
