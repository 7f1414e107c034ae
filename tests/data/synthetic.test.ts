import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../src/core/keys.ts'
import { classHistogram } from '../../src/data/preview.ts'
import { balancedLabels, drawImages, syntheticSets } from '../../src/data/synthetic/index.ts'

/**
 * Golden bytes: 1,000 pool images and 200 test images of seed 0, 100 pool images of seed 4,294,967,295. If one changes, the
 * set's version must change with it, for old links mean these images.
 */
const golden = {
  digits: {
    version: 1,
    hashes: [
      'd84ff24fe834b66375a6c4b980f76e39b0f00c45288326b8b575011323f56ff1',
      'e7c6a52f2fe3b807801aa9877fa1d1415bd72160253952ecef7c014230507aa4',
      'dd5b48eccf1f27b262fba85079f5da41beb3cfbb5ef2141f51175056f7cdae0f'
    ]
  },
  shapes: {
    version: 1,
    hashes: [
      '5e91c076cfa16808ddab64f5c7ed8111525f81581e12cea6f455474064df1920',
      'd7fa2ae8969504b4a596e33a25e0417492d5ec7ef538f57899a05500315d1d59',
      'ec37324a92b432674293ae1ac13251e9b8b926ba7237fa941bfeedc15b86a508'
    ]
  }
}

const sets = Object.values(syntheticSets)

describe.each(sets.map(set => [set.id, set] as const))('%s', (id, set) => {
  const size = set.shape.height * set.shape.width * set.shape.channels
  const draw = (seed: number, part: 'pool' | 'test', count: number) =>
    drawImages(set, seed, part, balancedLabels(set, seed, part, count))

  it('has the same bytes on every machine', () => {
    expect(set.version).toBe(golden[id].version)
    const hashes = [draw(0, 'pool', 1000), draw(0, 'test', 200), draw(0xffffffff, 'pool', 100)].map(hashBytes)
    expect(hashes).toEqual(golden[id].hashes)
  })

  it('has ten classes in equal numbers, in every prefix up to one image', () => {
    expect(set.classNames).toHaveLength(10)
    for (const count of [10, 25, 300]) {
      const histogram = classHistogram(balancedLabels(set, 3, 'pool', count), 10)
      expect(Math.max(...histogram) - Math.min(...histogram)).toBeLessThanOrEqual(1)
      expect(histogram.reduce((a, b) => a + b)).toBe(count)
    }
  })

  it('draws image i as a function of its seed, part, number and class alone', () => {
    const labels = balancedLabels(set, 5, 'pool', 60)
    const all = drawImages(set, 5, 'pool', labels)
    expect(balancedLabels(set, 5, 'pool', 37)).toEqual(labels.slice(0, 37))
    expect(hashBytes(drawImages(set, 5, 'pool', labels.slice(0, 37)))).toBe(
      hashBytes(all.slice(0, 37 * size))
    )
    const other = labels.slice()
    other[3] = (other[3] + 1) % 10
    const changed = drawImages(set, 5, 'pool', other)
    const differing = Array.from({ length: 60 }, (_, i) => i).filter(i =>
      changed.subarray(i * size, (i + 1) * size).some((v, j) => v !== all[i * size + j])
    )
    expect(differing).toEqual([3])
  })

  it('shares no image between parts or seeds', () => {
    const images = [draw(0, 'pool', 200), draw(0, 'test', 200), draw(1, 'pool', 200)].flatMap(set =>
      Array.from({ length: 200 }, (_, i) => hashBytes(set.subarray(i * size, (i + 1) * size)))
    )
    expect(new Set(images).size).toBe(600)
  })

  it('shows something in every image', () => {
    const images = draw(9, 'pool', 300)
    for (let i = 0; i < 300; i++) {
      const image = images.subarray(i * size, (i + 1) * size)
      expect(Math.max(...image) - Math.min(...image)).toBeGreaterThan(60)
    }
  })
})
