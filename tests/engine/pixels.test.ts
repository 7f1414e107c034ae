import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Pixels } from '../../src/engine/pixels.ts'
import { pixel } from './reference.ts'

test('pixels are moved, then mirrored, then normalised, wherever they are written to', () => {
  const shape = fc.record({
    height: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 3 })
  })
  const move = fc.integer({ min: -6, max: 6 })
  const variation = fc.record({ dy: move, dx: move, mirror: fc.boolean() })
  fc.assert(
    fc.property(
      shape,
      variation,
      fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
      fc.integer({ min: 0, max: 3 }),
      (s, v, bytes, border) => {
        const size = s.height * s.width * s.channels
        const images = Uint8Array.from({ length: 2 * size }, () => bytes.next().value as number)
        const norm = { mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.4, 0.3] }
        const rowStride = s.width * s.channels + border
        const values = new Float32Array(2 * s.height * rowStride + 7).fill(-99)
        const target = { values, start: 7, imageStride: s.height * rowStride, rowStride }
        new Pixels(images, s, norm).write(target, 1, 1, v)
        const expected = new Float32Array(values.length).fill(-99)
        for (let y = 0; y < s.height; y++) {
          for (let x = 0; x < s.width; x++) {
            for (let c = 0; c < s.channels; c++) {
              expected[7 + (s.height + y) * rowStride + x * s.channels + c] = pixel(
                images,
                s,
                norm,
                1,
                v,
                y,
                x,
                c
              )
            }
          }
        }
        expect(values).toEqual(expected)
      }
    )
  )
})
