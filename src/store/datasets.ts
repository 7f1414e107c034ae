/**
 * Data sets in one database, under their fingerprint: a manifest, and the bytes in chunks of 2 MB (one huge typed array
 * is read several times slower and twice over), as blobs, or as buffers where a browser refuses those. The manifest is
 * written last, so an import that was interrupted leaves chunks that nothing mentions; they are swept when the store is
 * opened. The fingerprint is made beside the writing, and each chunk has a check sum of its own, which is quickly looked
 * at when the set is read again: no more than a few chunks are ever held twice. Other tabs may read a set while it is
 * stored again: what is there whole stays where it is, and a reader whose chunks are gone begins again with the new ones.
 */
import type { Digester } from '../core/digester.ts'
import { contentFingerprint, fingerprintOf } from '../core/fingerprint.ts'
import type { Content, Picture, StoredDataset } from '../core/storedDataset.ts'
import type { Dataset, Rows } from '../core/view.ts'
import { ChunkWriter, readChunks, readPart, type PutOptions } from './chunks.ts'
import { StoreError } from './errors.ts'
import { whenNobodyImports, whileImporting } from './locks.ts'
import {
  cardOf,
  chunkName,
  chunkNames,
  isManifestName,
  manifestName,
  partNames,
  readManifest,
  sameBytes,
  sameChunks,
  SCHEMA,
  shelfMark,
  type Manifest,
  type StoredArray,
  type StoredPart
} from './manifest.ts'
import { localDigester } from './localDigester.ts'
import type { Shelf } from './shelf.ts'

export const CHUNK_BYTES = 2 << 20

export interface DatasetStore {
  list(): Promise<StoredDataset[]>
  /** undefined if there is none; rejects with StoreError 'corrupted' when the bytes are not those that were stored */
  get(fingerprint: string): Promise<Dataset | undefined>
  /** the images of a set that have no label; undefined if there are none */
  unlabelled(fingerprint: string): Promise<Rows | undefined>
  /** one array, piece by piece; nothing where there is none */
  read(fingerprint: string, array: StoredArray): AsyncGenerator<Uint8Array<ArrayBuffer>>
  /**
   * Stores a data set (again). When it rejects, with a StoreError or the signal's reason, nothing of it is left, and what
   * was stored under its fingerprint before is still there.
   */
  put(content: Content, options: PutOptions): Promise<StoredDataset>
  /** undefined if there is none */
  rename(fingerprint: string, name: string): Promise<StoredDataset | undefined>
  /** gives a set that has no picture its picture */
  illustrate(fingerprint: string, make: () => Picture | undefined): Promise<void>
  remove(fingerprint: string): Promise<void>
  /** removes what interrupted imports have left; returns the number of chunks */
  sweep(): Promise<number>
}

