import { expect, it } from 'vitest'
import { defaultKnobs } from '../../src/core/datasource.ts'
import { contactSheet, previewDataset, stripOf } from '../../src/data/preview.ts'
import { buildView } from '../../src/data/view.ts'

it('lays out classes as rows and examples as columns', () => {
  // 1 x 2 pixels; classes 1, 0, 1, 1
  const set = {
    images: Uint8Array.from([10, 11, 20, 21, 30, 31, 40, 41]),
    labels: Uint16Array.from([1, 0, 1, 1])
  }
  const sheet = contactSheet(set, { height: 1, width: 2, channels: 1 }, 2, 2, 1)
  expect([sheet.width, sheet.height]).toEqual([5, 3])
  const grey = Array.from({ length: 15 }, (_, i) => (sheet.pixels[4 * i + 3] ? sheet.pixels[4 * i + 1] : -1))
  expect(grey).toEqual([20, 21, -1, -1, -1, -1, -1, -1, -1, -1, 10, 11, -1, 30, 31])
})

it('lays out some images in a strip, in the order that is asked for', () => {
  const images = Uint8Array.from([10, 11, 20, 21, 30, 31])
  const strip = stripOf({ images, shape: { height: 2, width: 1, channels: 1 } }, [2, 0])
  expect([strip.width, strip.height]).toEqual([4, 2])
  const grey = Array.from({ length: 8 }, (_, i) => (strip.pixels[4 * i + 3] ? strip.pixels[4 * i] : -1))
  expect(grey).toEqual([30, -1, 10, -1, 31, -1, 11, -1])
})

it('keeps the three channels of colour images', () => {
  const set = { images: Uint8Array.from([1, 2, 3, 4, 5, 6]), labels: Uint16Array.from([0, 0]) }
  const sheet = contactSheet(set, { height: 1, width: 1, channels: 3 }, 1, 2, 0)
  expect([...sheet.pixels]).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
})

it('shows a view as a training would see it', () => {
  const knobs = {
    ...defaultKnobs,
    poolSize: 100,
    testSize: 20,
    imbalance: 'step' as const,
    imbalanceRatio: 0.25
  }
  const view = buildView({ kind: 'synthetic', id: 'shapes' }, knobs)
  const preview = previewDataset(view)
  expect(preview.histogram).toEqual([16, 16, 16, 16, 16, 4, 4, 4, 4, 4])
  expect(preview.bytes).toBe(120 * (32 * 32 * 3 + 2))
  expect([preview.poolSize, preview.testSize, preview.classNames[0]]).toEqual([100, 20, 'circle'])
  expect(preview.sheet!.pixels).toHaveLength(4 * preview.sheet!.width * preview.sheet!.height)
})
