/**
 * What the data worker does when asked: draws or reads images, shows them, keeps them. The same code serves the page
 * (in a worker) and the headless runner (in its own thread).
 */
import type { DataSource } from '../core/datasource.ts'
import { hashKey } from '../core/keys.ts'
import { selectInitial } from '../core/selection.ts'
import { findSelector } from '../core/selectors/index.ts'
import type { Dataset, View } from '../core/view.ts'
import { readDataset } from '../data/formats/index.ts'
import { previewDataset } from '../data/preview.ts'
import { buildView, type ViewOrigin } from '../data/view.ts'
import type { DatasetStore } from '../store/datasets.ts'
import type { DatasetCalls } from './dataProtocol.ts'
import { RuntimeError } from './errors.ts'

export function dataService(store: DatasetStore, clock: () => number): DatasetCalls {
  const imports = new Map<number, Dataset>()
  let number = 0
  /** the last stored set that was read: an edit of the knobs must not read 200 MB again */
  let held: Dataset | undefined
  /** the last view that initial sets were chosen from: its features are made once */
  let chosenFrom: { key: string; view: View } | undefined

  async function origin(source: DataSource): Promise<ViewOrigin> {
    if (source.kind === 'synthetic') return source
    if (held?.fingerprint !== source.fingerprint) held = await store.get(source.fingerprint)
    if (!held)
      throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name: source.name })
    return { kind: 'stored', dataset: held }
  }

  return {
    view: async (source, knobs) => buildView(await origin(source), knobs),
    async select(source, knobs, { selector, seed, size }) {
      const began = clock()
      const key = hashKey({ source, knobs })
      if (chosenFrom?.key !== key) chosenFrom = { key, view: buildView(await origin(source), knobs) }
      const picks = selectInitial(chosenFrom.view, findSelector(selector)!, seed, size)
      return { picks, seconds: (clock() - began) / 1000 }
    },
    preview: async (source, knobs) => previewDataset(buildView(await origin(source), knobs)),
    async importFiles(files) {
      const { dataset, remarks } = await readDataset(files)
      imports.set(++number, dataset)
      return { id: number, preview: previewDataset(dataset, remarks) }
    },
    async keep(id, name) {
      const dataset = imports.get(id)
      if (!dataset) throw new RuntimeError('importGone', 'the import was discarded')
      const stored = await store.put({ ...dataset, name: name.trim() || dataset.name }, clock())
      imports.delete(id)
      return stored
    },
    async discard(id) {
      imports.delete(id)
    },
    list: () => store.list(),
    async remove(fingerprint) {
      if (held?.fingerprint === fingerprint) held = undefined
      await store.remove(fingerprint)
    }
  }
}
