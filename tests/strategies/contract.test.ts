/** What every strategy must do, whatever its rule: the suite that a new one joins by its line in the registry. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { needKey } from '../../src/core/needs.ts'
import {
  findStrategy,
  strategies,
  strategyIds as ids,
  unionOfNeeds
} from '../../src/core/strategies/index.ts'
import type { QueryInput, Setting, Strategy } from '../../src/core/strategy.ts'
import { CLASSES, inputOf, permuted, shuffled, SIZE, world, type World } from './setup.ts'

const setting: Setting = { classes: CLASSES, dropout: 0.25, augmentation: 'none' }
const all = Object.values(strategies) as Strategy[]

const OPERATORS = new Set('argmax argmin max min mean std Var sgn rot'.split(' '))

/** Has chance in it only where scores are equal (strategies/ties.ts): in these worlds they never are. */
const drawsOnlyTies = (id: string) => id === 'variationRatios'

/** Only what the strategy declared: it must get along without the rest. */
function declaredOnly(strategy: Strategy, input: QueryInput): QueryInput {
  const declared = strategy.needs(setting)
  const kinds = new Set(declared.map(n => n.kind))
  const needs = Object.fromEntries(Object.entries(input.needs).filter(([kind]) => kinds.has(kind as never)))
  const bases = new Set<string>(declared.flatMap(n => (n.kind === 'features' ? [n.basis] : [])))
  if (needs.features)
    needs.features = Object.fromEntries(Object.entries(needs.features).filter(([basis]) => bases.has(basis)))
  return {
    ...input,
    needs,
    oracle: strategy.oracle ? input.oracle : undefined,
    stage: strategy.staged ? input.stage : undefined
  }
}

