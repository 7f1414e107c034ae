/** What every strategy promises, checked for all of the registry. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOrder, rootKey } from '../../src/core/random.ts'
import { strategies, unionOfNeeds } from '../../src/core/strategies/index.ts'
import { needKey } from '../../src/core/needs.ts'
import type { QueryInput, Setting, Strategy } from '../../src/core/strategy.ts'
import { CLASSES, inputOf, permuted, world } from './setup.ts'

const setting: Setting = { classes: CLASSES, dropout: 0.25, augmentation: 'none' }
const all = Object.values(strategies) as Strategy[]

/** Only what the strategy declared: it must get along without the rest. */
function declaredOnly(strategy: Strategy, input: QueryInput): QueryInput {
  const kinds = new Set(strategy.needs(setting).map(n => n.kind))
  const { probabilities, embeddings, passes, viewVariance } = input.needs
  return {
    ...input,
    needs: {
      ...(kinds.has('probabilities') && { probabilities }),
      ...(kinds.has('embeddings') && { embeddings }),
      ...(kinds.has('passes') && { passes }),
      ...(kinds.has('viewVariance') && { viewVariance })
    }
  }
}

describe.each(all.map(s => [s.id, s] as const))('%s', (id, strategy) => {
  const query = (input: QueryInput) => strategy.query(declaredOnly(strategy, input))

  it('is registered under its own name, with formula and category', () => {
    expect(strategies[id as keyof typeof strategies]).toBe(strategy)
    expect(strategy.formula.length).toBeGreaterThan(3)
    if (strategy.category !== 'baseline') expect(strategy.source).toMatch(/\d{4}/)
  })

  it('picks k different unlabelled rows, from none, one or all but one labelled, and shrinks to what is left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(1000),
        fc.constantFrom('none', 'one', 'allButOne', 'half'),
        (pool, k, seed, how) => {
          const rows = [
            ...hashOrder(
              rootKey(seed, 5),
              Array.from({ length: pool }, (_, i) => i)
            )
          ]
          const labelled = rows.slice(0, { none: 0, one: 1, allButOne: pool - 1, half: pool >> 1 }[how])
          const input = inputOf(world(seed, pool), labelled, k, seed, id)
          const { picks, scores } = query(input)
          expect(picks).toHaveLength(Math.min(k, pool - labelled.length))
          expect(new Set(picks).size).toBe(picks.length)
          for (const p of picks) expect(input.unlabelled).toContain(p)
          if (scores) {
            expect(scores).toHaveLength(input.unlabelled.length)
            for (const s of scores) expect(Number.isFinite(s)).toBe(true)
          }
        }
      )
    )
  })

  it('changes nothing it is given, and says the same twice', () => {
    const make = () => inputOf(world(3, 40), [1, 5, 9], 8, 3, id)
    const input = make()
    const first = query(input)
    const untouched = make()
    expect(input.needs).toEqual(untouched.needs)
    expect(input.unlabelled).toEqual(untouched.unlabelled)
    expect(input.labelled).toEqual(untouched.labelled)
    expect(input.order).toEqual(untouched.order)
    expect(query(make())).toEqual(first)
  })

  it('does not depend on the order of rows: permuting the pool permutes the picks', () => {
    if (strategy.needs(setting).length === 0) return expect(strategy.category).toBe('baseline')
    fc.assert(
      fc.property(fc.nat(1000), seed => {
        const w = world(seed, 24)
        const from = [
          ...hashOrder(
            rootKey(seed, 6),
            Array.from({ length: 24 }, (_, i) => i)
          )
        ]
        const labelled = [2, 3, 11]
        const plain = query(inputOf(w, labelled, 6, seed, id)).picks
        const there = labelled.map(row => from.indexOf(row))
        const moved = query(inputOf(permuted(w, from), there, 6, seed, id)).picks
        expect([...moved].map(row => from[row])).toEqual([...plain])
      })
    )
  })

  it('greedy: the batch of k is a prefix of the batch of k + 1', () => {
    expect(strategy.prefix).toBe(true)
    for (let k = 1; k < 10; k++) {
      const shorter = query(inputOf(world(8, 30), [0, 4], k, 8, id)).picks
      const longer = query(inputOf(world(8, 30), [0, 4], k + 1, 8, id)).picks
      expect([...longer.slice(0, k)]).toEqual([...shorter])
    }
  })

  it('equal scores: lowest rows first', () => {
    const w = world(1, 12)
    for (const list of [w.probabilities, w.meanProbabilities]) list.fill(1 / CLASSES)
    w.meanEntropy.fill(0.1)
    w.variance.fill(0.2)
    const input = inputOf(w, [0, 3], 4, 1, id)
    const { picks, scores } = query(input)
    if (scores) expect([...picks]).toEqual([1, 2, 4, 5])
    else expect(new Set(picks).size).toBe(4)
  })

  it('picks by its scores: no unpicked candidate scores higher than a picked one', () => {
    const input = inputOf(world(5, 50), [7, 8], 10, 5, id)
    const { picks, scores } = query(input)
    if (!scores) return expect(['random', 'kCenter']).toContain(id)
    const of = (row: number) => scores[input.unlabelled.indexOf(row)]
    const worst = Math.min(...[...picks].map(of))
    for (const row of input.unlabelled) if (!picks.includes(row)) expect(of(row)).toBeLessThanOrEqual(worst)
  })
})

describe('diversity', () => {
  it('k-center never takes both of two duplicates while anything else is left', () => {
    const w = world(2, 20)
    // rows 10..19 are copies of 0..9
    w.embeddings.copyWithin(10 * 3, 0, 10 * 3)
    const { picks } = strategies.kCenter.query(inputOf(w, [], 10, 2))
    expect(new Set([...picks].map(row => row % 10)).size).toBe(10)
  })
})

describe('needs', () => {
  it('what several strategies ask for is asked once', () => {
    const keys = unionOfNeeds(all, setting).map(needKey)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toContain('probabilities')
    expect(keys).toContain('passes:20')
  })
  it('BALD refuses a network without dropout', () => {
    expect(strategies.bald.refuses!({ ...setting, dropout: 0 })).toBe('needsDropout')
    expect(strategies.bald.refuses!(setting)).toBeUndefined()
  })
  it('consistency adds a mirrored view only where the experiment says that mirroring is harmless', () => {
    const views = (augmentation: Setting['augmentation']) =>
      strategies.consistency
        .needs({ ...setting, augmentation })
        .flatMap(n => (n.kind === 'viewVariance' ? n.views : []))
    expect(views('none')).toHaveLength(6)
    expect(views('flip').filter(v => v.mirror)).toHaveLength(1)
  })
})
