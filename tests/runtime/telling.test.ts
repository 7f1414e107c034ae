/** When the page is told what is computed, on a clock that is moved by hand and by a page that is slow. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Result } from '../../src/core/result.ts'
import { Telling } from '../../src/runtime/client/telling.ts'
import type { LabEvent, Phase } from '../../src/runtime/client/types.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A page that takes so many milliseconds to draw a result. */
function page(drawing: number) {
  const told: LabEvent['type'][] = []
  const work = { phase: 'running' as Phase }
  const director = {
    result: () => ({}) as Result,
    progress: () => ({ phase: work.phase, trainings: { done: 0, total: 0 }, now: [] })
  }
  const telling = new Telling(director, ({ type }) => {
    told.push(type)
    if (type === 'result') vi.advanceTimersByTime(drawing)
  })
  const count = (type: LabEvent['type']) => told.filter(t => t === type).length
  /** ten answers, one every 50 ms */
  const work10 = () => {
    for (let i = 0; i < 10; i++) {
      telling.soon()
      vi.advanceTimersByTime(50)
    }
  }
  return { told, work, telling, count, work10 }
}

it('one that draws quickly is told the result whenever it is told the progress', () => {
  const { work10, count } = page(10)
  work10()
  expect(count('result')).toBe(count('progress'))
  expect(count('result')).toBeGreaterThan(3)
})

it('one that draws slowly is left alone for a while, but knows the progress', () => {
  const { work10, count } = page(1000)
  work10()
  expect(count('result')).toBe(1)
  expect(count('progress')).toBeGreaterThan(3)
  // also where nothing more happens
  vi.advanceTimersByTime(3000)
  expect(count('result')).toBe(2)
})

it('what has come to rest is told at once, and whole', () => {
  const { work10, work, telling, told } = page(1000)
  work10()
  told.length = 0
  work.phase = 'finished'
  telling.soon()
  vi.advanceTimersByTime(100)
  expect(told).toEqual(['result', 'progress'])
})

it('and so is what was asked for', () => {
  const { work10, telling, told } = page(1000)
  work10()
  told.length = 0
  telling.now()
  expect(told).toEqual(['result', 'progress'])
})
