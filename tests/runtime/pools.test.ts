/** How long two pools take: that which has more to do, each at its own pace, with its own workers. */
import { expect, it, vi } from 'vitest'
import type { Recipe } from '../../src/core/recipe.ts'
import { Pools } from '../../src/runtime/pools.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../../src/runtime/protocol.ts'
import { tinyRecipe } from '../support/experiments.ts'
import { fakeView } from '../support/fakeEngine.ts'

const known: Recipe = tinyRecipe
const unknown: Recipe = { ...tinyRecipe, dropout: 0 }
const view = fakeView()

/** A GPU and three workers beside it, that take every job and say nothing of it but what is told here. */
async function opened() {
  const started: { recipe: Recipe; progress(step: number): void }[] = []
  const create = (): WorkerPort<ToWorker, FromWorker> => {
    let say: (message: FromWorker) => void = () => {}
    return {
      post(message) {
        if (message.type === 'open') {
          const { backend } = message
          const description = { backend, numericsId: `${backend}-1`, detail: '', stepMilliseconds: 1 }
          queueMicrotask(() => say({ type: 'opened', description }))
        }
        if (message.type === 'size')
          queueMicrotask(() => say({ type: 'sized', key: message.key, replicas: 1 }))
        if (message.type !== 'start') return
        const { ticket, tasks } = message
        const progress = (step: number) => say({ type: 'progress', ticket, step, steps: 100 })
        started.push({ recipe: tasks[0].recipe, progress })
      },
      listen: receive => void (say = receive),
      onFailure: () => {},
      terminate: () => {}
    }
  }
  const nothing = () => {}
  const pools = new Pools(
    create,
    {
      ...{ trained: nothing, measured: nothing, picked: nothing, done: nothing, changed: nothing },
      ...{ restarted: nothing, failed: nothing, deserted: nothing, expecting: () => false }
    },
    [],
    { workers: 3, knows: recipe => recipe === known, numericsId: 'wasm-1' }
  )
  await pools.open('webgpu', 1)
  await pools.ready(view, known, [unknown])
  pools.setView(view)
  await new Promise(resolve => setTimeout(resolve, 20))
  return { pools, started }
}

const left = (recipe: Recipe, steps: number, count: number) => ({ recipe, steps, count })
const took = (train: number, test: number, steps: number) =>
  ({ steps, seconds: { train, test } }) as Parameters<Pools['timed']>[1]

it('is the longer of what both take, and not known before both were timed', async () => {
  const { pools } = await opened()
  const both = [left(known, 100, 2), left(unknown, 100, 6)]
  pools.timed(known, took(1, 0.5, 100))
  expect(pools.secondsLeft(both)).toBeUndefined()
  // what is not needed need not be known
  expect(pools.secondsLeft([left(known, 100, 2)])).toBeCloseTo(2 * 1.5, 9)
  pools.timed(unknown, took(10, 1, 100))
  // two after two, by each of three workers
  expect(pools.secondsLeft(both)).toBeCloseTo(2 * 11, 9)
  expect(pools.secondsLeft([left(known, 100, 40), left(unknown, 100, 6)])).toBeCloseTo(40 * 1.5, 9)
  pools.asked(known, 2)
  expect(pools.secondsLeft([left(known, 100, 40), left(unknown, 100, 6)])).toBeCloseTo(40 * 3.5, 9)
  pools.asked(unknown, 100)
  expect(pools.secondsLeft(both)).toBeCloseTo(2 * 111, 9)
  expect(pools.secondsLeft([])).toBe(0)
  pools.forgetPace()
  expect(pools.secondsLeft([left(known, 100, 2)])).toBeUndefined()
  expect(pools.secondsLeft([left(unknown, 100, 2)])).toBeUndefined()
})

it('is less by what is done of those under way, each on its own side', async () => {
  const { pools, started } = await opened()
  const all = [known, unknown, unknown].map((recipe, seed) => ({ id: `${seed}`, recipe, seed }))
  const labelled = Uint32Array.of(1)
  for (const task of all) pools.submit({ ...task, labelled, order: labelled, queries: [] }, [0])
  pools.schedule()
  await vi.waitFor(() => expect(started).toHaveLength(3))
  pools.timed(known, took(1, 0, 100))
  pools.timed(unknown, took(10, 0, 100))
  const seconds = (recipe: Recipe, count: number) => pools.secondsLeft([left(recipe, 100, count)])
  expect([seconds(known, 4), seconds(unknown, 6)]).toEqual([4, 20])
  for (const { recipe, progress } of started) progress(recipe === known ? 50 : 30)
  expect(seconds(known, 4)).toBeCloseTo(3.5, 9)
  // three workers have done 60 steps in all
  expect(seconds(unknown, 6)).toBeCloseTo(20 - (60 * 0.1) / 3, 9)
})
