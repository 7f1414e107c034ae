/**
 * Data sets in one database, under their fingerprint: a manifest, and the bytes in chunks of 8 MB (one huge typed array
 * is read several times slower and twice over; blobs are refused in some private windows). The manifest is written last,
 * so an import that was interrupted leaves chunks that nothing mentions; they are swept when the store is opened.
 */
import { fingerprintOf, fingerprintWith, type Fingerprinted } from '../core/fingerprint.ts'
import type { StoredDataset } from '../core/storedDataset.ts'
import type { Dataset } from '../core/view.ts'
import { StoreError, toStoreError } from './errors.ts'
import type { Entry, Shelf } from './shelf.ts'

const SCHEMA = 1
export const CHUNK_BYTES = 8 << 20
/** chunks in one transaction: enough to be quick, few enough to keep the copy in flight small */
const BATCH = 4

interface Manifest extends StoredDataset {
  schema: number
  chunkBytes: number
}

export interface DatasetStore {
  list(): Promise<StoredDataset[]>
  /** undefined if there is none; rejects with StoreError 'corrupted' when the bytes are not those of the fingerprint */
  get(fingerprint: string): Promise<Dataset | undefined>
  /**
   * Stores a data set (again). When it rejects with a StoreError, the disk holds nothing of it and the data set can be
   * used until the page is closed.
   */
  put(dataset: Dataset, storedAt: number): Promise<StoredDataset>
  /** undefined if there is none */
  rename(fingerprint: string, name: string): Promise<StoredDataset | undefined>
  remove(fingerprint: string): Promise<void>
  /** of images and labels, all data sets together */
  bytesUsed(): Promise<number>
  /** removes what interrupted imports have left; returns the number of chunks */
  sweep(): Promise<number>
}

const manifestName = (fingerprint: string) => `${fingerprint}/manifest`
const chunkName = (fingerprint: string, part: string, i: number) =>
  `${fingerprint}/${part}/${String(i).padStart(6, '0')}`
const fingerprintIn = (name: string) => name.slice(0, name.indexOf('/'))

/** The four arrays of a data set with their lengths in bytes, in the order they are stored. */
function partLengths(
  m: Pick<StoredDataset, 'shape' | 'poolSize' | 'testSize'>
): [part: string, bytes: number][] {
  const image = m.shape.height * m.shape.width * m.shape.channels
  return [
    ['pool-images', m.poolSize * image],
    ['pool-labels', m.poolSize * 2],
    ['test-images', m.testSize * image],
    ['test-labels', m.testSize * 2]
  ]
}

/** The platform's hash where the page may use it (secure origins). */
function fingerprintHere(content: Fingerprinted): Promise<string> | string {
  const subtle = globalThis.crypto?.subtle
  return subtle ? fingerprintWith(bytes => subtle.digest('SHA-256', bytes), content) : fingerprintOf(content)
}

const bytesOf = (a: Uint8Array | Uint16Array) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength)

function isManifest(value: unknown): value is Manifest {
  const m = value as Partial<Manifest> | undefined
  return m?.schema === SCHEMA && typeof m.fingerprint === 'string' && typeof m.chunkBytes === 'number'
}

function cardOf({
  fingerprint,
  name,
  shape,
  classNames,
  poolSize,
  testSize,
  bytes,
  storedAt
}: Manifest): StoredDataset {
  return { fingerprint, name, shape, classNames, poolSize, testSize, bytes, storedAt }
}

const chunkNames = (m: Manifest) =>
  partLengths(m).flatMap(([part, bytes]) =>
    Array.from({ length: Math.ceil(bytes / m.chunkBytes) }, (_, i) => chunkName(m.fingerprint, part, i))
  )

/** An import holds this lock, so that another tab does not sweep its chunks away (where there are locks). */
const LOCK = 'dal-playground-import'
const locks = () => (typeof navigator === 'undefined' ? undefined : navigator.locks)
const whileImporting = <T>(work: () => Promise<T>) => {
  const manager = locks()
  return manager ? (manager.request(LOCK, { mode: 'shared' }, work) as Promise<T>) : work()
}
const whenNobodyImports = (work: () => Promise<number>) => {
  const manager = locks()
  if (!manager) return work()
  return manager.request(LOCK, { ifAvailable: true }, lock => (lock ? work() : 0)) as Promise<number>
}

