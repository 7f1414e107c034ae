/** Encoders as files, in the form in which the page saves them. A file appears whole or not at all. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isEncoder } from '../../src/core/encoders.ts'
import { fromBase64 } from '../../src/core/exchange/base64.ts'
import { encoderText } from '../../src/core/exchange/encoder.ts'
import type { Encoder } from '../../src/core/pretraining/settings.ts'

/** Undefined where there is none, or none that is whole. */
export async function readEncoder(path: string): Promise<Encoder | undefined> {
  try {
    const { weights, ...card } = JSON.parse(await readFile(path, 'utf8'))
    const bytes = fromBase64(weights)!
    const read = new DataView(bytes.buffer)
    const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => read.getFloat32(4 * i, true))
    const encoder = { ...card, weights: values }
    return isEncoder(encoder) ? encoder : undefined
  } catch {
    return undefined
  }
}

export async function writeEncoder(path: string, encoder: Encoder): Promise<void> {
  const beside = `${path}.${process.pid}.part`
  await writeFile(beside, encoderText(encoder))
  await rename(beside, path)
}
