/** Maps of a pool: which images, from which features, arranged how. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { sampledRows } from '../../src/core/imageMap.ts'
import { neighbourPurity } from '../../src/core/numeric/plane.ts'
import { rootKey, uniform } from '../../src/core/random.ts'
import { dataService } from '../../src/runtime/dataService.ts'
import { Maps } from '../../src/runtime/maps/maps.ts'
import type { FromMapper, ToMapper } from '../../src/runtime/maps/protocol.ts'
import { arrange } from '../../src/runtime/maps/umap.ts'
import { memoryStore } from '../../src/store/index.ts'
import { MapState } from '../../src/state/map.svelte.ts'
import type { Laboratory } from '../../src/runtime/client/types.ts'
import { channel } from '../support/ports.ts'

const experiment: Experiment = {
  ...frozenExperiment,
  poolSize: 40,
  testSize: 10,
  budget: 20,
  initialSizes: [10]
}

/** `known`: the encoder is kept. */
function bench(known = true) {
  const workers: { answer(message: FromMapper): void; ended: boolean; asked: ToMapper }[] = []
  const maps = new Maps({
    data: dataService(memoryStore().datasets, () => 0),
    encoders: {
      locate: async () => (known ? ({} as never) : undefined),
      productOf: async (view, _, product) => {
        const n = view.pool.labels.length
        const size = product === 'dynamics' ? 3 : 2
        return { size, values: Float32Array.from({ length: n * size }, (_, i) => i) }
      }
    },
    createWorker: () => {
      const { page, worker } = channel<ToMapper, FromMapper>()
      worker.listen(asked => workers.push({ asked, ended: false, answer: message => worker.post(message) }))
      const terminate = () => {
        workers.at(-1)!.ended = true
        page.terminate()
      }
      return { ...page, terminate }
    }
  })
  return { maps, workers }
}
const soon = () => new Promise(resolve => setImmediate(resolve))

describe('which images', () => {
  it('all of a small pool; of a large one those asked for first, as many as there is room for', () => {
    expect([...sampledRows(5, [3])]).toEqual([0, 1, 2, 3, 4])
    const rows = sampledRows(1000, [999, 5, 7], 100)
    expect(rows).toHaveLength(100)
    for (const row of [5, 7, 999]) expect(rows).toContain(row)
    expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b))
    expect(
      sampledRows(
        1000,
        Array.from({ length: 300 }, (_, i) => i),
        100
      )
    ).toEqual(sampledRows(100, []))
  })
})

describe('a map', () => {
  it('of pixels: the first two components of the images, which come with it', async () => {
    const { maps } = bench()
    const map = await maps.open(experiment, 'pixels', [])
    expect(map.features!.size).toBe(64)
    expect(map.images).toHaveLength(40 * 28 * 28)
    for (let i = 0; i < 40; i++)
      expect([...map.positions.subarray(2 * i, 2 * i + 2)]).toEqual([
        ...map.features!.values.subarray(64 * i, 64 * i + 2)
      ])
  })
  it('of dynamics: variability to the right, confidence upwards', async () => {
    const { maps } = bench()
    const map = await maps.open(experiment, 'dynamics', [])
    expect([...map.positions.subarray(0, 4)]).toEqual([1, 0, 4, 3])
    expect([...map.correct!.subarray(0, 2)]).toEqual([2, 5])
    expect(map.features).toBeUndefined()
  })
  it('says what it lacks: an encoder, a method that tells views, images', async () => {
    await expect(bench(false).maps.open(experiment, 'encoder', [])).rejects.toMatchObject({
      code: 'encoderMissing'
    })
    await expect(
      bench().maps.open({ ...experiment, pretraining: 'rotation' }, 'dynamics', [])
    ).rejects.toMatchObject({ code: 'needsContrast' })
  })
  it('is arranged in a worker that ends with it, or with the wish', async () => {
    const { maps, workers } = bench()
    const features = { size: 1, values: Float32Array.of(1, 2) }
    const told: number[] = []
    const waiting = maps.arrange(features, { progress: p => told.push(p.done) })
    while (!workers[0]) await soon()
    workers[0].answer({ type: 'progress', done: 1, total: 2 })
    workers[0].answer({ type: 'done', positions: Float32Array.of(0, 0, 1, 1) })
    expect([...(await waiting)]).toEqual([0, 0, 1, 1])
    expect(told).toEqual([1])
    expect(workers[0].ended).toBe(true)
    const off = new AbortController()
    const refused = expect(maps.arrange(features, { signal: off.signal })).rejects.toThrow('enough')
    while (!workers[1]) await soon()
    off.abort(new Error('enough'))
    await refused
    expect(workers[1].ended).toBe(true)
  })
})

