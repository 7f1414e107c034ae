/**
 * What the store notes of a data set: its card, and where its bytes are. The schema version is inside the value; older
 * ones are read as what they mean today, later ones are left alone.
 */
import type { StoredDataset } from '../core/storedDataset.ts'

export const SCHEMA = 3

/** One array, in chunks (blobs or buffers) named `prefix/part/000000` and so on. */
export interface StoredPart {
  part: string
  bytes: number
  prefix: string
  /** CRC-32 of each chunk (of an older version: SHA-256); not known of sets that an older version stored, until they are read */
  hashes?: string[]
}

export interface Manifest extends Omit<StoredDataset, 'inTab'> {
  schema: typeof SCHEMA
  chunkBytes: number
  parts: StoredPart[]
}

export const manifestName = (fingerprint: string) => `${fingerprint}/manifest`
export const isManifestName = (name: string) => name.endsWith('/manifest')
export const chunkName = ({ prefix, part }: Pick<StoredPart, 'prefix' | 'part'>, i: number) =>
  `${prefix}/${part}/${String(i).padStart(6, '0')}`
/** What chunks of one part have in common. */
export const shelfMark = (name: string) => name.slice(0, name.lastIndexOf('/'))

/** Names of the parts of a set, in the order in which they are stored and fingerprinted. */
export const partNames = (features: boolean | undefined) => {
  const rows = features ? 'features' : 'images'
  return {
    poolRows: `pool-${rows}`,
    poolLabels: 'pool-labels',
    testRows: `test-${rows}`,
    testLabels: 'test-labels',
    unlabelledRows: `unlabelled-${rows}`
  } as const
}

export type StoredArray = keyof ReturnType<typeof partNames>

export const chunkNames = (m: Pick<Manifest, 'chunkBytes'>, part: StoredPart) =>
  Array.from({ length: Math.ceil(part.bytes / m.chunkBytes) }, (_, i) => chunkName(part, i))

/** Whether two parts are known to hold the same bytes. */
export const sameBytes = (a: StoredPart, b: StoredPart): boolean =>
  a.bytes === b.bytes && a.hashes !== undefined && a.hashes.join() === b.hashes?.join()

/** Whether two manifests name the same chunks. */
export const sameChunks = (a: Manifest, b: Manifest): boolean => {
  const marks = (m: Manifest) => m.parts.map(part => shelfMark(chunkName(part, 0))).join()
  return marks(a) === marks(b)
}

/** Schema 2: chunks are buffers only. */
type Manifest2 = Omit<Manifest, 'schema'> & { schema: 2 }

/** Schema 1: images only; chunks under the fingerprint, and no hashes of theirs. */
interface Manifest1 {
  schema: 1
  chunkBytes: number
  fingerprint: string
  shape: StoredDataset['shape']
  poolSize: number
  testSize: number
}

function fromSchema1(m: Manifest1 & StoredDataset): Manifest {
  const image = m.shape.height * m.shape.width * m.shape.channels
  const part = (part: string, bytes: number): StoredPart => ({ part, bytes, prefix: m.fingerprint })
  return {
    ...m,
    schema: SCHEMA,
    parts: [
      part('pool-images', m.poolSize * image),
      part('pool-labels', m.poolSize * 2),
      part('test-images', m.testSize * image),
      part('test-labels', m.testSize * 2)
    ]
  }
}

/** A manifest of this or an older schema; undefined for anything else. */
export function readManifest(value: unknown): Manifest | undefined {
  const m = value as { schema?: unknown; fingerprint?: unknown; chunkBytes?: unknown } | undefined
  if (typeof m?.fingerprint !== 'string' || typeof m.chunkBytes !== 'number') return undefined
  if (m.schema === 1) return fromSchema1(m as Manifest1 & StoredDataset)
  if (m.schema === 2) return { ...(m as Manifest2), schema: SCHEMA }
  return m.schema === SCHEMA ? (m as Manifest) : undefined
}

export function cardOf(m: Manifest, inTab: boolean): StoredDataset {
  const { fingerprint, name, shape, classNames, poolSize, testSize, bytes, storedAt } = m
  const card: StoredDataset = { fingerprint, name, shape, classNames, poolSize, testSize, bytes, storedAt }
  if (m.features) card.features = true
  if (m.views) card.views = m.views
  if (m.unlabelledSize) card.unlabelledSize = m.unlabelledSize
  if (m.thumbnail) card.thumbnail = m.thumbnail
  if (inTab) card.inTab = true
  return card
}
