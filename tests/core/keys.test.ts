import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { canonical, hashBytes, hashKey, trainingKey } from '../../src/core/keys.ts'
import { carriesState } from '../../src/core/recipe.ts'

describe('the text that is hashed', () => {
  it('is JSON with its members in order, without those that are undefined, and typed arrays as plain ones', () => {
    const value = {
      b: [true, false, null, 'ä"\n', -0.5, 1e21],
      a: { z: Uint32Array.of(7, 0), y: new Float32Array([0.5, -1]), x: undefined },
      C: [],
      '': {}
    }
    expect(canonical(value)).toBe(
      '{"":{},"C":[],"a":{"y":[0.5,-1],"z":[7,0]},"b":[true,false,null,"ä\\"\\n",-0.5,1e+21]}'
    )
    expect(canonical({ b: 1, a: 2 })).toBe(canonical({ a: 2, b: 1 }))
  })

  it('has no place for what JSON would make null or nothing of', () => {
    for (const value of [NaN, Infinity, -Infinity, { deep: [NaN] }])
      expect(() => canonical(value)).toThrow(RangeError)
    for (const value of [undefined, [undefined], () => 1, Symbol('x'), 1n])
      expect(() => canonical(value)).toThrow(TypeError)
  })

  it('is hashed to the first half of its SHA-256', () => {
    const whole = createHash('sha256').update('{"a":"ä"}', 'utf8').digest('hex')
    expect(hashKey({ a: 'ä' })).toBe(whole.slice(0, 32))
    expect(hashBytes(new TextEncoder().encode('{"a":"ä"}'))).toBe(whole)
  })
})

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
