import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Content, Piecewise } from '../../src/core/storedDataset.ts'
import {
  choicesOf,
  contentOf,
  foundIn,
  planOf,
  sameRows,
  TEST_SHARE,
  type Choices
} from '../../src/data/assembly.ts'
import { UNLABELLED, type ImageRead } from '../../src/data/formats/format.ts'
import { drawFewer, fewerCounts } from '../../src/data/split.ts'

const SHAPE = { height: 2, width: 3, channels: 1 }
const SIZE = 6

/** Every byte of an image is its number: rows of the pool from 0, of the test part from 100. */
function read(pool: number[], test?: number[]): ImageRead {
  const part = (labels: number[], first: number) => ({
    images: Uint8Array.from({ length: labels.length * SIZE }, (_, i) => first + Math.floor(i / SIZE)),
    labels: Uint16Array.from(labels)
  })
  return {
    kind: 'images',
    name: 'mine',
    shape: SHAPE,
    classNames: ['a', 'b', 'c'],
    pool: part(pool, 0),
    test: test && part(test, 100),
    remarks: [],
    labelFile: 'labels'
  }
}

const bytes = ({ bytes, slice }: Piecewise) => slice(0, bytes)
const ids = (rows: Piecewise) => [...bytes(rows)].filter((_, i) => i % SIZE === 0)
const labels = (part: Piecewise) => [...new Uint16Array(bytes(part).buffer)]
const plain = (from: ImageRead): Choices => choicesOf(from)
const cycle = (n: number) => Array.from({ length: n }, (_, i) => i % 3)

describe('a data set out of what was read', () => {
  it('is what the files say, in their order, where they name a test part', () => {
    const from = read([0, 1, 2, 1], [2, 0])
    const content = contentOf(from, plain(from))
    expect([ids(content.poolRows), labels(content.poolLabels)]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 1]
    ])
    expect([ids(content.testRows), labels(content.testLabels)]).toEqual([
      [100, 101],
      [2, 0]
    ])
    expect(planOf(from, plain(from))).toEqual({
      poolCounts: [1, 2, 1],
      testCounts: [1, 0, 1],
      unlabelledSize: 0,
      bytes: 6 * (SIZE + 2)
    })
  })

  it('is at hand without another look where all rows are taken as they are', () => {
    const from = read([0, 1, 2, 1], [2, 0, 1, 0])
    const same = (choices: Choices) => sameRows(from, choices, contentOf(from, choices))
    expect(same({ ...plain(from), name: 'ours' })).toEqual({
      name: 'ours',
      shape: SHAPE,
      classNames: ['a', 'b', 'c'],
      pool: from.pool,
      test: from.test
    })
    expect(same({ ...plain(from), most: 7 })).toBeUndefined()
    // as many in each part, but others
    const even = read([0, 1, 2], [2, 0, 1])
    const drawn = { ...plain(even), testShare: 0.4 }
    expect(contentOf(even, drawn)).toMatchObject({ poolSize: 3, testSize: 3 })
    expect(contentOf(even, { ...drawn, views: 'signs' }).views).toBe('signs')
    expect(sameRows(even, drawn, contentOf(even, drawn))).toBeUndefined()
    const waiting = read([0, 1, UNLABELLED], [2, 0])
    expect(sameRows(waiting, plain(waiting), contentOf(waiting, plain(waiting)))).toBeUndefined()
  })

  it('gets a test part drawn from each class where there is none, or where one is wished for', () => {
    const from = read(cycle(60))
    expect(plain(from).testShare).toBe(TEST_SHARE)
    // 20 of each class; a sixth is 3.33
    expect(planOf(from, plain(from)).testCounts).toEqual([3, 3, 3])
    const given = read(cycle(30), cycle(30))
    const redrawn = { ...plain(given), testShare: 0.5 }
    expect(planOf(given, redrawn)).toMatchObject({ poolCounts: [10, 10, 10], testCounts: [10, 10, 10] })
    const content = contentOf(given, redrawn)
    const all = [...ids(content.poolRows), ...ids(content.testRows)]
    expect(new Set(all).size).toBe(60)
    expect(ids(content.testRows).some(id => id < 100)).toBe(true)
    const other = contentOf(given, { ...redrawn, seed: 1 })
    expect(ids(other.testRows)).not.toEqual(ids(content.testRows))
    expect(ids(contentOf(given, redrawn).testRows)).toEqual(ids(content.testRows))
  })

  it('keeps images without a label apart', () => {
    const from = read([0, UNLABELLED, 1, 2, UNLABELLED, 0], [1, 2])
    const content = contentOf(from, plain(from))
    expect([content.poolSize, content.testSize, content.unlabelledSize]).toEqual([4, 2, 2])
    expect(ids(content.unlabelledRows)).toEqual([1, 4])
    expect(ids(content.poolRows)).toEqual([0, 2, 3, 5])
    expect(foundIn(from)).toMatchObject({ labelledSize: 6, unlabelledSize: 2, testGiven: true })
    const none = { ...read([UNLABELLED, UNLABELLED]), classNames: [] }
    expect(planOf(none, plain(none))).toEqual({
      poolCounts: [],
      testCounts: [],
      unlabelledSize: 2,
      bytes: 2 * SIZE
    })
  })

  it('is refused where there is nothing to learn or to test on', () => {
    const code = (from: ImageRead, choices = plain(from)) => {
      try {
        planOf(from, choices)
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(code(read([1, 1, 1]))).toBe('oneClass')
    expect(code(read([0, 1, 2]))).toBe('partTooSmall')
    // a test part of one image has no spread over images
    expect(code(read([0, 0, 1]))).toBe('partTooSmall')
    expect(code(read([0, 0, 1, 1]))).toBeUndefined()
  })

  it('has the chosen names, trimmed', () => {
    const from = read(cycle(12))
    const content = contentOf(from, { ...plain(from), name: ' new ', classNames: ['x', ' y', 'z '] })
    expect([content.name, content.classNames]).toEqual(['new', ['x', 'y', 'z']])
    expect(contentOf(from, { ...plain(from), name: ' ' }).name).toBe('mine')
  })

  it('is the same whatever the pieces it is asked for in', () => {
    const from = read(cycle(40), cycle(9))
    const parts = ['poolRows', 'testRows'] as const satisfies (keyof Content)[]
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.constantFrom(...parts), (step, part) => {
        const rows = contentOf(from, { ...plain(from), testShare: 0.4 })[part]
        const pieces: number[] = []
        for (let at = 0; at < rows.bytes; at += step)
          pieces.push(...rows.slice(at, Math.min(at + step, rows.bytes)))
        expect(pieces).toEqual([...bytes(rows)])
      })
    )
  })

  it('may be of features', () => {
    const from = {
      ...read([]),
      kind: 'features' as const,
      dimension: 4,
      pool: { features: Float32Array.from({ length: 12 }, (_, i) => i / 2), labels: Uint16Array.of(0, 1, 0) },
      test: { features: new Float32Array(8).fill(9), labels: Uint16Array.of(1, 0) }
    }
    const content = contentOf(from, choicesOf(from))
    expect(content).toMatchObject({ features: true, shape: { height: 1, width: 4, channels: 1 } })
    expect([...new Float32Array(bytes(content.poolRows).buffer)]).toEqual([...from.pool.features])
    expect(planOf(from, choicesOf(from)).bytes).toBe(5 * (16 + 2))
    expect(foundIn(from).sheet).toBeUndefined()
  })
})

