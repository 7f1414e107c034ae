/** What the papers, or the cards where the papers say nothing, give as numbers: literally, as they are shipped. */
import { describe, expect, it } from 'vitest'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { unlabelledOf } from '../../src/core/experiment/parts.ts'
import { methodNames, methods, suggestionFor } from '../../src/core/pretraining/methods/index.ts'
import type { Recipe } from '../../src/core/recipe.ts'
import { ownWeight } from '../../src/core/recipes/methods.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import { SUBSET } from '../../src/core/strategies/learningLoss.ts'
import type { Setting } from '../../src/core/strategy.ts'
import * as english from '../../src/i18n/strategies.en.ts'
import * as japanese from '../../src/i18n/strategies.ja.ts'
import { tinyRecipe } from '../support/experiments.ts'

const setting: Setting = { classes: 10, dropout: 0.25, augmentation: 'shift' }
const plain: Recipe = { ...tinyRecipe, augmentation: 'shift' }

describe('what strategies add to a recipe', () => {
  it('learning loss: weight and margin 1, no longer reaching the network after 60 % of the steps', () => {
    expect(strategies.learningLoss.recipe!(plain)).toEqual({
      ...plain,
      lossPrediction: { weight: 1, margin: 1, detachAfter: 0.6 }
    })
    expect(strategies.learningLoss.formula).toContain('λ = ξ = 1')
    expect(english.additions.learningLoss).toMatch(/with weight 1,.* first 60% of the steps/)
    expect(japanese.additions.learningLoss).toMatch(/重み1.*最初の60%/)
    expect(SUBSET).toBe(10000)
  })
  it('MCDAL: the discrepancy counts as much as the cross-entropies', () => {
    expect(strategies.mcdal.recipe!(plain)).toEqual({ ...plain, discrepancy: { weight: 1 } })
  })
})

describe('what experiments add to a recipe', () => {
  // TOD: the authors' for CIFAR-10; the others are ours, for trainings of a few hundred steps
  it.each([
    ['meanTeacher', 10],
    ['consistency', 10],
    ['temporal', 0.02]
  ] as const)('%s: %d', (unlabelled, weight) => {
    expect(ownWeight[unlabelled]).toBe(weight)
    expect(unlabelledOf({ ...frozenExperiment, unlabelled })).toMatchObject({ kind: unlabelled, weight })
    expect(unlabelledOf({ ...frozenExperiment, unlabelled, unlabelledWeight: 0.5 })!.weight).toBe(weight / 2)
  })
})

describe('methods of pretraining', () => {
  it('are seven, of three families; settings are suggested that do well on small images', () => {
    const facts = Object.entries(methods).map(([name, { family, suggested }]) => {
      const { images, batchSize, learningRate } = suggested
      return [name, family, images, batchSize, learningRate]
    })
    expect(facts).toEqual([
      ['rotation', 'pretext', 20_000, 32, 0.003],
      ['jigsaw', 'pretext', 40_000, 32, 0.001],
      ['instance', 'contrast', 40_000, 32, 0.0003],
      ['simclr', 'contrast', 40_000, 32, 0.001],
      ['moco', 'contrast', 40_000, 32, 0.001],
      ['mocoV2', 'contrast', 40_000, 32, 0.001],
      ['simsiam', 'likeness', 48_000, 32, 0.001]
    ])
    expect(methodNames).toEqual(Object.keys(methods))
  })
  it('look at about as many images, in whole epochs: the nearest, and four at least', () => {
    const epochs = (pool: number) => suggestionFor('simclr', pool).epochs
    // 40,000 images
    expect([2000, 2100, 2600, 6000, 8800, 8900, 20_000].map(epochs)).toEqual([20, 19, 15, 7, 5, 4, 4])
  })
})

describe('what strategies ask for', () => {
  it('consistency: the image itself, moved by a pixel to each side and along the diagonal, and mirrored where that is harmless', () => {
    const moved = [
      [0, 0],
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [1, 1]
    ].map(([dy, dx]) => ({ dy, dx, mirror: false }))
    const asked = (augmentation: Setting['augmentation']) =>
      strategies.consistency.needs({ ...setting, augmentation })
    for (const augmentation of ['none', 'shift'] as const)
      expect(asked(augmentation)).toEqual([{ kind: 'viewVariance', views: moved }])
    const mirrored = { dy: 0, dx: 0, mirror: true }
    expect(asked('flip')).toEqual([{ kind: 'viewVariance', views: [...moved, mirrored] }])
    expect(strategies.consistency.formula).toContain('{(0,0), (±1,0), (0,±1), (1,1)}')
    expect(english.strategies.consistency.cost).toContain('Six or seven passes')
  })
  it('of Monte Carlo dropout: 20 passes', () => {
    for (const id of ['mcEntropy', 'bald', 'variationRatios', 'meanStd'] as const)
      expect(strategies[id].needs(setting)).toEqual([{ kind: 'passes', passes: 20 }])
  })
  it('TOD: what the network says now and what it said a round ago', () => {
    expect(strategies.tod.needs(setting)).toEqual([{ kind: 'probabilities' }, { kind: 'before' }])
  })
})
