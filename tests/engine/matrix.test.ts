/**
 * Every strategy in every mode of training: two tiny rounds on the reference engine, or the reason why not. What is refused where is
 * written down here; everything else must train, measure and pick.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/core/engine.ts'
import { recipeOf, settingOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { basisKeys, giveFeatures } from '../../src/core/features.ts'
import { initialOrder } from '../../src/core/law.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import { carriesState, type Recipe } from '../../src/core/recipe.ts'
import { unlabelledKinds } from '../../src/core/recipes/methods.ts'
import { findSelector, selectorIds, type SelectorId } from '../../src/core/selectors/index.ts'
import { strategies, strategyIds, type StrategyId } from '../../src/core/strategies/index.ts'
import {
  basesOf,
  basesRefusal,
  looksBack,
  recipeFor,
  refusalOf,
  type Refusal,
  type Strategy
} from '../../src/core/strategy.ts'
import type { View } from '../../src/core/view.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { JobTask } from '../../src/runtime/protocol.ts'
import { runRounds } from '../../src/runtime/round.ts'
import { numbers, range, tinyView } from './views.ts'

const POOL = 40
const K = 4
const shape = { height: 8, width: 8, channels: 1 }
const network = { channels: [2, 3], hidden: 4 }
const origins = { encoder: 'e', dynamics: 'e', pretextLoss: 'r' }
const images = tinyView(shape, 4, POOL, 12)
const ready: View = {
  ...images,
  key: 'ready',
  shape: { height: 1, width: 6, channels: 1 },
  pool: { ...images.pool, images: new Uint8Array(0), features: numbers(POOL * 6, 1) },
  test: { ...images.test, images: new Uint8Array(0), features: numbers(12 * 6, 2) }
}

type Refused = Partial<Record<StrategyId, Refusal>>
const adding: Refused = { learningLoss: 'needsNetwork', mcdal: 'needsNetwork' }
const masks: StrategyId[] = ['mcEntropy', 'bald', 'variationRatios', 'meanStd']
const onImages: StrategyId[] = ['consistency', 'typiClust:encoder', 'probCover:encoder', 'pt4al']
const because = (ids: StrategyId[], code: Refusal): Refused => Object.fromEntries(ids.map(id => [id, code]))

interface Mode {
  change: Partial<Experiment>
  view?: View
  refused?: Refused
}
const modes: Record<string, Mode> = {
  'from scratch': { change: {} },
  'with balanced class weights': { change: { classWeights: 'balanced' } },
  'without dropout': { change: { dropout: 0 }, refused: because(masks, 'needsDropout') },
  'warm start': { change: { mode: 'warm' } },
  'fine-tuning': { change: { mode: 'fineTune' } },
  'linear evaluation': { change: { mode: 'linear' }, refused: adding },
  'on ready features': {
    change: {},
    view: ready,
    refused: { ...because(onImages, 'needsImages'), ...adding }
  },
  'mean teacher': { change: { unlabelled: 'meanTeacher' } },
  'consistency (Gao et al.)': { change: { unlabelled: 'consistency' } },
  'TOD’s loss': { change: { unlabelled: 'temporal' } },
  'TOD’s loss in a warm start': { change: { mode: 'warm', unlabelled: 'temporal' } },
  'mean teacher on an encoder': { change: { mode: 'fineTune', unlabelled: 'meanTeacher' } }
}

describe.each(Object.entries(modes))('%s', (_, { change, view = images, refused = {} }) => {
  const experiment: Experiment = { ...frozenExperiment, epochs: 1, stepsFloor: 3, batchSize: 8, ...change }
  const given = { encoder: 'e', features: view === ready, origins }
  const base: Recipe = { ...recipeOf(experiment, given), network }
  const setting = settingOf(experiment, 4, given)
  let engine: Engine
  beforeAll(async () => {
    const { kernels } = await openWasm()
    engine = new ReferenceEngine(kernels, {
      backend: 'wasm',
      numericsId: '',
      detail: '',
      stepMilliseconds: 1
    })
    await engine.load(view)
    const weights = numbers(encoderSize(network, shape), 4).map(v => v * 0.5)
    if (view === images) engine.adopt({ key: 'e', weights })
    const keys = Object.entries(basisKeys(['encoder', 'pretextLoss'], origins))
    for (const [basis, key] of keys) {
      const size = basis === 'encoder' ? 5 : 1
      giveFeatures(view, { key, features: { size, values: numbers(POOL * size, 3) } })
    }
    return () => engine.dispose()
  })

  /** One training, and what each of some strategies picks after it. */
  async function round(recipe: Recipe, asked: readonly Strategy[], task: Partial<JobTask>) {
    const stage = { round: task.labelled!.length > 9 ? 2 : 1, rounds: 3 }
    const queries = asked.map(strategy => ({
      key: strategy.id,
      strategy: strategy.id,
      k: K,
      bases: basisKeys(basesOf(strategy, setting), origins),
      ...(strategy.staged && { stage }),
      ...(looksBack(strategy, setting) &&
        task.history && { before: { history: task.history, weights: task.before } })
    }))
    const whole = { id: 't', recipe, seed: 1, labelled: range(0), order: initialOrder(1, POOL), keep: true }
    const state = carriesState(recipe) ? task : { labelled: task.labelled }
    const picks = new Map<string, Uint32Array>()
    const out: { picks: typeof picks; weights?: Float32Array; loss: number } = { picks, loss: NaN }
    const waiting = queries
    await runRounds(engine, view, [{ ...whole, ...state, queries } as JobTask], {
      check: async () => {},
      now: () => 0,
      trained: (_id, weights) => (out.weights = weights),
      measured: (_id, measurement) => (out.loss = measurement.testLoss),
      picked: (_id, key, pick) => picks.set(key, pick.picks),
      takeQueries: () => waiting.splice(0),
      done: () => {},
      failed: (_id, code, message) => {
        throw new Error(`${code}: ${message}`)
      }
    })
    return out
  }

  test('refuses what cannot be, and nothing else', () => {
    const found = strategyIds.flatMap(id => {
      const code = refusalOf(strategies[id], setting)
      return code ? [[id, code] as const] : []
    })
    expect(Object.fromEntries(found)).toEqual(refused)
  })

  test('all others train, are measured and pick, two rounds long', async () => {
    const groups = new Map<Recipe, Strategy[]>()
    for (const id of strategyIds) {
      if (refused[id]) continue
      const recipe = recipeFor(strategies[id], base)
      groups.set(recipe, [...(groups.get(recipe) ?? []), strategies[id]])
    }
    expect(groups.size).toBe(refused.mcdal ? 1 : 3)
    const labelled = range(9, 4, 1)
    for (const [recipe, asked] of groups) {
      const first = await round(recipe, asked, { labelled })
      const more = Uint32Array.from([...labelled, ...first.picks.get(asked[0].id)!]).sort()
      const second = await round(recipe, asked, {
        labelled: more,
        history: [labelled],
        before: first.weights
      })
      expect(second.weights).not.toEqual(first.weights)
      for (const [{ picks, loss }, taken] of [
        [first, labelled],
        [second, more]
      ] as const) {
        expect(Number.isFinite(loss)).toBe(true)
        for (const { id } of asked) {
          expect(picks.get(id), id).toHaveLength(K)
          expect(new Set([...picks.get(id)!, ...taken]).size, id).toBe(K + taken.length)
        }
      }
    }
  })
})

