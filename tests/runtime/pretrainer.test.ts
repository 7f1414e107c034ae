/** What the worker that pretrains says of its work, and when, by a clock that only work and pauses move; and what the page makes of it. */
import { expect, it, vi } from 'vitest'
import type { Pretraining } from '../../src/core/pretraining/settings.ts'
import type { Snapshot, Unfinished } from '../../src/core/pretraining/snapshot.ts'
import type { Pretrainer } from '../../src/engine/pretraining/open.ts'
import type { FromPretrainer, ToPretrainer } from '../../src/runtime/pretraining/protocol.ts'
import { Encoders } from '../../src/runtime/pretraining/encoders.ts'
import { servePretraining } from '../../src/runtime/pretraining/serve.ts'
import { memoryStore } from '../../src/store/index.ts'
import { fakeView } from '../support/fakeEngine.ts'

const view = fakeView(40, 10)
const pretraining: Pretraining = {
  method: 'simclr',
  network: { channels: [2], hidden: 4 },
  likeness: 'signs',
  epochs: 6,
  batchSize: 4,
  seed: 0
}
const identity = { key: 'k', numericsId: 'n' }
const weights = new Float32Array(1)
const snapshot = { epoch: 1 } as Snapshot

/** A worker whose pretraining is this; what it has said, and how it is told. */
function serving(
  work: (demand: Parameters<Pretrainer['pretrain']>[2], pass: (ms: number) => void) => Promise<void>
) {
  let time = 1e6
  let opened = 0
  const pass = (milliseconds: number) => void (time += milliseconds)
  const said: FromPretrainer[] = []
  let tell: (message: ToPretrainer) => void = () => {}
  const pretrainer: Pretrainer = {
    numericsId: 'n',
    keyOf: () => ({ key: 'k', images: 'i' }),
    async pretrain(_view, _pretraining, demand) {
      await work(demand, pass)
      return { ...identity, weights, reports: [] }
    },
    represent: async () => ({ size: 1, values: new Float32Array(40) })
  }
  servePretraining(
    { post: message => said.push(message), listen: receive => void (tell = receive) },
    {
      open: async () => {
        opened++
        return pretrainer
      },
      now: () => time,
      hop: async () => {}
    }
  )
  const turns = async () => {
    for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve))
  }
  tell({ type: 'key', view, pretraining })
  const of = <T extends FromPretrainer['type']>(type: T) =>
    said.filter((message): message is Extract<FromPretrainer, { type: T }> => message.type === type)
  return {
    pass,
    of,
    opened: () => opened,
    tell: (message: ToPretrainer) => {
      tell(message)
      return turns()
    }
  }
}

it('tells how far it is, as often as one can read', async () => {
  const { of, tell } = serving(async ({ check }, pass) => {
    for (let step = 0; step < 10; step++) {
      await check!(step, 10)
      pass(100)
    }
  })
  await tell({ type: 'start', gpu: false })
  expect(of('progress').map(({ step, steps }) => [step, steps])).toEqual(
    [0, 2, 4, 6, 8].map(step => [step, 10])
  )
})

it('counts the seconds of work, with those before it was interrupted, and not those of a pause', async () => {
  const secondsFrom = async (from?: Unfinished) => {
    const { of, tell, pass } = serving(async ({ check }, pass) => {
      for (const seconds of [1, 2, 4]) {
        pass(1000 * seconds)
        await check!(0, 3)
      }
      pass(8000)
    })
    await tell({ type: 'suspend' })
    await tell({ type: 'start', gpu: false, from })
    // once more, as one may say
    await tell({ type: 'suspend' })
    pass(600_000)
    await tell({ type: 'resume' })
    return of('done').map(({ seconds }) => seconds)
  }
  expect(await secondsFrom()).toEqual([15])
  const stood: Unfinished = { ...identity, pretraining, images: 'i', seconds: 100, snapshot }
  expect(await secondsFrom(stood)).toEqual([115])
  // of other arithmetic: it began anew
  expect(await secondsFrom({ ...stood, key: 'another' })).toEqual([15])
})

