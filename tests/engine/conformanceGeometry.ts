/** Distances on the GPU: whatever the points are like, however many, and whatever becomes of the device, the picks are the processor's. */
import { beforeAll, describe, expect, test } from 'vitest'
import { kMeansBy, type Geometry } from '../../src/core/geometry.ts'
import { farthestFirst, type Points } from '../../src/core/numeric/farthest.ts'
import { kMeans } from '../../src/core/numeric/kmeans.ts'
import { NearestCentres } from '../../src/core/numeric/nearest.ts'
import { rootKey, Stream } from '../../src/core/random.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { geometryOn, type Told } from '../../src/engine/fast/geometry/geometry.ts'
import { MOST } from '../../src/engine/fast/geometry/judge.ts'
import { NoRoom, type Gpu } from '../../src/engine/fast/gpu.ts'
import { cloudOf, kinds, type Kind } from './points.ts'

const points = (kind: Kind, n: number, m: number, size: number, seed = 1): Points => {
  const all = cloudOf(kind, n + m, size, seed)
  return { size, unlabelled: all.slice(m * size), labelled: all.slice(0, m * size) }
}

export function conformanceOfGeometry(engine: () => FastEngine, another: () => Promise<FastEngine>): void {
  describe('geometry', () => {
    let geometry: Geometry
    const told: Told[] = []
    const on = (gpu: Gpu) => geometryOn(gpu, { latency: 0, least: 0, told: tally => void told.push(tally) })
    beforeAll(() => {
      geometry = on(engine().gpu)
    })
    /** share of the answers since it was last asked that float32 settled */
    const certain = () => {
      const all = told.splice(0)
      const sum = (of: keyof Told) => all.reduce((total, tally) => total + tally[of], 0)
      return sum('certain') / sum('all')
    }

    test.each(kinds)('farthest first: %s', async kind => {
      certain()
      for (const [n, m, size, k] of [
        [200, 3, 6, 40],
        [130, 0, 3, 30],
        [64, 5, 17, 64]
      ]) {
        const own = points(kind, n, m, size, n)
        expect(await geometry.farthestFirst(own, k)).toEqual(farthestFirst(own, k))
      }
      if (kind === 'random') expect(certain()).toBeGreaterThan(0.9)
    })

    test.each(kinds)('nearest centres, k-means: %s', async kind => {
      certain()
      for (const [n, k, size] of [
        [150, 7, 6],
        [65, 1, 3],
        [64, 40, 17]
      ]) {
        const own = cloudOf(kind, n, size, n)
        const held = geometry.hold(own, size)
        for (const seed of [n, n + 1]) {
          const centres = cloudOf(kind, k, size, seed)
          expect(await held.nearest(centres)).toEqual(new NearestCentres(own, size).nearest(centres))
        }
        held.release()
        const stream = () => new Stream(rootKey(n, 86))
        expect(await kMeansBy(geometry, own, size, 9, stream())).toEqual(kMeans(own, size, 9, stream()))
      }
      if (kind === 'random') expect(certain()).toBeGreaterThan(0.9)
    })

    test('is the engine’s, which leaves to the processor what is not worth it', async () => {
      certain()
      const own = points('random', 30, 2, 4)
      expect(await engine().geometry.farthestFirst(own, 9)).toEqual(farthestFirst(own, 9))
      expect(told).toEqual([])
    })

    test('more picks than are made in one go', async () => {
      certain()
      const own = points('random', MOST + 200, 2, 8)
      expect(await geometry.farthestFirst(own, MOST + 50)).toEqual(farthestFirst(own, MOST + 50))
      expect(certain()).toBeGreaterThan(0.9)
    })

    test('one point, two, as many as are asked for and fewer', async () => {
      for (const [n, m, k] of [
        [1, 0, 1],
        [1, 2, 3],
        [2, 0, 2],
        [2, 1, 5],
        [70, 1, 100],
        [70, 0, 70]
      ]) {
        const own = points('random', n, m, 5, n)
        expect(await geometry.farthestFirst(own, k)).toEqual(farthestFirst(own, k))
      }
      const nothing = { size: 5, unlabelled: new Float64Array(0), labelled: new Float64Array(0) }
      expect(await geometry.farthestFirst(nothing, 3)).toHaveLength(0)
    })

    test('more points than a dispatch has workgroups', async () => {
      const n = 65536 + 70
      const own = points('random', n, 4, 2)
      expect(await geometry.farthestFirst(own, 12)).toEqual(farthestFirst(own, 12))
      const held = geometry.hold(own.unlabelled, 2)
      const centres = own.unlabelled.slice(0, 2 * 5)
      expect(await held.nearest(centres)).toEqual(new NearestCentres(own.unlabelled, 2).nearest(centres))
      held.release()
    })

    test('numbers that float32 has not are left to the processor', async () => {
      certain()
      for (const odd of [1e60, Infinity, NaN, 0]) {
        const own = points('random', 40, 2, 3)
        if (odd) own.unlabelled[7] = odd
        // so small that float32 knows no difference
        else for (const list of [own.unlabelled, own.labelled]) list.set(list.map(v => v * 1e-60))
        expect(await geometry.farthestFirst(own, 9)).toEqual(farthestFirst(own, 9))
      }
      expect(certain()).toBe(0)
    })

    test('leaves no memory behind, also where there is none', async () => {
      const { gpu } = engine()
      const { bytes } = gpu
      const own = points('copies', 100, 2, 5)
      const centres = own.unlabelled.slice(0, 20)
      const expected = [farthestFirst(own, 50), new NearestCentres(own.unlabelled, 5).nearest(centres)]
      const both = async () => {
        const held = geometry.hold(own.unlabelled, 5)
        const answers = [await geometry.farthestFirst(own, 50), await held.nearest(centres)]
        held.release()
        await Promise.resolve()
        return answers
      }
      expect(await both()).toEqual(expected)
      expect(gpu.bytes).toBe(bytes)
      const allocate = gpu.allocate.bind(gpu)
      gpu.allocate = async work => {
        await allocate(work)
        throw new NoRoom('full')
      }
      try {
        expect(await both()).toEqual(expected)
      } finally {
        gpu.allocate = allocate
      }
      expect(gpu.bytes).toBe(bytes)
    })

    test('goes on without the device when it is lost on the way', async () => {
      const own = points('onCircles', 120, 1, 8)
      const expected = farthestFirst(own, 60)
      const centres = own.unlabelled.slice(0, 8 * 6)
      const nearest = new NearestCentres(own.unlabelled, 8).nearest(centres)
      const lost = await another()
      const { gpu } = lost
      const own2 = on(gpu)
      expect(await own2.farthestFirst(own, 60)).toEqual(expected)
      const held = own2.hold(own.unlabelled, 8)
      expect(await held.nearest(centres)).toEqual(nearest)
      const { bytes } = gpu
      const submit = gpu.submit.bind(gpu)
      let submits = 0
      gpu.submit = record => {
        submit(record)
        if (++submits === 3) gpu.device.destroy()
      }
      expect(await own2.farthestFirst(own, 60)).toEqual(expected)
      expect(submits).toBeGreaterThanOrEqual(3)
      expect(await held.nearest(centres)).toEqual(nearest)
      expect(await own2.farthestFirst(own, 60)).toEqual(expected)
      expect(gpu.bytes).toBe(bytes)
      held.release()
    })
  })
}
