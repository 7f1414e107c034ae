/**
 * What the data worker does when asked: draws or reads images, shows them, keeps them. The same code serves the page
 * (in a worker) and the headless runner (in its own thread).
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import type { Digester } from '../core/digester.ts'
import { featuresOf, forgetFeatures, giveFeatures } from '../core/features.ts'
import { sampledRows, type PoolSample } from '../core/imageMap.ts'
import { contentFingerprint } from '../core/fingerprint.ts'
import { hashKey } from '../core/keys.ts'
import { selectInitial } from '../core/selection.ts'
import { findSelector } from '../core/selectors/index.ts'
import { takeRows, type Dataset, type View } from '../core/view.ts'
import { choicesOf, contentOf, foundIn, planOf, sameRows, type Choices } from '../data/assembly.ts'
import { exportNpz } from '../data/exportNpz.ts'
import type { Read } from '../data/formats/format.ts'
import { readFiles } from '../data/formats/index.ts'
import { previewDataset, thumbnailOf } from '../data/preview.ts'
import { buildView, classNamesOf, drawView, type ViewOrigin } from '../data/view.ts'
import type { DatasetStore } from '../store/datasets.ts'
import { localDigester } from '../store/localDigester.ts'
import type { DatasetCalls } from './dataProtocol.ts'
import { RuntimeError } from './errors.ts'

export function dataService(
  store: DatasetStore,
  clock: () => number,
  digester: Digester = localDigester
): DatasetCalls {
  /** the fingerprint is made while the user looks at what was read, of the rows that would be stored so far */
  interface Import {
    read: Read
    made?: { rows: string; fingerprint: Promise<string>; stop: AbortController }
  }
  const imports = new Map<number, Import>()
  let number = 0
  /** what imports have added to the store: discarding one that was kept a moment ago takes it out again */
  const fresh = new Map<number, string>()
  async function undo(id: number): Promise<void> {
    const fingerprint = fresh.get(id)
    fresh.delete(id)
    if (fingerprint) await store.remove(fingerprint)
  }
  /** the last stored set that was read: an edit of the knobs must not read 200 MB again */
  let last: { fingerprint: string; dataset: Promise<Dataset> } | undefined
  /** the last view that initial sets were chosen from, or that was mapped: its features are made once */
  let lookedAt: { key: string; view: View } | undefined

  function remember(fingerprint: string, dataset: Promise<Dataset>): Promise<Dataset> {
    const mine = (last = { fingerprint, dataset })
    dataset.catch(() => {
      if (last === mine) last = undefined
    })
    return dataset
  }

  /** One that several ask for at once is read once. */
  function stored(fingerprint: string, name: string): Promise<Dataset> {
    if (last?.fingerprint === fingerprint) return last.dataset
    // the old one goes before the new one comes
    last = undefined
    return remember(fingerprint, readStored(fingerprint, name))
  }

  async function readStored(fingerprint: string, name: string): Promise<Dataset> {
    const dataset = await store.get(fingerprint)
    if (!dataset) throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name })
    const { pool, shape } = dataset
    // of an older version; without a picture it is as good
    if (!pool.features) await store.illustrate(fingerprint, () => thumbnailOf(pool, shape)).catch(() => {})
    return dataset
  }

  const origin = async (source: DataSource): Promise<ViewOrigin> =>
    source.kind === 'synthetic'
      ? source
      : { kind: 'stored', dataset: await stored(source.fingerprint, source.name) }

  async function heldView(source: DataSource, knobs: ViewKnobs): Promise<View> {
    // a name is only for people
    const key = hashKey({ source: { ...source, name: undefined }, knobs })
    if (lookedAt?.key !== key) lookedAt = { key, view: buildView(await origin(source), knobs) }
    return lookedAt.view
  }

  function imported(id: number): Import {
    const held = imports.get(id)
    if (!held) throw new RuntimeError('importGone', 'the import was discarded')
    return held
  }

  /** The fingerprint of what would be stored, where it costs this thread nothing; begun again when other rows are wanted. */
  function fingerprinted(held: Import, choices: Choices): Promise<string> | undefined {
    const rows = hashKey([choices.testShare ?? null, choices.most ?? null, choices.seed])
    if (held.made?.rows === rows) return held.made.fingerprint
    held.made?.stop.abort()
    held.made = undefined
    if (!digester.apart) return undefined
    const stop = new AbortController()
    const fingerprint = contentFingerprint(contentOf(held.read, choices), digester, stop.signal)
    const made = (held.made = { rows, fingerprint, stop })
    fingerprint.catch(() => {
      if (held.made === made) held.made = undefined
    })
    return fingerprint
  }

  return {
    view: async (source, knobs) => buildView(await origin(source), knobs),
    async select(source, knobs, request, given) {
      const began = clock()
      const view = await heldView(source, knobs)
      for (const features of given) giveFeatures(view, features)
      const picks = selectInitial(view, findSelector(request.selector)!, request)
      // whoever asks again brings them again
      forgetFeatures(
        view,
        given.map(({ key }) => key)
      )
      return { picks, seconds: (clock() - began) / 1000 }
    },
    async sample(source, knobs, first) {
      const view = await heldView(source, knobs)
      return poolSample(view, sampledRows(view.pool.labels.length, first))
    },
    async images(source, knobs, rows) {
      const view = await heldView(source, knobs)
      return poolSample(
        view,
        rows.filter(row => row < view.pool.labels.length)
      )
    },
    pixelFeatures: async (source, knobs) => featuresOf(await heldView(source, knobs), 'pixels'),
    async preview(source, knobs) {
      const from = await origin(source)
      return { ...previewDataset(drawView(from, knobs)), allClassNames: [...classNamesOf(from)] }
    },
    async importFiles(files, options, following) {
      digester.prepare(files.reduce((sum, { blob }) => sum + blob.size, 0))
      const read = await readFiles(files, { ...options, ...following })
      const choices = choicesOf(read)
      const plan = planOf(read, choices)
      const held: Import = { read }
      // nobody would discard it
      following?.signal?.throwIfAborted()
      imports.set(++number, held)
      void fingerprinted(held, choices)
      return { id: number, found: foundIn(read), choices, plan }
    },
    async plan(id, choices) {
      const held = imported(id)
      const plan = planOf(held.read, choices)
      void fingerprinted(held, choices)
      return plan
    },
    async keep(id, choices, inTab, following) {
      const held = imported(id)
      const { read } = held
      const content = contentOf(read, choices)
      const made = fingerprinted(held, choices)
      const before = new Set((await store.list()).map(card => card.fingerprint))
      const card = await store.put(content, { storedAt: clock(), inTab, fingerprint: made, ...following })
      const { fingerprint } = card
      const same = sameRows(read, choices, content)
      if (same) void remember(fingerprint, Promise.resolve({ ...same, fingerprint }))
      else if (last?.fingerprint === fingerprint) last = undefined
      if (!before.has(fingerprint)) fresh.set(id, fingerprint)
      // called off when all was done already
      if (!imports.delete(id)) await undo(id)
      return card
    },
    async discard(id) {
      imports.get(id)?.made?.stop.abort()
      imports.delete(id)
      await undo(id)
    },
    list: () => store.list(),
    async rename(fingerprint, name) {
      await store.rename(fingerprint, name.trim())
      if (last?.fingerprint !== fingerprint) return
      const renamed = last.dataset.then(dataset => ({ ...dataset, name: name.trim() }))
      await remember(fingerprint, renamed).catch(() => {})
    },
    async remove(fingerprint) {
      if (last?.fingerprint === fingerprint) last = undefined
      await store.remove(fingerprint)
    },
    async exportFile(fingerprint, following) {
      const card = (await store.list()).find(d => d.fingerprint === fingerprint)
      if (!card) throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name: '' })
      return exportNpz(card, array => store.read(fingerprint, array), following)
    }
  }
}

/** Images of a pool with what is told of them; `rows` of the pool. */
function poolSample({ pool, shape, classNames, fingerprint }: View, rows: Uint32Array): PoolSample {
  return {
    rows,
    labels: Uint16Array.from(rows, row => pool.labels[row]),
    images: pool.features ? new Uint8Array(0) : takeRows(pool, rows, shape).images,
    classNames,
    shape,
    poolSize: pool.labels.length,
    fingerprint
  }
}
