/** The parts of an experiment: its recipe, arms, pretrainings, what its setting refuses, and which of its trainings are one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as parts from '../../src/core/experiment/parts.ts'
import { CEILING, Left, plannedName, planOf } from '../../src/core/experiment/plan.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { initialOrder } from '../../src/core/law.ts'
import { networks } from '../../src/core/network.ts'
import { recipeFor } from '../../src/core/strategy.ts'
import { armKey, RANDOM, type Arm } from '../../src/core/result.ts'
import { findStrategy } from '../../src/core/strategies/index.ts'

const of = (change: Partial<Experiment> = {}): Experiment => ({ ...frozenExperiment, ...change })

describe('the recipe', () => {
  const plain = {
    network: networks.reference,
    ...{ epochs: 30, stepsFloor: 200, learningRate: 0.001, batchSize: 32, dropout: 0.25 },
    augmentation: 'none'
  }
  it('is that of the rows, and has nothing in it that a training does not do', () => {
    expect(parts.recipeOf(of())).toStrictEqual(plain)
    expect(parts.recipeOf(of({ network: 'small', epochs: 7, stepsFloor: 8, learningRate: 0.02 }))).toEqual({
      ...plain,
      ...{ network: networks.small, epochs: 7, stepsFloor: 8, learningRate: 0.02 }
    })
    expect(
      parts.recipeOf(of({ batchSize: 9, dropout: 0.5, augmentation: 'flip', classWeights: 'balanced' }))
    ).toEqual({ ...plain, ...{ batchSize: 9, dropout: 0.5, augmentation: 'flip', classWeights: 'balanced' } })
  })

  it('names the encoder that it begins with; ready features are classified linearly, whatever is chosen', () => {
    const mode = (e: Partial<Experiment>, given?: parts.Given) => parts.recipeOf(of(e), given).mode
    expect(mode({ mode: 'warm' }, { encoder: 'e' })).toEqual({ kind: 'warm' })
    expect(mode({ mode: 'fineTune' }, { encoder: 'e' })).toEqual({ kind: 'fineTune', encoder: 'e' })
    expect(mode({ mode: 'linear' }, { encoder: 'e' })).toEqual({ kind: 'linear', encoder: 'e' })
    for (const chosen of ['scratch', 'warm', 'fineTune', 'linear'] as const)
      expect(mode({ mode: chosen }, { encoder: 'e', features: true })).toEqual({ kind: 'linear' })
  })

  it('has unlabelled images in multiples of the method’s own weight, and none beside a linear layer', () => {
    const e = of({
      ...{ unlabelled: 'meanTeacher', unlabelledWeight: 3, unlabelledRatio: 2 },
      ...{ unlabelledRampUp: 0.5, unlabelledDecay: 0.9 }
    })
    const own = { kind: 'meanTeacher', weight: 30, ratio: 2, rampUp: 0.5, decay: 0.9 }
    expect(parts.recipeOf(e).unlabelled).toEqual(own)
    expect(parts.recipeOf({ ...e, mode: 'fineTune' }).unlabelled).toEqual(own)
    expect(parts.recipeOf({ ...e, mode: 'linear' })).not.toHaveProperty('unlabelled')
    expect(parts.recipeOf(e, { features: true })).not.toHaveProperty('unlabelled')
    expect(parts.recipeOf({ ...e, unlabelledWeight: 0 })).toStrictEqual(plain)
  })
})

describe('pretrainings', () => {
  const rows: Partial<Experiment> = {
    ...{ pretraining: 'moco', pretrainingViews: 'pictures', pretrainingEpochs: 7 },
    ...{ pretrainingBatch: 64, pretrainingSeed: 5 }
  }
  const made = {
    ...{ method: 'moco', network: networks.reference, likeness: 'pictures' },
    ...{ epochs: 7, batchSize: 64, seed: 5 }
  }
  it('begin trainings that fine-tune or are linear, and no others; the usual step length is left out', () => {
    for (const mode of ['fineTune', 'linear'] as const)
      expect(parts.pretrainingOf(of({ ...rows, mode }))).toStrictEqual(made)
    for (const mode of ['scratch', 'warm'] as const)
      expect(parts.pretrainingOf(of({ ...rows, mode }))).toBeUndefined()
    expect(parts.pretrainingRows(of({ ...rows, pretrainingRate: 0.003 }))).toEqual({
      ...made,
      learningRate: 0.003
    })
    expect(parts.pretrainingRows(of({ ...rows, pretrainingRate: 0.001 }))).not.toHaveProperty('learningRate')
  })

  it('leave what selectors and strategies stand on: each product once, that of rotation for PT4AL', () => {
    const products = (change: Partial<Experiment>) =>
      Object.fromEntries(
        [...parts.productsOf(of({ ...rows, ...change }))].map(([p, { method }]) => [p, method])
      )
    expect(products({})).toEqual({})
    expect(products({ strategies: ['typiClust:pixels'], selectors: ['kMeans:pixels'] })).toEqual({})
    expect(products({ strategies: ['typiClust:encoder', 'probCover:encoder'] })).toEqual({ encoder: 'moco' })
    expect(products({ selectors: ['random', 'firstChoice:hard'] })).toEqual({
      encoder: 'moco',
      dynamics: 'moco'
    })
    expect(products({ selectors: ['pt4al', 'kCenter:encoder'], strategies: ['pt4al'] })).toEqual({
      pretextLoss: 'rotation',
      encoder: 'moco'
    })
    // a method that tells no views leaves no map, and what nobody knows is passed over
    expect(
      products({ pretraining: 'rotation', selectors: ['firstChoice:hard', 'later'], strategies: ['later'] })
    ).toEqual({ encoder: 'rotation' })
    const { encoder, pretextLoss } = Object.fromEntries(
      parts.productsOf(of({ ...rows, selectors: ['pt4al', 'kMeans:encoder'] }))
    )
    expect([encoder, pretextLoss]).toEqual([made, { ...made, method: 'rotation' }])
    const needed = (change: Partial<Experiment>) => parts.methodsNeeded(of({ ...rows, ...change }))
    expect(needed({})).toEqual([])
    expect(needed({ mode: 'linear' })).toEqual(['moco'])
    expect(needed({ mode: 'linear', selectors: ['kMeans:encoder', 'pt4al'] })).toEqual(['moco', 'rotation'])
    expect(needed({ selectors: ['pt4al'] })).toEqual(['rotation'])
  })

  it('are suggested for as many images as are looked at in all, four epochs at least', () => {
    // SimCLR: 40,000 images
    const row = { pretraining: 'simclr', pretrainingBatch: 32, pretrainingRate: 0.001 }
    expect(parts.suggestedRows('simclr', 2000)).toEqual({ ...row, pretrainingEpochs: 20 })
    expect(parts.suggestedRows('simclr', 3000)).toEqual({ ...row, pretrainingEpochs: 13 })
    expect(parts.suggestedRows('simclr', 60000)).toEqual({ ...row, pretrainingEpochs: 4 })
    expect(parts.suggestedRows('rotation', 2000)).toMatchObject({
      pretrainingEpochs: 10,
      pretrainingRate: 0.003
    })
  })
})

describe('arms', () => {
  const e = of({
    initialSizes: [20, 50],
    selectors: ['random', 'balanced'],
    strategies: ['random', 'margin', 'bald']
  })

  it('go size by size, selector by selector, strategy by strategy; random draws are not named', () => {
    const pairs = ['random', 'margin', 'bald'].flatMap(strategy => [{ strategy }])
    const size = (initialSize: number) => [
      ...pairs.map(pair => ({ ...pair, initialSize })),
      ...pairs.map(pair => ({ ...pair, selector: 'balanced', initialSize }))
    ]
    expect(parts.armsOf(e)).toStrictEqual([...size(20), ...size(50)])
    expect(parts.linesOf(e)).toEqual([
      ...['random', 'margin', 'bald'],
      ...['random+balanced', 'margin+balanced', 'bald+balanced']
    ])
    expect(parts.seedsOf(of({ seeds: 3, firstSeed: 7 }))).toEqual([7, 8, 9])
    const counted = of({ querySize: 40, budget: 130 })
    expect(parts.countsOf(counted, { strategy: 'x', initialSize: 30 })).toEqual([30, 40, 80, 120, 130])
    expect(parts.countsOf({ ...counted, grid: 'literal' }, { strategy: 'x', initialSize: 30 })).toEqual([
      ...[30, 70, 110],
      130
    ])
  })

  it('that the setting refuses are said with the reason, and not run', () => {
    const refused = (change: Partial<Experiment>, given?: parts.Given) =>
      parts.refusedIn(
        of({ strategies: ['random', 'bald', 'consistency', 'learningLoss', 'later'], ...change }),
        given
      )
    expect(refused({})).toEqual({ strategies: [], selectors: [] })
    expect(refused({ dropout: 0 }).strategies).toEqual([{ id: 'bald', code: 'needsDropout' }])
    expect(refused({ mode: 'linear' }).strategies).toEqual([{ id: 'learningLoss', code: 'needsNetwork' }])
    const selectors = ['random', 'kMeans:pixels', 'kMeans:encoder', 'firstChoice:hard', 'later']
    expect(refused({ selectors }, { features: true })).toEqual({
      strategies: [
        { id: 'consistency', code: 'needsImages' },
        { id: 'learningLoss', code: 'needsNetwork' }
      ],
      selectors: [
        { id: 'kMeans:encoder', code: 'needsImages' },
        { id: 'firstChoice:hard', code: 'needsImages' }
      ]
    })
    expect(refused({ selectors, pretraining: 'simsiam' }).selectors).toEqual([
      { id: 'firstChoice:hard', code: 'needsContrast' }
    ])
    const some = {
      ...e,
      dropout: 0,
      pretraining: 'simsiam',
      selectors: ['random', 'firstChoice:easy']
    } as const
    expect(parts.runnableArms(some).map(armKey)).toEqual(['random@20', 'margin@20', 'random@50', 'margin@50'])
    expect(parts.runnableArms(e)).toEqual(parts.armsOf(e))
    const onImages = of({ strategies: ['consistency', 'margin'], initialSizes: [20] })
    expect(parts.runnableArms(onImages, { features: true }).map(armKey)).toEqual(['margin@20'])
  })

  it('know their setting', () => {
    const setting = { classes: 4, dropout: 0.25, augmentation: 'none', pretraining: 'simclr' }
    expect(parts.settingOf(of(), 4)).toStrictEqual(setting)
    expect(parts.settingOf(of({ mode: 'linear' }), 4)).toStrictEqual({ ...setting, linear: true })
    expect(parts.settingOf(of(), 4, { features: true })).toStrictEqual({
      ...setting,
      features: true,
      linear: true
    })
  })
})

describe('the plan', () => {
  /** What the law says a training is: its recipe, seed, labelled set and, where it carries state, its history. */
  function identity(e: Experiment, arm: Arm, seed: number, n: number): string {
    const recipe = recipeFor(findStrategy(arm.strategy), parts.recipeOf(e))
    const order = initialOrder(seed, 100)
    const setAt = (count: number) => {
      const drawn = arm.selector === undefined && (count === arm.initialSize || arm.strategy === RANDOM)
      if (drawn) return [...order.slice(0, count)].sort().join()
      // somebody else's choice: its own by name
      return count === arm.initialSize ? `${arm.selector}@${count}` : `${armKey(arm)} ${count}`
    }
    const counts = parts.countsOf(e, arm).filter(count => count <= n)
    const sets = (e.mode === 'warm' ? counts : [n]).map(setAt)
    return JSON.stringify([recipe, seed, sets])
  }

  it('gives two trainings one name where the law says that they are one, and only there', () => {
    const some = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1, maxLength: 3 })
    const experiments = fc.record({
      initialSizes: some([10, 20, 25, 40]),
      strategies: some(['random', 'margin', 'learningLoss', 'balancedRandom']),
      selectors: some(['random', 'balanced', 'kMeans:pixels']),
      mode: fc.constantFrom('scratch' as const, 'warm' as const)
    })
    fc.assert(
      fc.property(experiments, change => {
        const e = of({ querySize: 20, budget: 60, seeds: 2, poolSize: 100, ...change })
        const byName = new Map<string, string>()
        const byIdentity = new Map<string, string>()
        for (const arm of parts.armsOf(e))
          for (const seed of parts.seedsOf(e))
            for (const n of parts.countsOf(e, arm)) {
              const [name, own] = [plannedName(e, arm, seed, n), identity(e, arm, seed, n)]
              expect(byName.get(name) ?? own).toBe(own)
              expect(byIdentity.get(own) ?? name).toBe(name)
              byName.set(name, own)
              byIdentity.set(own, name)
            }
        expect(planOf(e).size).toBe(byIdentity.size + 1)
      }),
      { numRuns: 60 }
    )
  })

  it('has the steps of each training, and the whole pool’s where the first seed is', () => {
    const e = of({
      initialSizes: [20],
      strategies: ['random'],
      querySize: 200,
      budget: 400,
      firstSeed: 4,
      seeds: 2
    })
    const steps = (seeds?: number[]) => [...planOf(e, seeds)].map(([name, { steps }]) => [name, steps])
    // 30 epochs of 1, 7 and 13 batches of 32; 2000 images are 63
    expect(steps()).toEqual([
      ...[20, 200, 400].flatMap(n =>
        [4, 5].map(seed => [`${seed}/order/${n}`, Math.max(200, 30 * Math.ceil(n / 32))])
      ),
      [CEILING, 1890]
    ])
    expect(steps([5]).map(([name]) => name)).toEqual(['5/order/20', '5/order/200', '5/order/400'])
  })

  it('is of the recipe that is given, which knows the encoder', () => {
    const e = of({
      mode: 'fineTune',
      strategies: ['random', 'learningLoss'],
      initialSizes: [50],
      budget: 100,
      seeds: 1
    })
    const recipe = parts.recipeOf(e, { encoder: 'e' })
    const plan = planOf(e, undefined, undefined, recipe)
    const names = parts.armsOf(e).flatMap(arm => [50, 100].map(n => plannedName(e, arm, 0, n, recipe)))
    expect(new Set(plan.keys())).toEqual(new Set([...names, CEILING]))
    for (const [name, { recipe: own }] of plan)
      expect([own.mode, 'lossPrediction' in own]).toEqual([recipe.mode, name.includes('/0/')])
  })

  it('what is left of it is struck off once, and counted by kind', () => {
    const e = of({
      initialSizes: [20],
      strategies: ['random', 'margin'],
      querySize: 20,
      budget: 40,
      seeds: 3
    })
    const plan = planOf(e)
    const names = [...plan.keys()]
    // a seed: 20, and 40 of either; the ceiling
    const left = new Left(plan)
    expect([left.total, left.size]).toEqual([10, 10])
    const kinds = () => left.kinds().map(({ steps, count }) => [steps, count])
    expect(kinds().reduce((sum, [, count]) => sum + count, 0)).toBe(10)
    left.strike(names[0])
    left.strike(names[0])
    left.strike('nobody')
    expect([left.total, left.size, kinds().reduce((sum, [, count]) => sum + count, 0)]).toEqual([10, 9, 9])
    for (const name of names) left.strike(name)
    expect([left.size, left.kinds()]).toEqual([0, []])
  })
})