export function datasets(shelf: Shelf, chunkBytes = CHUNK_BYTES): DatasetStore {
  const manifests = async () => {
    const names = (await shelf.keys()).filter(name => name.endsWith('/manifest'))
    return (await shelf.getMany(names)).filter(isManifest)
  }
  const manifestOf = async (fingerprint: string) => {
    const value = await shelf.get(manifestName(fingerprint))
    return isManifest(value) ? value : undefined
  }

  async function readPart(m: Manifest, part: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const whole = new Uint8Array(bytes)
    const count = Math.ceil(bytes / m.chunkBytes)
    for (let first = 0; first < count; first += BATCH) {
      const names = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) =>
        chunkName(m.fingerprint, part, first + i)
      )
      const chunks = await shelf.getMany(names)
      chunks.forEach((chunk, i) => {
        const start = (first + i) * m.chunkBytes
        const expected = Math.min(m.chunkBytes, bytes - start)
        if (!(chunk instanceof ArrayBuffer) || chunk.byteLength !== expected)
          throw new StoreError('corrupted', { name: m.name })
        whole.set(new Uint8Array(chunk), start)
      })
    }
    return whole
  }

  /** One after the other, so that a large set is not copied whole. */
  function* chunksOf(m: Manifest, { pool, test }: Dataset): Generator<Entry> {
    const arrays = [pool.images, pool.labels, test.images, test.labels].map(bytesOf)
    for (const [p, [part]] of partLengths(m).entries())
      for (let start = 0, i = 0; start < arrays[p].length; start += chunkBytes, i++)
        yield [chunkName(m.fingerprint, part, i), arrays[p].slice(start, start + chunkBytes).buffer]
  }

  async function writeChunks(m: Manifest, dataset: Dataset): Promise<void> {
    const batch: Entry[] = []
    for (const entry of chunksOf(m, dataset)) {
      batch.push(entry)
      if (batch.length === BATCH) await shelf.write(batch.splice(0))
    }
    if (batch.length) await shelf.write(batch)
  }

  return {
    async list() {
      return (await manifests()).map(cardOf).sort((a, b) => a.storedAt - b.storedAt)
    },

    async get(fingerprint) {
      const m = await manifestOf(fingerprint)
      if (!m) return undefined
      const read: Uint8Array<ArrayBuffer>[] = []
      for (const [part, bytes] of partLengths(m)) read.push(await readPart(m, part, bytes))
      const dataset: Dataset = {
        name: m.name,
        shape: m.shape,
        classNames: m.classNames,
        pool: { images: read[0], labels: new Uint16Array(read[1].buffer) },
        test: { images: read[2], labels: new Uint16Array(read[3].buffer) },
        fingerprint
      }
      if ((await fingerprintHere(dataset)) !== fingerprint)
        throw new StoreError('corrupted', { name: m.name })
      return dataset
    },

    put(dataset, storedAt) {
      const { name, fingerprint, shape, classNames, pool, test } = dataset
      const sizes = { shape, poolSize: pool.labels.length, testSize: test.labels.length }
      const bytes = partLengths(sizes).reduce((sum, [, b]) => sum + b, 0)
      const m: Manifest = {
        schema: SCHEMA,
        chunkBytes,
        fingerprint,
        name,
        classNames,
        bytes,
        storedAt,
        ...sizes
      }
      return whileImporting(async () => {
        const before = await manifestOf(fingerprint)
        try {
          await writeChunks(m, dataset)
          await shelf.setMany([[manifestName(fingerprint), m]])
        } catch (error) {
          // the disk keeps all of a data set or nothing; what was there before holds the very same bytes
          if (!before) await shelf.delMany(chunkNames(m)).catch(() => {})
          shelf.remember([...chunksOf(m, dataset), [manifestName(fingerprint), m]])
          throw toStoreError(error)
        }
        return cardOf(m)
      })
    },

    async rename(fingerprint, name) {
      const m = await manifestOf(fingerprint)
      if (!m) return undefined
      const renamed = { ...m, name }
      await shelf.setMany([[manifestName(fingerprint), renamed]])
      return cardOf(renamed)
    },

    async remove(fingerprint) {
      // the manifest first: interrupted, the rest is swept
      await shelf.delMany([manifestName(fingerprint)])
      const names = (await shelf.keys()).filter(name => fingerprintIn(name) === fingerprint)
      if (names.length) await shelf.delMany(names)
    },

    async bytesUsed() {
      return (await manifests()).reduce((sum, m) => sum + m.bytes, 0)
    },

    sweep: () =>
      whenNobodyImports(async () => {
        const names = await shelf.keys()
        const complete = new Set(names.filter(name => name.endsWith('/manifest')).map(fingerprintIn))
        const left = names.filter(name => !complete.has(fingerprintIn(name)))
        if (left.length) await shelf.delMany(left)
        return left.length
      })
  }
}