/** Whether a rule has chance in it: whether its query looks at the seed's order of draws, or into its own stream of them. */
async function looksAtChance(strategy: Strategy): Promise<boolean> {
  let looked = false
  const input = declaredOnly(strategy, inputOf(world(3, 40), [1, 5, 9], 8, 3, strategy.id))
  const { order, stream } = input
  const watched = new Proxy(stream, {
    get(target, name) {
      looked = true
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
  await strategy.query({
    ...input,
    stream: watched,
    get order() {
      looked = true
      return order
    }
  })
  return looked
}

/** Moves the unlabelled rows into 20 groups far from each other, of 1, 2, ... 20 rows. */
function gatherInClusters({ embeddings, pool }: World, labelled: number[]): void {
  const sizes = Array.from({ length: 20 }, (_, group) => new Array<number>(group + 1).fill(group)).flat()
  for (let row = 0, at = 0; row < pool; row++)
    if (!labelled.includes(row)) embeddings[row * SIZE] += 100 * sizes[at++]
}

describe.each(all.map(s => [s.id, s] as const))('%s', (id, strategy) => {
  const query = (input: QueryInput) => strategy.query(declaredOnly(strategy, input))

  it('is registered under its own name, with formula and category', () => {
    expect(strategies[id as keyof typeof strategies]).toBe(strategy)
    expect(strategy.formula.length).toBeGreaterThan(3)
    // it stands in every language: operators, no words
    expect(strategy.formula.match(/[a-z]{3,}/gi)?.filter(word => !OPERATORS.has(word)) ?? []).toEqual([])
    if (id !== 'random') expect(strategy.source).toMatch(/\d{4}/)
  })

  it('picks k different unlabelled rows, from none, one or all but one labelled, and shrinks to what is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(1000),
        fc.constantFrom('none', 'one', 'allButOne', 'half', 'oneClass'),
        async (pool, k, seed, how) => {
          const w = world(seed, pool)
          // one class missing among the labelled
          const rows = shuffled(seed, pool)
          const few = rows.filter(row => w.labels[row] !== 0).slice(0, pool - 1)
          const labelled = {
            none: [],
            one: rows.slice(0, 1),
            allButOne: rows.slice(1),
            half: rows.slice(pool >> 1),
            oneClass: few
          }[how]
          const input = inputOf(w, labelled, k, seed, id)
          const { picks, scores } = await query(input)
          expect(picks).toBeInstanceOf(Uint32Array)
          expect(picks).toHaveLength(Math.min(k, pool - labelled.length))
          expect(new Set(picks).size).toBe(picks.length)
          for (const p of picks) expect(input.unlabelled).toContain(p)
          if (scores) {
            expect(scores).toHaveLength(input.unlabelled.length)
            for (const s of scores) expect(Number.isFinite(s)).toBe(true)
          }
        }
      ),
      { numRuns: 60 }
    )
  })

  it('picks nothing where nothing is left, and nothing where nothing is asked for', async () => {
    const all = Array.from({ length: 9 }, (_, row) => row)
    for (const [labelled, k] of [
      [all, 3],
      [[2, 4], 0]
    ] as const)
      expect((await query(inputOf(world(6, 9), [...labelled], k, 6, id))).picks).toEqual(new Uint32Array(0))
  })

  it('changes nothing it is given, and says the same twice', async () => {
    const make = () => inputOf(world(3, 40), [1, 5, 9], 8, 3, id)
    const input = make()
    const first = await query(input)
    const untouched = make()
    expect(input.needs).toEqual(untouched.needs)
    expect(input.unlabelled).toEqual(untouched.unlabelled)
    expect(input.labelled).toEqual(untouched.labelled)
    expect(input.order).toEqual(untouched.order)
    expect(await query(make())).toEqual(first)
  })

  it('answers at once where it needs nothing of a training', () => {
    const input = declaredOnly(strategy, inputOf(world(3, 40), [1, 5, 9], 8, 3, id))
    if (!strategy.needs(setting).length) expect(strategy.query(input)).not.toBeInstanceOf(Promise)
  })

  it('draws, or permuting the pool permutes the picks', async () => {
    if ((await looksAtChance(strategy)) && !drawsOnlyTies(id)) {
      const batches = await Promise.all(
        [1, 2, 3, 4, 5].map(async seed =>
          String([...(await query(inputOf(world(3, 60), [2, 3], 12, seed, id))).picks].sort())
        )
      )
      return expect(new Set(batches).size, 'it looks at chance, and seeds change nothing').toBeGreaterThan(1)
    }
    // clusters of equal size tie, and the one with the lowest row comes first: here no two have the same size
    const pool = id === 'clusterMargin' ? 3 + 210 : 24
    const k = id === 'clusterMargin' ? 30 : 6
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), async seed => {
        const w = world(seed, pool)
        const labelled = [2, 3, 11]
        if (id === 'clusterMargin') gatherInClusters(w, labelled)
        const from = shuffled(seed, pool)
        const chance = drawsOnlyTies(id) ? {} : { stream: undefined as never }
        const plain = (await query({ ...inputOf(w, labelled, k, seed, id), ...chance })).picks
        const there = labelled.map(row => from.indexOf(row))
        const moved = (await query(inputOf(permuted(w, from), there, k, seed, id))).picks
        expect([...moved].map(row => from[row])).toEqual([...plain])
      }),
      { numRuns: id === 'clusterMargin' ? 10 : 100 }
    )
  })

  it('says of itself whether the batch of k is a prefix of the batch of k + 1', async () => {
    let isPrefix = true
    for (const seed of [8, 9, 10, 11])
      for (let k = 1; k <= 12 && isPrefix; k++) {
        const { picks: shorter } = await query(inputOf(world(seed, 40), [0, 4], k, seed, id))
        const { picks: longer } = await query(inputOf(world(seed, 40), [0, 4], k + 1, seed, id))
        isPrefix = String(longer.slice(0, k)) === String(shorter)
      }
    expect(isPrefix).toBe(strategy.prefix)
  })

  it('equal scores: lowest rows first, or drawn ones', async () => {
    const w = world(1, 12)
    for (const list of [w.probabilities, w.meanProbabilities, w.before]) list.fill(1 / CLASSES)
    for (const list of [w.meanEntropy, w.variance, w.passVariance]) list.fill(0.1)
    w.votes.fill(5)
    for (const list of [w.embeddings, w.pixels])
      for (let i = 0; i < list.length; i++) list[i] = list[i % SIZE]
    for (const list of [w.pretextLoss, w.predictedLoss, w.heads]) list.fill(0.5)
    const input = { ...inputOf(w, [0, 3], 4, 1, id), stage: { round: 0, rounds: 1 } }
    const { picks, scores } = await query(input)
    if (await looksAtChance(strategy)) expect(new Set(picks).size).toBe(4)
    else expect([...picks]).toEqual([1, 2, 4, 5])
    if (scores) expect(new Set(scores).size).toBe(1)
  })

  it('picks by its scores, if it gives some: no unpicked candidate scores higher than a picked one', async () => {
    const input = inputOf(world(5, 50), [7, 8], 10, 5, id)
    const { picks, scores } = await query(input)
    if (!scores) return
    const of = (row: number) => scores[input.unlabelled.indexOf(row)]
    const worst = Math.min(...[...picks].map(of))
    for (const row of input.unlabelled) if (!picks.includes(row)) expect(of(row)).toBeLessThanOrEqual(worst)
  })
})

