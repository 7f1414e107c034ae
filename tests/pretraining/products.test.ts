/** What a pretraining leaves of each image, which method makes it, and when what was recorded is enough. */
import { describe, expect, it } from 'vitest'
import { bases, basisKey, basisKeys, type Features } from '../../src/core/features.ts'
import { methods, type MethodName } from '../../src/core/pretraining/methods/index.ts'
import { isRecorded, isThere, makerOf } from '../../src/core/pretraining/products.ts'

const names = Object.keys(methods) as MethodName[]
const record = (size: number, pool: number): Features => ({ size, values: new Float32Array(size * pool) })

describe('the maker', () => {
  it('of an encoder is the method of the experiment', () => {
    for (const method of names) expect(makerOf('encoder', method)).toEqual({ method })
  })
  it('of a dataset map is a method that tells the views of an image from those of others, and no other', () => {
    const contrastive = ['simclr', 'moco', 'mocoV2']
    for (const method of names)
      expect(makerOf('dynamics', method)).toEqual(
        contrastive.includes(method) ? { method } : { code: 'needsContrast' }
      )
  })
  it('of the pretext loss is rotation, whatever else is pretrained', () => {
    for (const method of names) expect(makerOf('pretextLoss', method)).toEqual({ method: 'rotation' })
  })
})

describe('what was recorded', () => {
  it('is everything but what follows from the weights', () => {
    expect((['encoder', 'dynamics', 'pretextLoss'] as const).map(isRecorded)).toEqual([false, true, true])
    expect(isThere(undefined, 'encoder', 9)).toBe(true)
  })
  it('is enough with its numbers for every image: three of the dataset map, one of the loss', () => {
    const recorded = { dynamics: record(3, 9), pretextLoss: record(1, 9) }
    for (const [product, size] of [
      ['dynamics', 3],
      ['pretextLoss', 1]
    ] as const) {
      expect(isThere(recorded, product, 9)).toBe(true)
      for (const other of [8, 10]) expect(isThere(recorded, product, other)).toBe(false)
      expect(isThere({ [product]: record(size + 1, 9) }, product, 9)).toBe(false)
      // as many numbers, for fewer images
      expect(isThere({ [product]: { ...record(size, 9), size: size * 3 } }, product, 3)).toBe(false)
      expect(isThere({}, product, 9)).toBe(false)
      expect(isThere(undefined, product, 9)).toBe(false)
    }
  })
})

describe('the keys of bases', () => {
  it('are frozen: what stands on them is known by them', () => {
    const origins = { encoder: 'e', dynamics: 'd', pretextLoss: 'p' }
    const keys = {
      pixels: 'pixels@1',
      encoder: 'encoder@2:e',
      dynamics: 'dynamics@1:d',
      pretextLoss: 'pretextLoss@1:p'
    }
    expect(basisKeys(bases, origins)).toMatchObject(keys)
    // no pretraining decides the pixels
    expect(basisKeys(['pixels'])).toEqual({ pixels: keys.pixels })
    for (const basis of ['encoder', 'dynamics', 'pretextLoss'] as const) {
      expect(() => basisKey(basis)).toThrow(RangeError)
      expect(() => basisKey(basis, { ...origins, [basis]: undefined })).toThrow(RangeError)
    }
  })
})
