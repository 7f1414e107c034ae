/** How much goes into a submit, by a clock of the test's own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AIM, Pacer } from '../../src/engine/fast/pacer.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Submits one after the other, of a GPU that takes `cost` milliseconds a unit; their sizes. */
async function sizes(pacer: Pacer, submits: number, cost: number): Promise<number[]> {
  const out: number[] = []
  for (let i = 0; i < submits; i++) {
    const units = pacer.units(Infinity)
    pacer.submitted(units, Promise.resolve())
    vi.advanceTimersByTime(units * cost)
    await pacer.drain()
    out.push(units)
  }
  return out
}

test('submits grow while they are short, up to what fits', async () => {
  const grown = await sizes(new Pacer(0, 100, 1), 9, 1)
  expect(grown.slice(0, 5)).toEqual([1, 2, 4, 8, 16])
  expect(grown[8]).toBeLessThanOrEqual(AIM)
  expect(grown[8]).toBeGreaterThanOrEqual(AIM / 2)
  expect((await sizes(new Pacer(0, 6, 4), 3, 0.1)).at(-1)).toBe(6)
})

test('a submit that takes the GPU too long is followed by shorter ones, down to a single unit', async () => {
  expect(await sizes(new Pacer(0, 100, 14), 3, 25)).toEqual([14, AIM / 25, AIM / 25])
  expect(await sizes(new Pacer(0, 100, 14), 2, 400)).toEqual([14, 1])
})

test("the time until an idle device tells that it is done is not the work's", async () => {
  const told: [number, number][] = []
  const pacer = new Pacer(100, 8, 8, (units, milliseconds) => told.push([units, milliseconds]))
  await sizes(pacer, 2, 15)
  expect(told).toEqual([
    [8, 20],
    [8, 20]
  ])
})
