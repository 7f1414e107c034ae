import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classLoss,
  infoNce,
  instanceLoss,
  negativeCosine,
  ntXent,
  updateBank
} from '../../src/core/pretraining/losses.ts'
import { unitRows } from '../../src/core/numeric/unit.ts'
import * as slow from './slow.ts'
import { evenly } from '../support/evenly.ts'

describe('T18: hand-computed losses', () => {
  it('NT-Xent of two identical pairs that are orthogonal to each other, at 0.5', () => {
    expect(ntXent([1, 0, 0, 1, 1, 0, 0, 1], 2, 0.5).loss).toBeCloseTo(0.239545, 6)
  })
  it('InfoNCE and the memory bank: one right, one orthogonal, one opposite, at 0.5', () => {
    const others = Float64Array.of(0, 1, -1, 0)
    expect(infoNce([1, 0], Float64Array.of(1, 0), others, 2, 0.5).loss).toBeCloseTo(0.142932, 6)
    expect(instanceLoss([1, 0], [0], Float64Array.of(1, 0, ...others), 2, 0.5).loss).toBeCloseTo(0.142932, 6)
  })
  it('the negative cosine of (1, 1) and (1, 0)', () => {
    expect(negativeCosine([1, 1], [1, 0], 2).loss).toBeCloseTo(-0.707107, 6)
  })
  it('a row of the bank moves half-way and back to length 1', () => {
    const bank = Float64Array.of(1, 0, 0, 1)
    updateBank(bank, [1], [3, 0], 2, 0.5)
    expect([...bank].map(v => +v.toFixed(6))).toEqual([1, 0, 0.707107, 0.707107])
  })
})

const value = evenly(-2, 2)
/** rows of the given number and size, none of them near zero */
const rows = (count: number, size: number) =>
  fc
    .array(value, { minLength: count * size, maxLength: count * size })
    .map(values => values.map((v, i) => (i % size ? v : v < 0 ? v - 0.3 : v + 0.3)))
const temperature = fc.constantFrom(0.07, 0.1, 0.2, 0.5, 1)

function agree(
  { loss, gradient }: { loss: number; gradient: Float32Array },
  expected: (x: Float64Array) => number,
  at: number[]
) {
  expect(Math.abs(loss - expected(Float64Array.from(at)))).toBeLessThan(1e-9 * Math.max(1, Math.abs(loss)))
  const numeric = slow.differences(expected, at)
  const scale = Math.max(1e-3, ...numeric.map(Math.abs))
  numeric.forEach((g, i) => expect(Math.abs(gradient[i] - g) / scale).toBeLessThan(1e-5))
}

describe('losses and gradients against their definitions and finite differences', () => {
  const shape = fc.record({ n: fc.integer({ min: 1, max: 4 }), size: fc.integer({ min: 2, max: 6 }) })
  const runs = { numRuns: 300 }

  it('NT-Xent', () => {
    const cases = shape.chain(({ n, size }) => fc.tuple(rows(2 * n, size), fc.constant(size), temperature))
    fc.assert(
      fc.property(cases, ([z, size, t]) =>
        agree(ntXent(z, size, t), x => slow.ntXent(slow.rowsOf(x, size), t), z)
      ),
      runs
    )
  })

  it('InfoNCE with a queue: no gradient but the queries own', () => {
    const cases = shape.chain(({ n, size }) =>
      fc.tuple(rows(n, size), rows(n, size), rows(5, size), fc.constant(size), temperature)
    )
    fc.assert(
      fc.property(cases, ([q, k, queue, size, t]) =>
        agree(
          infoNce(q, unitRows(k, size).rows, unitRows(queue, size).rows, size, t),
          x => slow.infoNce(slow.rowsOf(x, size), slow.rowsOf(k, size), slow.rowsOf(queue, size), t),
          q
        )
      ),
      runs
    )
  })

  it('instance discrimination over the whole bank', () => {
    const cases = shape.chain(({ n, size }) =>
      fc.tuple(
        rows(n, size),
        fc.array(fc.nat(6), { minLength: n, maxLength: n }),
        rows(7, size),
        fc.constant(size),
        temperature
      )
    )
    fc.assert(
      fc.property(cases, ([v, ids, bank, size, t]) =>
        agree(
          instanceLoss(v, ids, unitRows(bank, size).rows, size, t),
          x => slow.instance(slow.rowsOf(x, size), ids, slow.rowsOf(bank, size), t),
          v
        )
      ),
      runs
    )
  })

  it('the negative cosine: targets are stopped', () => {
    const cases = shape.chain(({ n, size }) => fc.tuple(rows(n, size), rows(n, size), fc.constant(size)))
    fc.assert(
      fc.property(cases, ([p, z, size]) =>
        agree(
          negativeCosine(p, z, size),
          x => slow.negativeCosine(slow.rowsOf(x, size), slow.rowsOf(z, size)),
          p
        )
      ),
      runs
    )
  })

  it('cross-entropy of classes', () => {
    const cases = shape.chain(({ n, size }) =>
      fc.tuple(rows(n, size), fc.array(fc.nat(size - 1), { minLength: n, maxLength: n }), fc.constant(size))
    )
    fc.assert(
      fc.property(cases, ([z, labels, size]) =>
        agree(classLoss(z, labels, size), x => slow.classes(slow.rowsOf(x, size), labels), z)
      ),
      runs
    )
  })

  it('stay finite for rows of zeros and for sharp temperatures', () => {
    const zeros = new Float32Array(8)
    for (const { loss, gradient } of [
      ntXent(zeros, 2, 0.5),
      negativeCosine(zeros, zeros, 2),
      ntXent([1, 0, -1, 0, 1, 1e-9, -1, 0], 2, 1e-3)
    ]) {
      expect(loss).toBeLessThan(Infinity)
      expect(gradient.every(Number.isFinite)).toBe(true)
    }
  })
})