test('a linear layer has no room for unlabelled images: the recipe is that of linear evaluation alone', () => {
  const of = (change: Partial<Experiment>) => recipeOf({ ...frozenExperiment, ...change }, { encoder: 'e' })
  for (const unlabelled of unlabelledKinds)
    expect(of({ mode: 'linear', unlabelled })).toEqual(of({ mode: 'linear' }))
})

test('selectors are refused by what they stand on, whatever is trained', () => {
  const encoders = selectorIds.filter(id => /encoder|firstChoice|pt4al/.test(id))
  const refusedIn = (change: Partial<Experiment>, features?: boolean) => {
    const setting = settingOf({ ...frozenExperiment, ...change }, 4, { features })
    const codes = selectorIds.map(id => [id, basesRefusal(findSelector(id)!.bases ?? [], setting)] as const)
    return Object.fromEntries(codes.filter(([, code]) => code))
  }
  const all = (ids: SelectorId[], code: Refusal) => Object.fromEntries(ids.map(id => [id, code]))
  expect(refusedIn({})).toEqual({})
  expect(refusedIn({ mode: 'linear' })).toEqual({})
  expect(refusedIn({}, true)).toEqual(all(encoders, 'needsImages'))
  const map = selectorIds.filter(id => id.startsWith('firstChoice'))
  for (const pretraining of ['rotation', 'jigsaw', 'instance', 'simsiam'] as const)
    expect(refusedIn({ pretraining })).toEqual(all(map, 'needsContrast'))
  for (const pretraining of ['simclr', 'moco', 'mocoV2'] as const)
    expect(refusedIn({ pretraining })).toEqual({})
})
