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
