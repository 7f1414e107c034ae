import { describe, expect, it } from 'vitest'
import { derive, rootKey, Stream } from '../../src/core/random.ts'
import type { ImageSet } from '../../src/core/view.ts'
import { replaceByDuplicates } from '../../src/data/duplicates.ts'

const key = rootKey(3, 99)
const CLASSES = 3
const ROWS = 300
const labels = Uint16Array.from({ length: ROWS }, (_, i) => (i * i) % CLASSES)
const whole = Array.from({ length: 17 }, (_, i) => i - 8)

/** A copy of the pool as it was, and the pool with the share of duplicates. */
function replaced(
  make: () => Omit<ImageSet, 'labels'>,
  shape: { height: number; width: number; channels: number }
) {
  const clean = make()
  const pool = { ...make(), labels: labels.slice() }
  const source = replaceByDuplicates(pool, shape, 0.5, key)
  const copies = [...source.keys()].filter(row => source[row] !== row)
  expect(pool.labels).toEqual(labels)
  expect(copies).toHaveLength(ROWS / 2)
  for (const row of copies) {
    expect(labels[source[row]]).toBe(labels[row])
    // of an original
    expect(source[source[row]]).toBe(source[row])
  }
  return { clean, pool, source, copies }
}

describe('near-duplicates of images', () => {
  const [height, width, channels] = [6, 5, 2]
  const size = height * width * channels
  const noise = new Stream(derive(key, 7))
  const bytes = Uint8Array.from({ length: ROWS * size }, () => noise.below(256))
  const moved = () =>
    replaced(() => ({ images: bytes.slice() }), {
      height,
      width,
      channels
    })
  const within = (v: number, most: number) => Math.min(Math.max(v, 0), most)

  it('are moved by one pixel in any of eight directions, borders repeated, with noise of up to 8', () => {
    const { clean, pool, source, copies } = moved()
    const directions = new Map<string, number>()
    const added = new Set<number>()
    for (const row of copies) {
      const found = [-1, 0, 1].flatMap(dy =>
        [-1, 0, 1].flatMap(dx => {
          const differences: [from: number, difference: number][] = []
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              for (let c = 0; c < channels; c++) {
                const from = (within(y - dy, height - 1) * width + within(x - dx, width - 1)) * channels + c
                const original = clean.images[source[row] * size + from]
                const copy = pool.images[row * size + (y * width + x) * channels + c]
                differences.push([original, copy - original])
              }
          return differences.every(([, d]) => Math.abs(d) <= 8) ? [{ way: `${dy} ${dx}`, differences }] : []
        })
      )
      expect(found).toHaveLength(1)
      directions.set(found[0].way, (directions.get(found[0].way) ?? 0) + 1)
      // away from the ends of a byte nothing is cut
      for (const [original, d] of found[0].differences) if (original >= 8 && original <= 247) added.add(d)
    }
    expect([...directions.keys()].sort()).toEqual(
      ['-1 -1', '-1 0', '-1 1', '0 -1', '0 1', '1 -1', '1 0', '1 1'].sort()
    )
    // a hundred and fifty over eight: 19 each, give or take 4
    expect(Math.min(...directions.values())).toBeGreaterThan(5)
    expect([...added].sort((a, b) => a - b)).toEqual(whole)
  })

  it('leave all other images as they were', () => {
    const { clean, pool, source } = moved()
    for (let row = 0; row < ROWS; row++) {
      if (source[row] !== row) continue
      expect(pool.images.subarray(row * size, (row + 1) * size)).toEqual(
        clean.images.subarray(row * size, (row + 1) * size)
      )
    }
  })
})

describe('near-duplicates of ready features', () => {
  it('have noise in steps of 1/255 of each feature’s spread, up to 8 of them', () => {
    const draw = new Stream(derive(key, 8))
    // of the third all are the same
    const values = Float32Array.from({ length: ROWS * 3 }, (_, i) => [1, 40, 0][i % 3] * draw.bell() + 5)
    const { clean, pool, source, copies } = replaced(
      () => ({ images: new Uint8Array(0), features: values.slice() }),
      { height: 1, width: 3, channels: 1 }
    )
    const spread = [0, 1, 2].map(j => {
      const column = [...values].filter((_, i) => i % 3 === j)
      const mean = column.reduce((a, b) => a + b) / ROWS
      return Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / ROWS)
    })
    const steps = new Set<number>()
    for (const row of copies) {
      for (const j of [0, 1]) {
        const difference = pool.features![row * 3 + j] - clean.features![source[row] * 3 + j]
        const step = (difference * 255) / spread[j]
        expect(Math.abs(step - Math.round(step))).toBeLessThan(0.01)
        steps.add(Math.round(step) || 0)
      }
      expect(pool.features![row * 3 + 2]).toBe(5)
    }
    expect([...steps].sort((a, b) => a - b)).toEqual(whole)
  })
})

it('every class keeps an original, however many are asked for', () => {
  const few = Uint16Array.of(0, 0, 4, 0, 2, 2)
  const pool = { images: Uint8Array.from({ length: 6 * 4 }, (_, i) => 10 * i), labels: few }
  const source = replaceByDuplicates(pool, { height: 2, width: 2, channels: 1 }, 0.9, key)
  const originals = [...source.keys()].filter(row => source[row] === row)
  expect(originals.map(row => few[row]).sort()).toEqual([0, 2, 4])
})
