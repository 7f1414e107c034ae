import { describe, expect, it } from 'vitest'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { trainingKey } from '../../src/core/keys.ts'
import { carriesState } from '../../src/core/recipe.ts'

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
  })

  it('differ by whatever a recipe does, and by the training it goes on from', () => {
    const semi: Partial<typeof frozenExperiment> = { unlabelled: 'meanTeacher' }
    const keys = [
      ...[key(), key({ mode: 'warm' }), key({ classWeights: 'balanced' }), key({ mode: 'warm' }, 'k')],
      ...[key(semi), key({ unlabelled: 'temporal' }), key({ ...semi, unlabelledRatio: 2 })],
      ...[key({ ...semi, unlabelledWeight: 2 }), key({ ...semi, unlabelledRampUp: 0.5 })],
      key({ ...semi, unlabelledDecay: 0.9 })
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(carriesState(recipeOf({ ...frozenExperiment, mode: 'warm' }))).toBe(true)
    expect(carriesState(recipeOf({ ...frozenExperiment, classWeights: 'balanced' }))).toBe(false)
  })

  it('are the plain ones where unlabelled images count nothing', () => {
    expect(key({ unlabelled: 'consistency', unlabelledWeight: 0 })).toBe(key())
    const linear: Partial<typeof frozenExperiment> = { mode: 'linear' }
    expect(key({ ...linear, unlabelled: 'consistency' })).toBe(key(linear))
  })
})