describe('diversity', () => {
  it.each(['kCenter', 'kMeans', 'badge', 'cbalKCenter'] as const)(
    '%s never takes both of two duplicates while anything else is left',
    async id => {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const w = world(seed, 20)
        // rows 10..19 are copies of 0..9
        w.embeddings.copyWithin(10 * SIZE, 0, 10 * SIZE)
        w.probabilities.copyWithin(10 * CLASSES, 0, 10 * CLASSES)
        const { picks } = await (strategies[id] as Strategy).query(
          inputOf(w, [], id === 'cbalKCenter' ? 3 : 8, seed)
        )
        expect(new Set([...picks].map(row => row % 10)).size).toBe(picks.length)
      }
    }
  )
})

describe('cover and clusters', () => {
  it.each([...ids.filter(id => /^(typiClust|probCover):/.test(id)), 'clusterMargin' as const])(
    '%s takes no two copies of one image',
    async id => {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const w = world(seed, 60)
        for (const list of [w.embeddings, w.pixels]) list.copyWithin(30 * SIZE, 0, 30 * SIZE)
        w.probabilities.copyWithin(30 * CLASSES, 0, 30 * CLASSES)
        const { picks } = await (strategies[id] as Strategy).query(inputOf(w, [], 5, seed, id))
        expect(new Set([...picks].map(row => row % 30)).size).toBe(5)
      }
    }
  )
})

describe('the registry', () => {
  it('finds strategies by their ids, and nothing that every object has', () => {
    for (const id of ids) expect(findStrategy(id)).toBe(strategies[id])
    for (const id of ['constructor', 'toString', '__proto__', 'later'])
      expect(findStrategy(id)).toBeUndefined()
  })
})

describe('needs', () => {
  it('what several strategies ask for is asked once, one of a kind', () => {
    const needs = unionOfNeeds(all, setting)
    const keys = needs.map(needKey)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toContain('probabilities')
    expect(keys).toContain('passes:20')
    const ofEngine = needs.filter(n => n.kind !== 'features').map(n => n.kind)
    expect(new Set(ofEngine).size).toBe(ofEngine.length)
  })
  it('strategies of Monte Carlo passes refuse a network without dropout', () => {
    for (const id of ids) {
      const strategy: Strategy = strategies[id]
      const stochastic = strategy.needs(setting).some(n => n.kind === 'passes')
      expect(strategy.refuses?.({ ...setting, dropout: 0 })).toBe(stochastic ? 'needsDropout' : undefined)
      expect(strategy.refuses?.(setting)).toBeUndefined()
    }
  })
  it('consistency adds a mirrored view only where the experiment says that mirroring is harmless', () => {
    const views = (augmentation: Setting['augmentation']) =>
      strategies.consistency
        .needs({ ...setting, augmentation })
        .flatMap(n => (n.kind === 'viewVariance' ? n.views : []))
    expect(views('none')).toHaveLength(6)
    expect(views('flip').filter(v => v.mirror)).toHaveLength(1)
  })
  it('only one strategy cheats', () => {
    expect(all.filter(s => s.oracle).map(s => s.id)).toEqual(['balancedRandom'])
  })
})
