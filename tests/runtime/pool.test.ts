/** Who is given what, and when: by what the workers are told. */
import { expect, it } from 'vitest'
import type { BackendName } from '../../src/core/engine.ts'
import type { Priority } from '../../src/runtime/cohort.ts'
import { hop } from '../../src/runtime/hop.ts'
import { WorkerPool } from '../../src/runtime/pool.ts'
import type { FromWorker, JobQuery, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { tinyRecipe } from '../support/experiments.ts'
import { fakeView } from '../support/fakeEngine.ts'

const turns = async () => {
  for (let i = 0; i < 5; i++) await hop()
}

/** A pool of workers that take what they are given, and finish it or die when they are told to here. */
async function opened({
  workers = 1,
  together = 1,
  backend = 'wasm' as BackendName,
  expecting = (): boolean => false
} = {}) {
  /** what each worker was told of its jobs: 'start a b', 'ask a q', 'suspend a b', 'resume a b', 'cancel a b' */
  const told: string[][] = []
  const tasksOf: Record<string, string[]>[] = []
  const workersMade: { say(message: FromWorker): void; die(): void }[] = []
  const events: string[] = []
  const create = (): WorkerPort<ToWorker, FromWorker> => {
    let say: (message: FromWorker) => void = () => {}
    let fail: (reason: string) => void = () => {}
    const mine: string[] = []
    /** ids by ticket */
    const cohorts: Record<number, string> = {}
    told.push(mine)
    workersMade.push({ say: message => say(message), die: () => fail('out of memory') })
    return {
      post(message) {
        switch (message.type) {
          case 'open': {
            const description = { backend: message.backend, numericsId: 'n', detail: '', stepMilliseconds: 1 }
            return queueMicrotask(() => say({ type: 'opened', description }))
          }
          case 'size':
            return queueMicrotask(() => say({ type: 'sized', key: message.key, replicas: together }))
          case 'start': {
            const { ticket, tasks } = message
            tasksOf.push(Object.fromEntries(tasks.map(({ id, queries }) => [id, queries.map(q => q.key)])))
            cohorts[ticket] = tasks.map(({ id }) => id).join(' ')
            tickets.set(cohorts[ticket], ticket)
            return mine.push(`start ${cohorts[ticket]}`)
          }
          case 'ask':
            return mine.push(`ask ${message.id} ${message.queries.map(({ key }) => key).join(' ')}`)
          case 'suspend':
          case 'resume':
          case 'cancel':
            return mine.push(`${message.type} ${cohorts[message.ticket]}`)
        }
      },
      listen: receive => void (say = receive),
      onFailure: failed => void (fail = failed),
      terminate: () => {}
    }
  }
  /** the last of each cohort */
  const tickets = new Map<string, number>()
  const pool = new WorkerPool(
    create,
    {
      trained: () => {},
      measured: () => {},
      picked: () => {},
      done: ({ task }) => events.push(`done ${task.id}`),
      changed: () => {},
      restarted: () => events.push('restarted'),
      failed: ({ task }, code) => events.push(`failed ${task.id} ${code}`),
      deserted: () => events.push('deserted'),
      expecting
    },
    []
  )
  await pool.open(backend, workers)
  await turns()
  pool.setView(fakeView())
  await turns()
  return {
    pool,
    told,
    events,
    tasksOf,
    die: (worker: number) => {
      workersMade[worker].die()
      return turns()
    },
    /** wishes for trainings by name and priority, each with queries, and lets the pool act */
    wish: (jobs: Record<string, Priority>, queries: string[] = []) => {
      for (const [id, priority] of Object.entries(jobs)) pool.submit(task(id, queries), priority)
      pool.schedule()
      return turns()
    },
    done: (id: string, worker = 0) => {
      workersMade[worker].say({ type: 'done', ticket: tickets.get(id)!, id })
      return turns()
    },
    /** what a worker was told since it was asked last */
    heard: (worker = 0) => told[worker].splice(0)
  }
}

const task = (id: string, queries: string[]) => ({
  id,
  recipe: tinyRecipe,
  seed: 0,
  labelled: Uint32Array.of(1, 2),
  order: Uint32Array.of(1, 2),
  queries: queries.map(key => ({ key }) as JobQuery)
})

it('a query for a training that is there already is asked of the worker that has it, once, also while it waits', async () => {
  const { pool, wish, heard } = await opened({ workers: 2 })
  await wish({ a: [0, 1], b: [0, 2] }, ['q'])
  expect([heard(0), heard(1)]).toEqual([['start a'], ['start b']])
  await wish({ b: [0, 2] }, ['q', 'r'])
  await wish({ b: [0, 2] }, ['q', 'r'])
  expect([heard(0), heard(1)]).toEqual([[], ['ask b r']])
  pool.pause()
  await wish({ b: [0, 2] }, ['s'])
  expect([heard(0), heard(1)]).toEqual([['suspend a'], ['suspend b', 'ask b s']])
})

it('what is wished for again is as urgent as the most urgent wish; what nobody wished for, as the new one', async () => {
  const { pool, wish, done, heard, tasksOf } = await opened()
  await wish({ x: [0, 0] })
  await wish({ a: [0, 4], b: [0, 5], c: [0, 6] })
  await wish({ a: [0, 9], c: [0, 1] }, ['q'])
  await done('x')
  await done('c')
  expect(heard()).toEqual(['start x', 'start c', 'start a'])
  expect(tasksOf.at(-1)).toEqual({ a: ['q'] })
  await wish({ d: [0, 6] })
  pool.release(['b'])
  await wish({ b: [0, 9] })
  await done('a')
  expect(heard()).toEqual(['start d'])
})

it('what nobody waits for is forgotten where it has not begun, and rests where it has', async () => {
  const { pool, wish, done, heard, tasksOf } = await opened()
  await wish({ a: [0, 1], b: [0, 2] }, ['q'])
  pool.release()
  pool.schedule()
  expect(heard()).toEqual(['start a', 'suspend a'])
  await wish({ b: [0, 2] }, ['r'])
  await wish({ a: [0, 1] })
  // b as if it had never been wished for before
  expect([heard(), tasksOf.at(-1)]).toEqual([['start b'], { b: ['r'] }])
  await done('b')
  expect(heard()).toEqual(['resume a'])
})

it('a worker keeps three suspended at most: what nobody waits for goes first, and nothing makes way for want of room', async () => {
  const { pool, wish, done, heard } = await opened()
  for (const [urgency, id] of [...'abcd'].entries()) await wish({ [id]: [-urgency] })
  expect(heard()).toEqual(['start a', 'suspend a', 'start b', 'suspend b', 'start c', 'suspend c', 'start d'])
  await wish({ e: [-4] })
  expect(heard()).toEqual([])
  pool.release(['b'])
  pool.schedule()
  await turns()
  expect(heard()).toEqual(['cancel b', 'suspend d', 'start e'])
  await done('e')
  expect(heard()).toEqual(['resume d'])
  // there is room for another one
  await wish({ f: [-9] })
  expect(heard()).toEqual(['suspend d', 'start f'])
  for (const id of 'fdca') await done(id)
  expect(heard()).toEqual(['resume d', 'resume c', 'resume a'])
})

it('one too many at a pause is begun anew afterwards', async () => {
  const { pool, wish, done, heard } = await opened()
  for (const [urgency, id] of [...'abcd'].entries()) await wish({ [id]: [-urgency] })
  heard()
  pool.pause()
  expect(heard()).toEqual(['suspend d', 'cancel a'])
  pool.resume()
  for (const id of 'dcba') await done(id)
  expect(heard()).toEqual(['resume d', 'resume c', 'resume b', 'start a'])
})

it.each([
  ['first', [0, 7], [0, 5], 0],
  ['second', [0, 5], [0, 7], 1]
] as const)('the less urgent of two workers makes way, the %s', async (_, a, b, worker) => {
  const { wish, heard } = await opened({ workers: 2 })
  await wish({ a })
  await wish({ b })
  await wish({ c: [-1, 0] })
  const expected = [['start a'], ['start b']]
  expected[worker].push(worker ? 'suspend b' : 'suspend a', 'start c')
  expect([heard(0), heard(1)]).toEqual(expected)
})

it.each([
  [1, ['start a']],
  [2, []]
])('who trains %d at once begins while more may follow: %j', async (together, begun) => {
  let follows = true
  const { pool, wish, heard } = await opened({ together, expecting: () => follows })
  await wish({ a: [0, 1] })
  expect(heard()).toEqual(begun)
  follows = false
  pool.schedule()
  expect(heard()).toEqual(begun.length ? [] : ['start a'])
})

it('a training that takes its worker down again and again is given up, and the others go on', async () => {
  const { wish, die, heard, events } = await opened()
  await wish({ a: [0, 1], b: [0, 2] })
  for (const worker of [0, 1]) {
    await die(worker)
    expect(heard(worker + 1)).toEqual(['start a'])
  }
  await die(2)
  expect(heard(3)).toEqual(['start b'])
  expect(events).toEqual(['restarted', 'restarted', 'failed a trainingFailed', 'restarted'])
})

it('a GPU that is lost again and again is not held against what it trained', async () => {
  const { wish, die, events } = await opened({ backend: 'webgpu' })
  await wish({ a: [0, 1] })
  for (const worker of [0, 1, 2, 3]) await die(worker)
  expect(events).toEqual(['restarted', 'restarted', 'restarted', 'restarted', 'deserted'])
})

it('losses with a finished training between them are forgiven', async () => {
  const { wish, die, done, events } = await opened({ backend: 'webgpu' })
  for (let worker = 0; worker < 8; worker++) {
    await die(worker)
    await wish({ [worker]: [0, 1] })
    await done(`${worker}`, worker + 1)
  }
  expect(events).not.toContain('deserted')
})

it('what comes to its end as it is suspended is done with', async () => {
  const { wish, done, heard, events } = await opened()
  await wish({ a: [0, 1] })
  await wish({ b: [-1, 1] })
  await done('a')
  await done('b')
  await wish({ c: [0, 1] })
  expect(heard()).toEqual(['start a', 'suspend a', 'start b', 'start c'])
  expect(events).toEqual(['done a', 'done b'])
})

it('cancelled, a worker drops all that it has, and what it says of it is not heard', async () => {
  const { pool, wish, done, heard, events } = await opened()
  await wish({ a: [0, 1], c: [0, 2] })
  await wish({ b: [-1, 0] })
  heard()
  pool.cancelAll()
  expect(heard()).toEqual(['cancel b', 'cancel a'])
  await done('b')
  await done('a')
  await wish({ d: [0, 9] })
  expect([heard(), events]).toEqual([['start d'], []])
})

it.each(['end', 'close'] as const)(
  'after its workers’ %s nothing of what was wished for is left',
  async end => {
    const { pool, wish, heard } = await opened()
    await wish({ a: [0, 1], b: [0, 2] })
    pool[end]()
    await pool.open('wasm', 1)
    pool.setView(fakeView())
    await wish({ c: [0, 9] })
    expect(heard(1)).toEqual(['start c'])
  }
)
