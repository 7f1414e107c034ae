/**
 * What the data worker does when asked: draws or reads images, shows them, keeps them. The same code serves the page
 * (in a worker) and the headless runner (in its own thread).
 */
import type { DataSource } from '../core/datasource.ts'
import type { Dataset } from '../core/view.ts'
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

  async function origin(source: DataSource): Promise<ViewOrigin> {
    if (source.kind === 'synthetic') return source
    if (held?.fingerprint !== source.fingerprint) held = await store.get(source.fingerprint)
    if (!held)
      throw new RuntimeError('datasetMissing', 'the data set is not stored here', { name: source.name })
    return { kind: 'stored', dataset: held }
  }

  return {
    view: async (source, knobs) => buildView(await origin(source), knobs),
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
