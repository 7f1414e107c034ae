/** The data worker asked for several things at once. */
import { expect, it } from 'vitest'
import { knobsOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import type { DataSource } from '../../src/core/datasource.ts'
import { dataService } from '../../src/runtime/dataService.ts'
import { memoryStore } from '../../src/store/index.ts'

const knobs = { ...knobsOf(frozenExperiment), poolSize: 20, testSize: 4 }
const turn = () => new Promise(resolve => setTimeout(resolve, 1))

/** Two stored sets, and how often either was read. */
async function bench() {
  const { datasets } = memoryStore()
  const reads: string[] = []
  const store = {
    ...datasets,
    async get(fingerprint: string) {
      reads.push(fingerprint)
      // the first one that is asked for comes last
      for (let i = reads.length; i < 4; i++) await turn()
      return datasets.get(fingerprint)
    },
    async illustrate(...values: Parameters<typeof datasets.illustrate>) {
      await turn()
      await datasets.illustrate(...values)
    }
  }
  const own = () => dataService(store, () => 0)
  const sources: DataSource[] = []
  for (const step of [3, 7]) {
    const row = (i: number) => [i % 2, ...Array.from({ length: 64 }, (_, j) => (i * j * step) % 256)]
    const csv = Array.from({ length: 60 }, (_, i) => row(i).join()).join('\n')
    const service = own()
    const { id, choices } = await service.importFiles([{ name: `by${step}.csv`, blob: new Blob([csv]) }])
    const { fingerprint, name } = await service.keep(id, choices)
    sources.push({ kind: 'stored', fingerprint, name })
  }
  return { own, sources, reads }
}

it('gives everybody the set that was asked for', async () => {
  const { own, sources } = await bench()
  const alone = []
  for (const source of sources) alone.push((await own().view(source, knobs)).key)
  expect(new Set(alone).size).toBe(2)
  const service = own()
  const views = await Promise.all(sources.map(source => service.view(source, knobs)))
  expect(views.map(view => view.key)).toEqual(alone)
  const again = own()
  const [first, second] = sources.map(source => again.preview(source, knobs))
  expect([(await first).name, (await second).name]).toEqual(['by3', 'by7'])
})

it('reads a set once for a look and a view at the same time, and again after it is gone', async () => {
  const { own, sources, reads } = await bench()
  const service = own()
  const [source] = sources
  await Promise.all([service.preview(source, knobs), service.view(source, knobs)])
  expect(reads).toHaveLength(1)
  if (source.kind === 'stored') await service.remove(source.fingerprint)
  await expect(service.view(source, knobs)).rejects.toMatchObject({ code: 'datasetMissing' })
  await expect(service.view(source, knobs)).rejects.toMatchObject({ code: 'datasetMissing' })
  expect(reads).toHaveLength(3)
})

it('makes the features of a set once, whatever it is called', async () => {
  const { own, sources } = await bench()
  const service = own()
  const [source] = sources
  const features = await service.pixelFeatures(source, knobs)
  expect(await service.pixelFeatures({ ...source, name: 'other' } as DataSource, knobs)).toBe(features)
})

it('knows a set by the name it has been given since it was read', async () => {
  const { own, sources } = await bench()
  const service = own()
  const [source] = sources
  const view = service.view(source, knobs)
  if (source.kind === 'stored') await service.rename(source.fingerprint, ' other ')
  await view
  expect((await service.preview(source, knobs)).name).toBe('other')
})

it('shows the images of the pool that it is asked for, in that order, and no others', async () => {
  const { own, sources } = await bench()
  const service = own()
  const { pool, shape, fingerprint } = await service.view(sources[0], knobs)
  const rows = Uint32Array.of(7, 3, 20, 4000)
  const sample = await service.images(sources[0], knobs, rows)
  expect([...sample.rows]).toEqual([7, 3])
  expect([...sample.labels]).toEqual([pool.labels[7], pool.labels[3]])
  const size = shape.height * shape.width
  expect([...sample.images]).toEqual([
    ...pool.images.subarray(7 * size, 8 * size),
    ...pool.images.subarray(3 * size, 4 * size)
  ])
  expect([sample.poolSize, sample.fingerprint]).toEqual([20, fingerprint])
})
