import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expPortable, logPortable } from '../../src/core/numeric/portable.ts'
import { evenly } from '../support/evenly.ts'

function close(got: number, expected: number): void {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(4e-16 * Math.abs(expected) + 5e-324)
}

test('exp is that of Math.exp to the last place', () => {
  fc.assert(
    fc.property(fc.oneof(evenly(-745, 709), fc.double({ min: -745, max: 709, noNaN: true })), x =>
      close(expPortable(x), Math.exp(x))
    )
  )
})

test('log is that of Math.log to the last place', () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), x =>
      close(logPortable(x), Math.log(x))
    )
  )
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), x => close(logPortable(x), Math.log(x)))
  )
})

test('the ends of the line', () => {
  expect(expPortable(0)).toBe(1)
  expect(expPortable(-Infinity)).toBe(0)
  expect(expPortable(Infinity)).toBe(Infinity)
  expect(expPortable(NaN)).toBeNaN()
  expect(expPortable(-745.1)).toBe(5e-324)
  expect(logPortable(1)).toBe(0)
  expect(logPortable(0)).toBe(-Infinity)
  expect(logPortable(Infinity)).toBe(Infinity)
  expect(logPortable(-1)).toBeNaN()
  expect(logPortable(NaN)).toBeNaN()
})
