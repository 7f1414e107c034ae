/** What workers are told when they are opened: that of the view that is there, and nothing of one that has gone. And what comes of those that do not open. */
import { expect, it, vi } from 'vitest'
import type { View } from '../../src/core/view.ts'
import { hop } from '../../src/runtime/hop.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { Workers } from '../../src/runtime/workerLife.ts'

const deaf = { ready: () => {}, refused: () => {}, received: () => {}, gone: () => {}, deserted: () => {} }

/** A worker that opens at once, and can be made to say more, or to die. */
function willing({ heard = (_message: ToWorker): unknown => undefined, numericsId = 'n' } = {}) {
  let answer: (message: FromWorker) => void
  let fail: (reason: string) => void = () => {}
  let ended = false
  const description = { backend: 'cpu', numericsId, detail: '', stepMilliseconds: 1 } as const
  const port: WorkerPort<ToWorker, FromWorker> = {
    post: message => {
      heard(message)
      if (message.type === 'open') queueMicrotask(() => answer({ type: 'opened', description }))
    },
    listen: receive => void (answer = receive),
    onFailure: failed => void (fail = failed),
    terminate: () => void (ended = true)
  }
  return {
    port,
    say: (message: FromWorker) => answer(message),
    die: () => fail('out of memory'),
    ended: () => ended
  }
}

/** A worker of which nothing is heard until it is made to say something. */
function silent() {
  const worker = willing()
  return { ...worker, port: { ...worker.port, post: () => {} } }
}

const turns = async () => {
  for (let i = 0; i < 5; i++) await hop()
}

it('an encoder and features are known as long as their view, also to workers that come later', async () => {
  const told: string[][] = []
  const workers = new Workers(() => {
    const mine: string[] = []
    told.push(mine)
    const heard = (message: ToWorker) =>
      mine.push(message.type === 'features' ? `features ${message.given.key}` : message.type)
    return willing({ heard }).port
  }, deaf)
  const features = (key: string) => ({ key, features: { size: 1, values: new Float32Array(1) } })
  await workers.open('cpu', 1)
  workers.setView({} as View)
  workers.setEncoder({ key: 'e', weights: new Float32Array(1) })
  workers.setFeatures(features('f'))
  workers.setFeatures(features('f'))
  await workers.open('cpu', 1)
  workers.setView({} as View)
  await workers.open('cpu', 1)
  workers.setFeatures(features('g'))
  workers.setEncoder({ key: 'h', weights: new Float32Array(1) })
  await vi.waitFor(() => expect(workers.slots.every(slot => workers.isTold(slot))).toBe(true))
  workers.close()
  await workers.open('cpu', 1)
  expect(told).toEqual([
    ['open', 'view', 'encoder', 'features f', 'view', 'features g', 'encoder'],
    ['open', 'view', 'encoder', 'features f', 'view', 'encoder', 'features g'],
    ['open', 'view', 'features g', 'encoder'],
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
      return willing({ heard: ({ type }) => type !== 'open' && mine.push(type) }).port
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
      const lost = made.at(-1)!
      lost.say({ type: 'lost', reason: 'asleep' })
      await vi.advanceTimersByTimeAsync(0)
      expect(lost.ended()).toBe(true)
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

it('what is opened together computes alike: a worker of other numbers is ended, also where it comes in the place of another', async () => {
  const made: ReturnType<typeof willing>[] = []
  let given = ''
  let id = (_worker: number) => 'n'
  const workers = new Workers(
    () => made[made.push(willing({ numericsId: id(made.length) })) - 1].port,
    { ...deaf, deserted: reason => void (given = reason) },
    [1, 1]
  )
  id = worker => (worker === 1 ? 'other' : 'n')
  expect((await workers.open('wasm', 3)).numericsId).toBe('n')
  await turns()
  expect([workers.slots.length, ...made.map(worker => worker.ended())]).toEqual([2, false, true, false])
  id = () => 'other'
  made[0].die()
  made[2].die()
  await turns()
  expect([workers.slots.length, made.length]).toEqual([0, 5])
  expect(made.every(worker => worker.ended())).toBe(true)
  expect(given).toContain('other')
  // what is opened then is another matter
  workers.close()
  expect((await workers.open('webgpu', 1)).numericsId).toBe('other')
  expect(workers.slots).toHaveLength(1)
})

it('a worker that dies while it opens cannot be opened, and one that opens goes without it', async () => {
  const [dying, well] = [silent(), willing()]
  const alone = new Workers(() => dying.port, deaf)
  const opening = expect(alone.open('cpu', 1)).rejects.toMatchObject({ code: 'workerFailed' })
  dying.die()
  await opening
  expect([alone.slots.length, dying.ended()]).toEqual([0, true])
  const ports = [dying.port, well.port]
  const both = new Workers(() => ports.shift()!, deaf)
  const opened = both.open('cpu', 2)
  dying.die()
  await opened
  expect(both.slots).toHaveLength(1)
})

it('whoever ends workers that are being opened need not wait for them', async () => {
  const worker = silent()
  const workers = new Workers(() => worker.port, deaf)
  const opening = expect(workers.open('webgpu', 1)).rejects.toMatchObject({ code: 'superseded' })
  workers.end()
  await opening
  worker.say({
    type: 'opened',
    description: { backend: 'webgpu', numericsId: 'n', detail: '', stepMilliseconds: 1 }
  })
  await turns()
  expect([workers.slots.length, worker.ended()]).toEqual([0, true])
})

it('whoever ends workers ends all of them, and none comes in the place of one that was lost before', async () => {
  for (const end of ['end', 'close'] as const) {
    const made: ReturnType<typeof willing>[] = []
    let opens = true
    let given = false
    const next = () => (opens ? willing() : silent())
    const workers = new Workers(
      () => made[made.push(next()) - 1].port,
      { ...deaf, deserted: () => (given = true) },
      // not before all this is done, on a busy machine either
      [200, 200]
    )
    await workers.open('cpu', 3)
    await turns()
    opens = false
    // one is being replaced, and one will be tried again
    made[0].die()
    made[1].die()
    await turns()
    made[3].die()
    await turns()
    workers[end]()
    await new Promise(resolve => setTimeout(resolve, 300))
    expect([workers.slots.length, made.length, given]).toEqual([0, 5, false])
    expect(made.every(worker => worker.ended())).toBe(true)
  }
})
