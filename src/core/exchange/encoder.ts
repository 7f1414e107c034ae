/**
 * An encoder as a JSON file (docs/schema.md): settings, what was measured after each epoch, and the trunk's weights and what was
 * recorded of every image as base64 of little-endian float32, in the order of core/network.ts's layout. A file is believed as
 * far as it can be checked: its key is the hash of what it names, its hash that of its numbers and of what it says was measured,
 * every part has the length that the settings ask for. Whoever changes a file can hash it again: that the weights were learned
 * by these settings, and measured as the reports say, only another pretraining could prove.
 */
import * as v from 'valibot'
import { isEncoder } from '../encoders.ts'
import type { Features } from '../features.ts'
import { canonical, hashBytes } from '../keys.ts'
import { ENCODER_VERSION, encoderKey, type Encoder, type Recorded } from '../pretraining/settings.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { ExchangeError } from './errors.ts'
import * as f from './fields.ts'

export const ENCODER_FORMAT = 'dal-encoder'
/** 1 had no hashes, and was never read; the hash of 2 covers weights and records only */
const VERSION = 3
const OLDEST = 2
/** characters of a file: the largest network with the records of the largest pool is well below */
const LONGEST = 50_000_000

function bytesOf(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, i) => bytes.setFloat32(4 * i, value, true))
  return new Uint8Array(bytes.buffer)
}

const written = (values: Float32Array) => toBase64(bytesOf(values))

type Hashed = Pick<Encoder, 'weights' | 'recorded' | 'reports' | 'seconds'>

/**
 * SHA-256 over the weights and then the records, product by product; since version 3 also over what is said of them, as
 * canonical JSON.
 */
function hashOf({ weights, recorded = {}, reports, seconds }: Hashed, version: number): string {
  const records = Object.keys(recorded)
    .sort()
    .map(product => ({ product, ...recorded[product as keyof Recorded]! }))
  const parts = [weights, ...records.map(({ values }) => values)].map(bytesOf)
  if (version > 2) {
    const sizes = records.map(({ product, size }) => [product, size])
    parts.push(new TextEncoder().encode(canonical({ reports, seconds, recorded: sizes })))
  }
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return hashBytes(all)
}

/** The text of a file. */
export function encoderText(encoder: Encoder): string {
  const { weights, recorded, ...card } = encoder
  const records = Object.entries(recorded ?? {}).map(([product, { size, values }]) => [
    product,
    { size, values: written(values) }
  ])
  const file = {
    format: ENCODER_FORMAT,
    version: VERSION,
    ...card,
    ...(recorded && { recorded: Object.fromEntries(records) as unknown }),
    weights: written(weights),
    hash: hashOf(encoder, VERSION)
  }
  return `${JSON.stringify(file)}\n`
}

const base64 = v.pipe(v.string(), v.maxLength(LONGEST))

const file = v.object({
  key: f.key,
  pretraining: v.object({
    method: v.pipe(v.string(), v.maxLength(40)),
    network: v.object({
      channels: v.pipe(f.list(f.integer(1, 1024), 8), v.minLength(1)),
      hidden: f.integer(1, 4096)
    }),
    likeness: v.picklist(['signs', 'pictures']),
    epochs: f.integer(1, 100_000),
    batchSize: f.integer(1, 100_000),
    learningRate: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
    seed: f.seed
  }),
  shape: v.object({
    height: f.integer(1, f.limits.side),
    width: f.integer(1, f.limits.side),
    channels: f.integer(1, f.limits.channels)
  }),
  images: v.pipe(v.string(), v.regex(/^\d+x\d+x\d+ [0-9a-f]{64}$/)),
  reports: f.list(
    v.object({
      epoch: f.count,
      loss: v.optional(v.pipe(v.number(), v.finite())),
      knn: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
      spread: v.pipe(v.number(), v.minValue(0), v.maxValue(1))
    }),
    100_001
  ),
  numericsId: f.numericsId,
  seconds: v.pipe(v.number(), v.finite(), v.minValue(0)),
  weights: base64,
  recorded: v.optional(
    v.record(v.pipe(v.string(), v.maxLength(40)), v.object({ size: f.integer(1, 4096), values: base64 }))
  ),
  hash: f.fingerprint
})

/** Whether a parsed file claims to be an encoder. */
export const isEncoderFile = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && (json as { format?: unknown }).format === ENCODER_FORMAT

/** Whether a text claims to be the file of an encoder: it is written with the format first. */
export const claimsEncoder = (text: string): boolean =>
  new RegExp(`"format"\\s*:\\s*"${ENCODER_FORMAT}"`).test(text.slice(0, 200))

function read(text: string, field: string): Float32Array {
  const bytes = fromBase64(text)
  if (!bytes || bytes.length % 4) throw new ExchangeError('wrongType', field)
  const view = new DataView(bytes.buffer)
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
  if (!values.every(Number.isFinite)) throw new ExchangeError('outOfRange', field)
  return values
}

/** An encoder out of the text of a file. Throws ExchangeError. */
export function readEncoder(text: string): Encoder {
  if (text.length > LONGEST) throw new ExchangeError('tooLarge', '', { limit: LONGEST })
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    throw new ExchangeError('notJson')
  }
  f.refuseForbiddenKeys(json)
  if (!isEncoderFile(json)) throw new ExchangeError('notOurs', 'format')
  const { version } = json as { version?: unknown }
  f.parse(f.integer(1, Number.MAX_SAFE_INTEGER), version, 'version')
  if ((version as number) > VERSION)
    throw new ExchangeError('newerVersion', 'version', { version: version as number })
  if ((version as number) < OLDEST) throw new ExchangeError('earlierEncoder', 'version')
  const { hash, weights: w, recorded: r, ...card } = f.parse(file, json)
  const weights = read(w, 'weights')
  const records: [string, Features][] = Object.entries(r ?? {}).map(([product, { size, values }]) => [
    product,
    { size, values: read(values, `recorded.${product}`) }
  ])
  const encoder = { ...card, weights, ...(r && { recorded: Object.fromEntries(records) }) }
  if (!isEncoder(encoder)) throw new ExchangeError('inconsistent', 'weights')
  if (hashOf(encoder, version as number) !== hash) throw new ExchangeError('damagedEncoder', 'hash')
  const keyOf = (version: number) => encoderKey(encoder.pretraining, card.images, encoder.numericsId, version)
  // one that earlier code made has the key that it had then
  if (!Array.from({ length: ENCODER_VERSION }, (_, i) => keyOf(i + 1)).includes(encoder.key))
    throw new ExchangeError('inconsistent', 'key')
  return encoder
}
