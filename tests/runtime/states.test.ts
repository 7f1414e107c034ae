import { expect, it } from 'vitest'
import { States } from '../../src/runtime/states.ts'

it('weights are kept as long as they fit, the oldest dropped first', () => {
  const states = new States(10)
  const weights = (n: number) => new Float32Array(n).fill(n)
  states.keep('a', weights(4))
  states.keep('b', weights(5))
  states.keep('a', weights(4))
  expect(states.of('a')).toEqual(weights(4))
  states.keep('c', weights(3))
  expect(states.of('a')).toBeUndefined()
  expect(states.of('b')).toEqual(weights(5))
  expect(states.of('c')).toEqual(weights(3))
})

it('they may fill all there is; what is larger than that is not kept', () => {
  const states = new States(10)
  states.keep('a', new Float32Array(6))
  states.keep('b', new Float32Array(4))
  expect([states.of('a'), states.of('b')].map(weights => weights?.length)).toEqual([6, 4])
  states.keep('c', new Float32Array(11))
  expect(['a', 'b', 'c'].map(key => states.of(key))).toEqual([undefined, undefined, undefined])
  states.keep('d', new Float32Array(10))
  expect(states.of('d')).toHaveLength(10)
})
