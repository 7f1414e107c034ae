import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recipeOf } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { canonical, hashBytes, hashKey, queryKey, recipeKey, trainingKey } from '../../src/core/keys.ts'
import { carriesState } from '../../src/core/recipe.ts'
import { selectionOf } from '../../src/core/selection.ts'
import type { Selector } from '../../src/core/selector.ts'

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
/** What a key of this text is. */
const keyOf = (text: string) => sha256(text).slice(0, 32)

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
    const whole = sha256('{"a":"ä"}')
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

describe('a key holds every ingredient of what it names, and equal ingredients give equal keys', () => {
  const labelled = Uint32Array.of(1, 5, 9)
  const recipe = recipeOf(frozenExperiment)

  it('trainings: view, recipe, seed, labelled set, numerics, and the training before', () => {
    const of = { view: 'v', recipe, seed: 3, labelled, numericsId: 'wasm-1' }
    const rows = sha256(new Uint8Array(labelled.buffer))
    const text = `{"labelled":"${rows}","n":3,"numerics":"wasm-1","recipe":${canonical(recipe)},"seed":3,"training":1,"view":"v"}`
    expect(trainingKey(of)).toBe(keyOf(text))
    expect(trainingKey({ ...of, after: 'k' })).toBe(keyOf(`{"after":"k",${text.slice(1)}`))
    // a part of a longer array is the set that it holds
    expect(trainingKey({ ...of, labelled: Uint32Array.of(0, 1, 5, 9, 12).subarray(1, 4) })).toBe(
      trainingKey(of)
    )
  })

  it('queries: training, strategy, version, features, rows, k, stage, and the training before', () => {
    const base = { id: 's', version: 2 }
    const text = '"k":5,"query":1,"rows":"unlabelled"'
    const rest = '"strategy":"s","training":"t","version":2'
    expect(queryKey('t', base, [], 5)).toBe(keyOf(`{${text},${rest}}`))
    expect(queryKey('t', base, ['pixels@1', 'encoder@2:e'], 5)).toBe(
      keyOf(`{"bases":["pixels@1","encoder@2:e"],${text},${rest}}`)
    )
    expect(queryKey('t', base, [], 5, { round: 1, rounds: 6 }, 'b')).toBe(
      keyOf(`{"before":"b",${text},"stage":{"round":1,"rounds":6},${rest}}`)
    )
  })

  it('initial sets: view, selector, version, features, size, the seed where it draws, and the rounds where it counts them', () => {
    const selector: Selector = { id: 'x', version: 3, source: '', nested: true, select: ({ order }) => order }
    const of = (change: Partial<Selector>, origins?: object) =>
      selectionOf('v', { ...selector, ...change }, 4, 20, 6, origins)
    const rest = '"seed":4,"selection":1,"selector":"x","size":20,"version":3,"view":"v"'
    expect(of({ bases: ['pixels'] })).toEqual({
      key: keyOf(`{"basis":"pixels@1",${rest}}`),
      selector: 'x',
      seed: 4,
      size: 20,
      bases: { pixels: 'pixels@1' }
    })
    // one that stands on nothing names nothing
    expect(of({})).toMatchObject({ key: keyOf(`{${rest}}`), bases: {} })
    expect(of({ fixed: true, bases: ['pixels'] }).key).toBe(
      keyOf(`{"basis":"pixels@1",${rest.slice('"seed":4,'.length)}}`)
    )
    const staged = of({ staged: true, bases: ['pretextLoss', 'encoder'] }, { pretextLoss: 'r', encoder: 'e' })
    expect(staged.rounds).toBe(6)
    expect(staged.key).toBe(keyOf(`{"basis":["pretextLoss@1:r","encoder@2:e"],"rounds":6,${rest}}`))
  })

  it('recipes, for trainings that run together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (a, b) => {
        const [one, another] = [a, b].map(epochs => recipeOf({ ...frozenExperiment, epochs }))
        expect(recipeKey(one)).toBe(keyOf(canonical(one)))
        expect(recipeKey(one) === recipeKey(another)).toBe(a === b)
      }),
      { numRuns: 20 }
    )
    const object = recipeOf(frozenExperiment)
    expect([recipeKey(object), recipeKey(object)]).toEqual([
      keyOf(canonical(object)),
      keyOf(canonical(object))
    ])
  })
})
