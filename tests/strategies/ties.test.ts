/**
 * Rules whose scores are few, so that much of a query is decided among equals: the seed decides, not where an image lies in
 * the pool. All rows tie here, and they lie by class, as images do in folders.
 */
import { describe, expect, it } from 'vitest'
import { strategyStream } from '../../src/core/law.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import { drawnTurns } from '../../src/core/strategies/ties.ts'
import type { QueryInput, Strategy } from '../../src/core/strategy.ts'
import { CLASSES, inputOf, shuffled, SIZE, world, type World } from './setup.ts'

const PAIRS = 30
const POOL = 2 * PAIRS
const K = 10
const seeds = Array.from({ length: 60 }, (_, seed) => seed)

/** Pairs of copies, far from each other; every image gets the same votes. Row by row, class by class. */
function tied(): World {
  const w = world(1, POOL)
  w.labels.forEach((_, row) => (w.labels[row] = Math.floor((row * CLASSES) / POOL)))
  for (let row = 0; row < POOL; row++) w.votes.set([9, 6, 3, 2], row * CLASSES)
  for (const list of [w.embeddings, w.pixels])
    for (let row = 0; row < POOL; row++) {
      // on a spiral from pole to pole, at about equal distances
      const pair = row >> 1
      const height = 1 - (2 * pair + 1) / PAIRS
      const [radius, angle] = [Math.sqrt(1 - height ** 2), 2.4 * pair]
      list.set([radius * Math.cos(angle), radius * Math.sin(angle), height], row * SIZE)
    }
  return w
}

describe.each(['variationRatios', 'probCover:pixels', 'probCover:encoder', 'probCover:embedding'] as const)(
  '%s, with everything tied',
  id => {
    const strategy: Strategy = strategies[id]
    const ask = async (input: QueryInput) => [...(await strategy.query(input)).picks]
    const input = (seed: number, k = K, labelled: number[] = []) => inputOf(tied(), labelled, k, seed, id)

    it('says the same for the same seed and label count, something else for others', async () => {
      const [first, again] = [await ask(input(1)), await ask(input(1))]
      expect(again).toEqual(first)
      const batches = await Promise.all(seeds.map(async seed => String(await ask(input(seed)))))
      expect(new Set(batches).size).toBe(seeds.length)
      // the next round of the same seed: other turns
      const at = (count: number) => ask({ ...input(1), stream: strategyStream(1, count, id) })
      expect(await at(20)).not.toEqual(await at(21))
    })

    it('takes rows from everywhere, and so of every class, though rows lie by class', async () => {
      const rows = new Array<number>(POOL).fill(0)
      const classes = new Array<number>(CLASSES).fill(0)
      const { labels } = tied()
      for (const seed of seeds)
        for (const row of await ask(input(seed))) {
          rows[row]++
          classes[labels[row]]++
        }
      // each row is taken by one seed in six, ten times; each class gets a quarter of 600 picks
      expect(Math.min(...rows)).toBeGreaterThan(0)
      expect(Math.max(...rows)).toBeLessThan(26)
      for (const count of classes) expect(Math.abs(count - 150)).toBeLessThan(50)
    })

    it('has the same turns whatever was asked before', async () => {
      const alone = await ask(input(4))
      const others = input(4)
      await ask(input(4, 3))
      await strategies.badge.query({ ...others, stream: strategyStream(4, 0, 'badge') })
      expect(await ask(others)).toEqual(alone)
    })

    it('keeps the batch of k a prefix of the batch of k + 1', async () => {
      for (const seed of seeds.slice(0, 10))
        for (let k = 1; k <= K; k++)
          expect((await ask(input(seed, k + 1))).slice(0, k)).toEqual(await ask(input(seed, k)))
    })
  }
)

describe('drawn turns', () => {
  const stream = (seed: number) => strategyStream(seed, 50, 'x')

  it('are an order of all rows, decided by each row alone: those of some rows are those of all with the others left out', () => {
    for (const seed of seeds) {
      const rows = Uint32Array.from({ length: 40 }, (_, i) => 3 * i + 1)
      const order = [...drawnTurns(rows, stream(seed))].map(i => rows[i])
      expect([...order].sort((a, b) => a - b)).toEqual([...rows])
      const some = Uint32Array.from(shuffled(seed, 40).slice(0, 15), i => rows[i])
      expect([...drawnTurns(some, stream(seed))].map(i => some[i])).toEqual(
        order.filter(row => some.includes(row))
      )
    }
  })

  it('take nothing from the stream', () => {
    const [one, other] = [stream(1), stream(1)]
    drawnTurns(Uint32Array.of(1, 2, 3), one)
    expect(one.bits()).toBe(other.bits())
  })
})
