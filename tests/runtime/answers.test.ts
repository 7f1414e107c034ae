/** What is known, on its way, missing or damaged: answers by key, before a store that is slow, refuses or says nothing. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Measurement, Pick } from '../../src/core/record.ts'
import { Answers } from '../../src/runtime/answers.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const measurement = (labelCount: number) => ({ labelCount }) as Measurement
const pick = (...picks: number[]): Pick => ({ picks: Uint32Array.from(picks), seconds: 0 })

/** A store whose reads and writes are let go one by one. */
class Held extends MemoryRecords {
  readonly asked: string[][] = []
  private readonly gates: (() => void)[] = []
  private gate = () => new Promise<void>(resolve => this.gates.push(resolve))
  async letGo() {
    await settled()
    for (const open of this.gates.splice(0)) open()
    await settled()
  }
  override async getMeasurements(keys: readonly string[]) {
    this.asked.push([...keys])
    await this.gate()
    return super.getMeasurements(keys)
  }
  override async getPicks(keys: readonly string[]) {
    this.asked.push([...keys])
    await this.gate()
    return super.getPicks(keys)
  }
  override async putMeasurement(key: string, m: Measurement) {
    await this.gate()
    return super.putMeasurement(key, m)
  }
}
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

function answersOn<S extends MemoryRecords>(records: S) {
  const refused: string[] = []
  const known: string[] = []
  const answers = new Answers(
    records,
    reason => refused.push(reason),
    key => known.push(key)
  )
  return { answers, records, refused, known }
}
const fresh = (trainings: string[], queries: Record<string, number> = {}) => ({
  trainings: new Set(trainings),
  queries: new Map(Object.entries(queries))
})

afterEach(() => void vi.useRealTimers())

describe('an answer', () => {
  it('is on its way until it is stored, and known from then on', async () => {
    const { answers, records, known } = answersOn(new Held())
    const stored = answers.keepMeasurement('t', measurement(20))
    expect([answers.isArriving('t'), answers.measurement('t'), known]).toEqual([true, undefined, []])
    // nobody asks the store for it meanwhile
    expect(answers.lookUp(fresh(['t']))).toBeUndefined()
    await records.letGo()
    await stored
    expect([answers.isArriving('t'), answers.measurement('t'), known]).toEqual([
      false,
      measurement(20),
      ['t']
    ])
    expect(records.measurements.get('t')).toEqual(measurement(20))
    await answers.keepPick('q', pick(3, 1))
    expect([answers.pick('q'), records.picks.get('q'), known]).toEqual([pick(3, 1), pick(3, 1), ['t', 'q']])
    // trainings and queries are apart
    expect([answers.pick('t'), answers.measurement('q')]).toEqual([undefined, undefined])
  })

  it('that the store refuses is kept in memory all the same, and said', async () => {
    const { answers, records, refused, known } = answersOn(new MemoryRecords())
    records.refuses = true
    await answers.keepPick('q', pick(1))
    expect([answers.pick('q'), answers.isArriving('q'), refused, known]).toEqual([
      pick(1),
      false,
      ['full'],
      ['q']
    ])
  })

  it('on which the store says nothing counts as refused, after half a minute and not before', async () => {
    vi.useFakeTimers()
    const { answers, refused, known } = answersOn(new Held())
    const kept = answers.keepMeasurement('t', measurement(20))
    await vi.advanceTimersByTimeAsync(29_900)
    expect([refused, known]).toEqual([[], []])
    await vi.advanceTimersByTimeAsync(200)
    await kept
    expect([refused, known]).toEqual([['the store does not answer'], ['t']])
    // nothing is left that would fire
    const other = answersOn(new MemoryRecords())
    await other.answers.keepPick('q', pick(1))
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('looking up', () => {
  it('brings in what the store has, and asks for what it has not only once', async () => {
    const { answers, records, known } = answersOn(new Held())
    records.measurements.set('a', measurement(10))
    records.picks.set('p', pick(4, 5))
    const looking = answers.lookUp(fresh(['a', 'b'], { p: 2, q: 3 }))
    expect(looking).toBeInstanceOf(Promise)
    await records.letGo()
    await looking
    expect([answers.measurement('a'), answers.measurement('b')]).toEqual([measurement(10), undefined])
    expect([answers.pick('p'), answers.pick('q')]).toEqual([pick(4, 5), undefined])
    expect(known).toEqual(['a', 'p'])
    expect(records.asked).toEqual([
      ['a', 'b'],
      ['p', 'q']
    ])
    expect(answers.lookUp(fresh(['b'], { q: 3 }))).toBeUndefined()
    // of others only what is new
    const more = answers.lookUp(fresh(['b', 'c'], { q: 3 }))
    await records.letGo()
    await more
    expect(records.asked.slice(2)).toEqual([['c'], []])
  })

  it('waits for what is being asked at the time, though nothing new is', async () => {
    const { answers, records } = answersOn(new Held())
    records.measurements.set('a', measurement(10))
    void answers.lookUp(fresh(['a']))
    let there = false
    void answers.lookUp(fresh([]))!.then(() => (there = true))
    await settled()
    expect(there).toBe(false)
    await records.letGo()
    expect([there, answers.measurement('a')]).toEqual([true, measurement(10)])
    expect(answers.lookUp(fresh([]))).toBeUndefined()
  })

  it('takes no pick of another length than its query asks for', async () => {
    const { answers, records, known } = answersOn(new MemoryRecords())
    for (const [key, n] of [
      ['short', 1],
      ['whole', 2],
      ['long', 3]
    ] as const)
      records.picks.set(key, pick(...Array.from({ length: n }, (_, i) => i)))
    await answers.lookUp(fresh([], { short: 2, whole: 2, long: 2 }))
    expect(known).toEqual(['whole'])
    expect([answers.pick('short'), answers.pick('long')]).toEqual([undefined, undefined])
  })

  it('leaves what is known by then as it is', async () => {
    const { answers, records, known } = answersOn(new Held())
    records.measurements.set('t', measurement(1))
    const looking = answers.lookUp(fresh(['t']))
    const { putMeasurement } = MemoryRecords.prototype
    records.putMeasurement = (key, m) => putMeasurement.call(records, key, m)
    await answers.keepMeasurement('t', measurement(2))
    records.measurements.set('t', measurement(1))
    await records.letGo()
    await looking
    expect([answers.measurement('t'), known]).toEqual([measurement(2), ['t']])
  })
})