describe('fewer images', () => {
  it('are as many as asked for, in proportion, at least one of each class', () => {
    expect(fewerCounts([100, 100, 1], 50)).toEqual([25, 24, 1])
    expect(fewerCounts([10, 10], 40)).toEqual([10, 10])
    expect(fewerCounts([60, 30, 10], 10)).toEqual([6, 3, 1])
    fc.assert(
      fc.property(
        fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 500 }),
        (counts, most) => {
          const total = counts.reduce((a, b) => a + b, 0)
          const fewer = fewerCounts(counts, most)
          expect(fewer.reduce((a, b) => a + b, 0)).toBe(Math.min(total, most))
          const present = counts.filter(n => n > 0).length
          fewer.forEach((n, c) => {
            expect(n).toBeLessThanOrEqual(counts[c])
            if (counts[c] && present <= most) expect(n).toBeGreaterThanOrEqual(1)
          })
        }
      )
    )
  })

  it('are drawn by the seed, keep their order, and are among a larger choice', () => {
    const all = Array.from({ length: 90 }, (_, i) => i)
    const of = cycle(90)
    const some = drawFewer(all, of, 30, 5)
    expect([...some]).toEqual([...some].sort((a, b) => a - b))
    expect([0, 1, 2].map(c => [...some].filter(row => of[row] === c).length)).toEqual([10, 10, 10])
    const more = new Set(drawFewer(all, of, 60, 5))
    expect([...some].every(row => more.has(row))).toBe(true)
    expect([...drawFewer(all, of, 30, 6)]).not.toEqual([...some])
  })
})