describe('UMAP', () => {
  const at = (i: number, d: number) => uniform(rootKey(3, 1), 8 * i + d) + (i < 30 ? 0 : 6)
  const values = Float32Array.from({ length: 60 * 8 }, (_, i) => at(Math.floor(i / 8), i % 8))
  it('keeps two clouds apart, the same way twice', () => {
    const positions = arrange(values, 8)
    const labels = Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1))
    for (const share of neighbourPurity(positions, labels, 2)) expect(share).toBeGreaterThan(0.95)
    expect(arrange(values, 8)).toEqual(positions)
  })
  it('has a place for each of a few', () => {
    for (const n of [1, 2, 3, 5]) expect(arrange(values.slice(0, n * 8), 8)).toHaveLength(2 * n)
  })
})

describe('purity', () => {
  it('is the share of the nearest others of the same label', () => {
    const number = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(number, number), { minLength: 2, maxLength: 12, selector: String }),
        fc.integer({ min: 1, max: 4 }),
        (points, k) => {
          // no two distances tie
          const places = points.map(([x, y], i) => [x + 0.013 * i * i, y + 0.0171 * i])
          const labels = places.map((_, i) => i % 3)
          const shares = places.map((p, i) => {
            const others = places.map((_, j) => j).filter(j => j !== i)
            const distance = (j: number) => Math.hypot(p[0] - places[j][0], p[1] - places[j][1])
            const near = others.sort((a, b) => distance(a) - distance(b)).slice(0, k)
            return near.filter(j => labels[j] === labels[i]).length / near.length
          })
          neighbourPurity(places.flat(), labels, 4, k).forEach((share, c) => {
            const own = shares.filter((_, i) => labels[i] === c)
            if (own.length) expect(share).toBeCloseTo(own.reduce((a, b) => a + b) / own.length, 9)
            else expect(share).toBeNaN()
          })
        }
      )
    )
  })
})

describe('what the page shows', () => {
  it('is made once for what decides it; UMAP once for a map; a problem is said', async () => {
    const { maps } = bench(false)
    let opened = 0
    let arranged = 0
    const own = new MapState('pixels')
    own.connect({
      maps: {
        open: async (...values: Parameters<Maps['open']>) => {
          opened++
          return maps.open(...values)
        },
        arrange: async ({ values }: { values: Float32Array }) => {
          arranged++
          return values.slice(0, 80)
        }
      }
    } as unknown as Laboratory)
    await own.show(experiment, [])
    await own.show({ ...experiment, pretraining: 'moco', seeds: 7 }, [])
    expect(opened).toBe(1)
    expect(own.positions).toBe(own.map!.positions)
    await own.arrange('umap')
    const umap = own.positions
    await own.arrange('pca')
    expect(own.positions).toBe(own.map!.positions)
    await own.arrange('umap')
    expect([own.positions === umap, arranged, own.progress]).toEqual([true, 1, undefined])
    own.basis = 'encoder'
    await own.show(experiment, [])
    expect(own.problem?.code).toBe('encoderMissing')
    expect(own.map).toBeUndefined()
  })
})
