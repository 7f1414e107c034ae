import { describe, expect, it } from 'vitest'
import { Pace } from '../../src/runtime/pace.ts'

/** A tenth of a second a step, a second for the test. */
function timed(): Pace {
  const pace = new Pace()
  pace.timed(10, 1, 1)
  return pace
}

/** Trainings of so many steps, one of each. */
const of = (...steps: number[]) => steps.map(each => ({ steps: each, count: 1 }))

describe('the time that is left', () => {
  it('is not known before something was timed, or when the pace has changed', () => {
    const pace = new Pace()
    expect(pace.predict(of(10), 0, 1)).toBeUndefined()
    pace.timed(10, 1, 1)
    pace.reset()
    expect(pace.predict(of(10), 0, 1)).toBeUndefined()
  })
  it('is that of all trainings, less what is done of those under way', () => {
    expect(timed().predict(of(10, 20), 0, 1)).toBeCloseTo(1 + 2 + 2)
    expect(timed().predict(of(10, 20), 5, 1)).toBeCloseTo(4.5)
    expect(timed().predict(of(), 0, 4)).toBe(0)
    expect(timed().predict(of(10), 500, 1)).toBe(0)
  })
  it('knows that queries take time', () => {
    const pace = timed()
    pace.asked(3)
    expect(pace.predict(of(10), 0, 1)).toBeCloseTo(5)
  })
  it('is shared by workers, of which all but one have nothing to do while the longest ends', () => {
    // two, two and two side by side
    expect(timed().predict(of(10, 10, 10, 10, 10, 10), 0, 2)).toBeCloseTo(6)
    expect(timed().predict(of(10, 10, 10, 10, 10, 10), 0, 16)).toBeCloseTo(2)
    // the ceiling is begun when one of two is free, and takes another 21 seconds
    expect(timed().predict(of(200, 10, 10, 10, 10), 0, 2)).toBeCloseTo(4 + 21)
    expect(timed().predict(of(200), 150, 2)).toBeCloseTo(6)
    // ten of their steps are done, five by each
    expect(timed().predict(of(10, 10, 10, 10), 10, 2)).toBeCloseTo(3.5)
  })
  it('is the same whether they are named one by one or counted', () => {
    const counted = [
      { steps: 40, count: 3 },
      { steps: 10, count: 5 },
      { steps: 20, count: 8 }
    ]
    const named = counted.flatMap(({ steps, count }) => of(...Array<number>(count).fill(steps)))
    for (const workers of [1, 2, 3, 4, 7, 16])
      expect(timed().predict(counted, 9, workers)).toBeCloseTo(timed().predict(named, 9, workers)!)
  })
  it('follows the last timings, not one that was odd', () => {
    const pace = timed()
    for (let i = 0; i < 8; i++) pace.timed(10, 2, 0)
    pace.timed(10, 500, 90)
    expect(pace.predict(of(10), 0, 1)).toBeCloseTo(2)
  })
  it('takes the one in the middle, in whatever order they came', () => {
    for (const seconds of [
      [9, 1, 5],
      [5, 9, 1],
      [1, 5, 9]
    ]) {
      const pace = new Pace()
      for (const s of seconds) pace.timed(10, s, 0)
      expect(pace.predict(of(10), 0, 1)).toBeCloseTo(5)
    }
  })
  it('forgets how it was long ago', () => {
    const pace = new Pace()
    const go = (times: number, seconds: number) => {
      for (let i = 0; i < times; i++) {
        pace.timed(10, seconds, seconds)
        pace.asked(seconds)
      }
    }
    go(40, 1)
    go(15, 5)
    expect(pace.predict(of(10), 0, 1)).toBeCloseTo(15)
    pace.reset()
    pace.timed(10, 1, 1)
    expect(pace.predict(of(10), 0, 1)).toBeCloseTo(2)
  })
})
