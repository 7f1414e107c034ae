/** What workers are told when they are opened: that of the view that is there, and nothing of one that has gone. And what comes of those that do not open. */
import { expect, it, vi } from 'vitest'
import type { View } from '../../src/core/view.ts'
import { hop } from '../../src/runtime/hop.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { Workers } from '../../src/runtime/workerLife.ts'

const deaf = { ready: () => {}, refused: () => {}, received: () => {}, gone: () => {}, deserted: () => {} }

/** A worker that opens at once, and can be made to say more. */
function willing({ heard = (_type: ToWorker['type']): unknown => undefined } = {}) {
  let answer: (message: FromWorker) => void
  const description = { backend: 'cpu', numericsId: 'n', detail: '', stepMilliseconds: 1 } as const
  const port: WorkerPort<ToWorker, FromWorker> = {
    post: message => {
      heard(message.type)
      if (message.type === 'open') queueMicrotask(() => answer({ type: 'opened', description }))
    },
    listen: receive => void (answer = receive),
    onFailure: () => {},
    terminate: () => {}
  }
  return { port, say: (message: FromWorker) => answer(message) }
}

it('an encoder and features are known as long as their view, also to workers that come later', async () => {
  const told: ToWorker['type'][][] = []
  const workers = new Workers(() => {
    const mine: ToWorker['type'][] = []
    told.push(mine)
    let answer: (message: FromWorker) => void
    return {
      post: message => {
        mine.push(message.type)
        if (message.type !== 'open') return
        const description = { backend: 'cpu', numericsId: 'n', detail: '', stepMilliseconds: 1 } as const
        queueMicrotask(() => answer({ type: 'opened', description }))
      },
      listen: receive => void (answer = receive),
      onFailure: () => {},
      terminate: () => {}
    }
  }, deaf)
  const features = { key: 'f', features: { size: 1, values: new Float32Array(1) } }
  await workers.open('cpu', 1)
  workers.setView({} as View)
  workers.setEncoder({ key: 'e', weights: new Float32Array(1) })
  workers.setFeatures(features)
  workers.setFeatures(features)
  await workers.open('cpu', 1)
  workers.setView({} as View)
  await workers.open('cpu', 1)
  workers.setFeatures(features)
  await vi.waitFor(() => expect(workers.slots.every(slot => workers.isTold(slot))).toBe(true))
  workers.close()
  await workers.open('cpu', 1)
  expect(told).toEqual([
    ['open', 'view', 'encoder', 'features', 'view', 'features'],
    ['open', 'view', 'encoder', 'features', 'view', 'features'],
    ['open', 'view', 'features'],
    ['open']
  ])
})

it('workers are told of a view one after the other, and then of what came meanwhile, also where timers stand still', async () => {
  vi.useFakeTimers()
  const told: ToWorker['type'][][] = []
  let ready = 0
  const workers = new Workers(
    () => {
      const mine: ToWorker['type'][] = []
      told.push(mine)
      return willing({ heard: type => type !== 'open' && mine.push(type) }).port
    },
    { ...deaf, ready: () => void ready++ }
  )
  await workers.open('cpu', 3)
  await Promise.resolve()
  expect(workers.slots).toHaveLength(3)
  ready = 0
  workers.setView({} as View)
  workers.setEncoder({ key: 'e', weights: new Float32Array(1) })
  expect(told).toEqual([['view', 'encoder'], [], []])
  expect(workers.slots.map(slot => workers.isTold(slot))).toEqual([true, false, false])
  while (ready === 0) await hop()
  expect(told).toEqual([['view', 'encoder'], ['view', 'encoder'], []])
  expect(ready).toBe(1)
  // another view before all know this one
  workers.setView({} as View)
  while (ready < 3) await hop()
  expect(told).toEqual([['view', 'encoder', 'view'], ['view', 'encoder', 'view'], ['view']])
  vi.useRealTimers()
})

it('a worker that never answers cannot be opened, and is ended', async () => {
  vi.useFakeTimers()
  let ended = 0
  const workers = new Workers(
    () => ({ post: () => {}, listen: () => {}, onFailure: () => {}, terminate: () => void ended++ }),
    deaf
  )
  const opening = expect(workers.open('webgpu', 1)).rejects.toMatchObject({ code: 'workerFailed' })
  await vi.advanceTimersByTimeAsync(600_000)
  await opening
  expect(ended).toBe(1)
  vi.useRealTimers()
})

it('a GPU that a sleeping computer takes away is opened again each time; one that is lost at once is not', async () => {
  vi.useFakeTimers()
  for (const [minutes, losses] of [
    [5, 20],
    [0, 4]
  ]) {
    const made: ReturnType<typeof willing>[] = []
    let given = false
    const workers = new Workers(() => made[made.push(willing()) - 1].port, {
      ...deaf,
      deserted: () => (given = true)
    })
    await workers.open('webgpu', 1)
    for (let i = 1; i <= losses; i++) {
      expect([made.length, given]).toEqual([i, false])
      await vi.advanceTimersByTimeAsync(60_000 * minutes)
      made.at(-1)!.say({ type: 'lost', reason: 'asleep' })
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(given).toBe(minutes === 0)
    workers.close()
  }
  vi.useRealTimers()
})

it('a device that is lost while its worker opens is not taken in, whatever the worker says then', async () => {
  let ended = 0
  const { port, say } = willing()
  const workers = new Workers(
    () => ({
      ...port,
      post: message => {
        if (message.type === 'open') say({ type: 'lost', reason: 'gone' })
        port.post(message)
      },
      terminate: () => void ended++
    }),
    deaf
  )
  await expect(workers.open('webgpu', 1)).rejects.toMatchObject({ code: 'lost' })
  expect([workers.slots.length, ended]).toEqual([0, 1])
})