export function datasets(
  shelf: Shelf,
  chunkBytes = CHUNK_BYTES,
  digester: Digester = localDigester
): DatasetStore {
  const manifestOf = async (fingerprint: string) => readManifest(await shelf.get(manifestName(fingerprint)))
  const card = (m: Manifest) => cardOf(m, shelf.isOnlyHere(manifestName(m.fingerprint)))
  const manifests = async () => {
    const names = (await shelf.keys()).filter(isManifestName)
    return (await shelf.getMany(names)).map(readManifest).filter(m => m !== undefined)
  }
  const change = async (fingerprint: string, values: Partial<Manifest>) => {
    const m = await manifestOf(fingerprint)
    if (!m) return undefined
    const changed = { ...m, ...values }
    const name = manifestName(fingerprint)
    const inTab = shelf.isOnlyHere(name)
    await shelf.setMany([[name, changed]]).catch(error => {
      // that the disk does not take it is known of one that is kept in the tab
      if (!inTab) throw error
    })
    return changed
  }

  const rowsOf = (m: Manifest, bytes: Uint8Array<ArrayBuffer>): Rows =>
    m.features ? { images: new Uint8Array(0), features: new Float32Array(bytes.buffer) } : { images: bytes }

  const partOf = (m: Manifest, which: StoredArray) =>
    m.parts.find(({ part }) => part === partNames(m.features)[which])

  /** Reads by the manifest; anew where the set was meanwhile stored again, or removed. Undefined if there is none. */
  async function reading<T>(fingerprint: string, read: (m: Manifest) => Promise<T>): Promise<T | undefined> {
    const m = await manifestOf(fingerprint)
    try {
      return m && (await read(m))
    } catch (error) {
      const now = await manifestOf(fingerprint)
      if (now && sameChunks(m!, now)) throw error
      return reading(fingerprint, read)
    }
  }

  /** Whether a part has all its chunks, undamaged. */
  async function isWhole(m: Manifest, part: StoredPart): Promise<boolean> {
    try {
      const chunks = readChunks(shelf, m, part)
      while (!(await chunks.next()).done);
      return true
    } catch {
      return false
    }
  }

  /** The parts of a stored set that can stand for some that were just written, by name. */
  async function wholeParts(
    before: Manifest,
    written: readonly StoredPart[]
  ): Promise<Map<string, StoredPart>> {
    const found = new Map<string, StoredPart>()
    if (before.chunkBytes !== chunkBytes) return found
    for (const part of before.parts)
      if (written.some(w => w.part === part.part && sameBytes(w, part)) && (await isWhole(before, part)))
        found.set(part.part, part)
    return found
  }

  async function store(content: Content, options: PutOptions): Promise<Manifest> {
    const { name, shape, features, views, classNames, poolSize, testSize, unlabelledSize, thumbnail } =
      content
    const arrays = partNames(features)
    const keys = Object.keys(arrays) as StoredArray[]
    const bytes = keys.reduce((sum, key) => sum + content[key].bytes, 0)
    const work = new ChunkWriter(shelf, chunkBytes, bytes, options)
    const own = new AbortController()
    const made = options.fingerprint ?? contentFingerprint(content, digester, own.signal)
    // whoever waits for it is told
    made.catch(() => {})
    try {
      for (const key of keys) await work.write(arrays[key], content[key])
      const fingerprint = await made
      const before = await manifestOf(fingerprint)
      const inTab = shelf.isOnlyHere(manifestName(fingerprint))
      // from memory it moves to the disk
      const stays = before && (!inTab || options.inTab)
      const kept = stays ? await wholeParts(before, work.parts) : undefined
      const m: Manifest = {
        schema: SCHEMA,
        chunkBytes,
        fingerprint,
        name,
        shape,
        classNames,
        poolSize,
        testSize,
        unlabelledSize,
        features,
        ...(views && { views }),
        bytes,
        storedAt: options.storedAt,
        thumbnail,
        parts: work.parts.filter(part => part.bytes > 0).map(part => kept?.get(part.part) ?? part)
      }
      // the same images once more, without those that wait for a label: these are not thrown away
      const waiting = before && !unlabelledSize && partOf(before, 'unlabelledRows')
      if (waiting && before.chunkBytes === chunkBytes) {
        m.parts.push(waiting)
        m.unlabelledSize = before.unlabelledSize
        m.bytes += waiting.bytes
      }
      await work.finish(m)
      await discard({ chunkBytes, parts: work.parts }, m)
      // on the disk its manifest is still that of other tabs
      if (before && !(options.inTab && !inTab)) await discard(before, m)
      return m
    } catch (error) {
      own.abort()
      await work.undo()
      throw options.signal?.aborted ? options.signal.reason : error
    }
  }

  /** Deletes the chunks of a set, but for those that another one has too. What stays by accident is swept. */
  async function discard(m: Pick<Manifest, 'chunkBytes' | 'parts'>, but?: Manifest): Promise<void> {
    const spared = new Set(but?.parts.map(part => shelfMark(chunkName(part, 0))))
    const names = m.parts.flatMap(part => chunkNames(m, part)).filter(name => !spared.has(shelfMark(name)))
    if (names.length) await shelf.delMany(names).catch(() => {})
  }

  async function readSet(m: Manifest): Promise<Dataset | undefined> {
    if (!m.poolSize) return undefined
    digester.prepare(m.bytes)
    const known = m.parts.every(part => part.hashes)
    const read = async (which: StoredArray) => {
      const part = partOf(m, which)
      return part ? readPart(shelf, m, part, digester) : new Uint8Array(0)
    }
    const set = async (rows: 'poolRows' | 'testRows', labels: 'poolLabels' | 'testLabels') => ({
      ...rowsOf(m, await read(rows)),
      labels: new Uint16Array((await read(labels)).buffer)
    })
    const { name, shape, classNames, fingerprint } = m
    const [pool, test] = await Promise.all([set('poolRows', 'poolLabels'), set('testRows', 'testLabels')])
    if (!known) {
      // of an older version: checked as a whole, this once
      if (fingerprintOf({ shape, classNames, pool, test }) !== fingerprint)
        throw new StoreError('corrupted', { name })
      const now = await manifestOf(fingerprint)
      // with the name that it may have been given meanwhile
      const checked = now && sameChunks(m, now) && { ...now, parts: m.parts }
      if (checked) await shelf.setMany([[manifestName(fingerprint), checked]]).catch(() => {})
    }
    return { name, shape, classNames, pool, test, fingerprint }
  }

  return {
    async list() {
      return (await manifests()).map(card).sort((a, b) => a.storedAt - b.storedAt)
    },

    get: fingerprint => reading(fingerprint, readSet),

    unlabelled: fingerprint =>
      reading(fingerprint, async m => {
        const part = partOf(m, 'unlabelledRows')
        return part && rowsOf(m, await readPart(shelf, m, part, digester))
      }),

    async *read(fingerprint, array) {
      let m = await manifestOf(fingerprint)
      let part = m && partOf(m, array)
      for (let given = 0; m && part;)
        try {
          let at = 0
          for await (const chunk of readChunks(shelf, m, part)) {
            const fresh = chunk.subarray(Math.max(0, given - at))
            at += chunk.length
            given = Math.max(given, at)
            if (fresh.length) yield fresh
          }
          return
        } catch (error) {
          const now = await manifestOf(fingerprint)
          const other = now && partOf(now, array)
          if (!other || sameChunks(m, now) || (given && !sameBytes(part, other))) throw error
          m = now
          part = other
        }
    },

    put: (content, options) => whileImporting(async () => card(await store(content, options))),

    async rename(fingerprint, name) {
      const renamed = await change(fingerprint, { name })
      return renamed && card(renamed)
    },

    async illustrate(fingerprint, make) {
      const m = await manifestOf(fingerprint)
      const thumbnail = m && !m.thumbnail ? make() : undefined
      if (thumbnail) await change(fingerprint, { thumbnail })
    },

    async remove(fingerprint) {
      const m = await manifestOf(fingerprint)
      // the manifest first: interrupted, the rest is swept
      await shelf.delMany([manifestName(fingerprint)])
      if (m) await discard(m)
    },

    sweep: () =>
      whenNobodyImports(async () => {
        const names = await shelf.keys()
        const values = await shelf.getMany(names.filter(isManifestName))
        const known = values.map(readManifest)
        // of a later version: which chunks are its own, only that version knows
        if (known.includes(undefined)) return 0
        const mentioned = new Set(known.flatMap(m => m!.parts.map(part => shelfMark(chunkName(part, 0)))))
        const left = names.filter(name => !isManifestName(name) && !mentioned.has(shelfMark(name)))
        if (left.length) await shelf.delMany(left)
        return left.length
      })
  }
}