it('keeps where it stands at the end of an epoch, every ten seconds', async () => {
  let taken = 0
  const { of, tell } = serving(async ({ keep }, pass) => {
    for (let epoch = 1; epoch < 7; epoch++) {
      pass(4000)
      await keep!(identity, async () => {
        taken++
        return { ...snapshot, epoch }
      })
    }
  })
  await tell({ type: 'start', gpu: false })
  const kept = of('unfinished').map(({ unfinished }) => unfinished)
  expect(kept.map(({ seconds, snapshot: { epoch } }) => [epoch, seconds])).toEqual([
    [3, 12],
    [6, 24]
  ])
  expect(kept[0]).toMatchObject({ ...identity, pretraining, images: 'i' })
  // a snapshot reads a GPU's memory: none is taken in vain
  expect(taken).toBe(2)
})

it('says what went wrong by its code, where it has one', async () => {
  for (const [error, code] of [
    [Object.assign(new Error('not a number'), { code: 'diverged' }), 'diverged'],
    [Object.assign(new Error('aborted'), { code: 20 }), 'pretrainingFailed'],
    [new Error('no luck'), 'pretrainingFailed']
  ] as const) {
    const { of, tell } = serving(() => Promise.reject(error))
    await tell({ type: 'start', gpu: false })
    expect(of('failed').map(told => told.code)).toEqual([code])
    expect(of('failed')[0].message).toContain(error.message)
  }
})

it('opens what it pretrains with once, whatever it is asked', async () => {
  const { of, opened, tell } = serving(async () => {})
  await tell({ type: 'represent', view, pretraining, weights })
  await tell({ type: 'key', view, pretraining })
  await tell({ type: 'start', gpu: false })
  expect([of('keyed').length, of('represented').length, of('done').length, opened()]).toEqual([2, 1, 1, 1])
})

it('what is left is estimated by the pace since it was started or resumed, or began anew', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  let say: (message: FromPretrainer) => void = () => {}
  const encoders = new Encoders({
    createWorker: () => ({
      post: () => {},
      listen: receive => void (say = receive),
      onFailure: () => {},
      terminate: () => {}
    }),
    store: memoryStore().encoders,
    changed: () => {},
    refused: () => {}
  })
  encoders.get(view, pretraining).catch(() => {})
  say({ type: 'keyed', key: 'k', images: 'i' })
  await vi.waitFor(() => expect(encoders.status.phase).toBe('running'))
  const after = (seconds: number, step: number) => {
    vi.advanceTimersByTime(1000 * seconds)
    say({ type: 'progress', step, steps: 100 })
    const { steps, secondsLeft } = encoders.status
    expect([encoders.status.step, steps]).toEqual([step, 100])
    return secondsLeft
  }
  // the first steps of all may be slow
  expect(after(60, 10)).toBeUndefined()
  expect(after(1, 15)).toBeUndefined()
  expect(after(2, 40)).toBeCloseTo(60 * (3 / 30), 9)
  expect(after(3, 50)).toBeCloseTo(50 * (6 / 40), 9)
  encoders.pause()
  expect(encoders.status.secondsLeft).toBeUndefined()
  // the step that it was at
  expect(after(1, 51)).toBeUndefined()
  vi.advanceTimersByTime(1e6)
  encoders.resume()
  await vi.waitFor(() => expect(encoders.status.phase).toBe('running'))
  expect(after(5, 52)).toBeUndefined()
  expect(after(2, 62)).toBeCloseTo(38 * (2 / 10), 9)
  // a GPU that was lost
  expect(after(2, 0)).toBeUndefined()
  expect(after(2, 0)).toBeUndefined()
  expect(after(2, 20)).toBeCloseTo(80 * (4 / 20), 9)
  encoders.cancel()
  vi.useRealTimers()
})
