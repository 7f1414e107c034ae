import { describe, expect, it } from 'vitest'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { trainingKey } from '../../src/core/keys.ts'
import { carriesState, isPlain } from '../../src/core/recipe.ts'

describe('training keys', () => {
  const key = (change: Partial<typeof frozenExperiment> = {}, after?: string) =>
    trainingKey({
      view: 'v',
      recipe: recipeOf({ ...frozenExperiment, ...change }),
      seed: 3,
      labelled: Uint32Array.of(1, 5, 9),
      numericsId: 'wasm-f132908af0e9',
      after
    })

  it('of the plain law are what they were before recipes could do more', () => {
    expect(key()).toBe('2caff855ffd2cd870608fad07fa9262d')
    expect(isPlain(recipeOf(frozenExperiment))).toBe(true)
  })

  it('differ by whatever a recipe does, and by the training it goes on from', () => {
    const keys = [key(), key({ mode: 'warm' }), key({ classWeights: 'balanced' }), key({ mode: 'warm' }, 'k')]
    expect(new Set(keys).size).toBe(keys.length)
    expect(carriesState(recipeOf({ ...frozenExperiment, mode: 'warm' }))).toBe(true)
    expect(carriesState(recipeOf({ ...frozenExperiment, classWeights: 'balanced' }))).toBe(false)
    expect(isPlain(recipeOf({ ...frozenExperiment, classWeights: 'balanced' }))).toBe(false)
  })
})
