/**
 * What the data worker does when asked: draws or reads images, shows them, keeps them. The same code serves the page
 * (in a worker) and the headless runner (in its own thread).
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import { featuresOf, giveFeatures } from '../core/features.ts'
import { sampledRows } from '../core/imageMap.ts'
import { hashKey } from '../core/keys.ts'
import { selectInitial } from '../core/selection.ts'
import { findSelector } from '../core/selectors/index.ts'
import { takeRows, type Dataset, type View } from '../core/view.ts'
import { choicesOf, contentOf, foundIn, planOf, sameRows } from '../data/assembly.ts'
import { exportNpz } from '../data/exportNpz.ts'
import type { Read } from '../data/formats/format.ts'
import { readFiles } from '../data/formats/index.ts'
import { previewDataset, thumbnailOf } from '../data/preview.ts'
import { buildView, classNamesOf, drawView, type ViewOrigin } from '../data/view.ts'
import type { DatasetStore } from '../store/datasets.ts'
import type { DatasetCalls } from './dataProtocol.ts'
import { RuntimeError } from './errors.ts'

export function dataService(store: DatasetStore, clock: () => number): DatasetCalls {
  const imports = new Map<number, Read>()
  let number = 0
  /** what imports have added to the store: discarding one that was kept a moment ago takes it out again */
  const fresh = new Map<number, string>()
  async function undo(id: number): Promise<void> {
    const fingerprint = fresh.get(id)
    fresh.delete(id)
    if (fingerprint) await store.remove(fingerprint)
  }
  /** the last stored set that was read: an edit of the knobs must not read 200 MB again */
  let held: Dataset | undefined
  /** the last view that initial sets were chosen from, or that was mapped: its features are made once */
  let lookedAt: { key: string; view: View } | undefined

  async function stored(fingerprint: string, name: string): Promise<Dataset> {
    if (held?.fingerprint !== fingerprint) {
      // the old one goes before the new one comes
      held = undefined
      held = await store.get(fingerprint)
      // of an older version; without a picture it is as good
      const { pool, shape } = held ?? {}
      if (pool && !pool.features)
        await store.illustrate(fingerprint, () => thumbnailOf(pool, shape!)).catch(() => {})
    }
    if (!held) throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name })
    return held
  }

  const origin = async (source: DataSource): Promise<ViewOrigin> =>
    source.kind === 'synthetic'
      ? source
      : { kind: 'stored', dataset: await stored(source.fingerprint, source.name) }

  async function heldView(source: DataSource, knobs: ViewKnobs): Promise<View> {
    const key = hashKey({ source, knobs })
    if (lookedAt?.key !== key) lookedAt = { key, view: buildView(await origin(source), knobs) }
    return lookedAt.view
  }

  function imported(id: number): Read {
    const read = imports.get(id)
    if (!read) throw new RuntimeError('importGone', 'the import was discarded')
    return read
  }

  return {
    view: async (source, knobs) => buildView(await origin(source), knobs),
    async select(source, knobs, request, given) {
      const began = clock()
      const view = await heldView(source, knobs)
      for (const features of given) giveFeatures(view, features)
      const picks = selectInitial(view, findSelector(request.selector)!, request)
      return { picks, seconds: (clock() - began) / 1000 }
    },
    async sample(source, knobs, first) {
      const { pool, shape, classNames, fingerprint } = await heldView(source, knobs)
      const poolSize = pool.labels.length
      const rows = sampledRows(poolSize, first)
      const images = pool.features ? new Uint8Array(0) : takeRows(pool, rows, shape).images
      const labels = Uint16Array.from(rows, row => pool.labels[row])
      return { rows, labels, images, classNames, shape, poolSize, fingerprint }
    },
    pixelFeatures: async (source, knobs) => featuresOf(await heldView(source, knobs), 'pixels'),
    async preview(source, knobs) {
      const from = await origin(source)
      return { ...previewDataset(drawView(from, knobs)), allClassNames: [...classNamesOf(from)] }
    },
    async importFiles(files, options, following) {
      const read = await readFiles(files, { ...options, ...following })
      const choices = choicesOf(read)
      const plan = planOf(read, choices)
      imports.set(++number, read)
      return { id: number, found: foundIn(read), choices, plan }
    },
    plan: async (id, choices) => planOf(imported(id), choices),
    async keep(id, choices, inTab, following) {
      const read = imported(id)
      const content = contentOf(read, choices)
      const before = new Set((await store.list()).map(card => card.fingerprint))
      const card = await store.put(content, { storedAt: clock(), inTab, ...following })
      const { fingerprint } = card
      const same = sameRows(read, choices, content)
      if (same) held = { ...same, fingerprint }
      else if (held?.fingerprint === fingerprint) held = undefined
      if (!before.has(fingerprint)) fresh.set(id, fingerprint)
      // called off when all was done already
      if (!imports.delete(id)) await undo(id)
      return card
    },
    async discard(id) {
      imports.delete(id)
      await undo(id)
    },
    list: () => store.list(),
    async rename(fingerprint, name) {
      await store.rename(fingerprint, name.trim())
      if (held?.fingerprint === fingerprint) held = { ...held, name: name.trim() }
    },
    async remove(fingerprint) {
      if (held?.fingerprint === fingerprint) held = undefined
      await store.remove(fingerprint)
    },
    async exportFile(fingerprint, following) {
      const card = (await store.list()).find(d => d.fingerprint === fingerprint)
      if (!card) throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name: '' })
      return exportNpz(card, array => store.read(fingerprint, array), following)
    }
  }
}
