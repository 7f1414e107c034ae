/** A round hands its strategies the engine's geometry, and waits for what it says; without one the picks are the same. */
import { expect, it } from 'vitest'
import { onProcessor, type Geometry } from '../../src/core/geometry.ts'
import { initialOrder } from '../../src/core/law.ts'
import type { JobTask } from '../../src/runtime/protocol.ts'
import { runRounds } from '../../src/runtime/round.ts'
import { FakeEngine, fakeView } from '../support/fakeEngine.ts'
import { tinyRecipe } from '../support/experiments.ts'

const strategies = ['kCenter', 'cbalKCenter', 'kMeans', 'typiClust:embedding', 'margin']
const task: JobTask = {
  id: 't',
  recipe: tinyRecipe,
  seed: 3,
  labelled: initialOrder(3, 200).slice(0, 10).sort(),
  order: initialOrder(3, 200),
  queries: strategies.map(strategy => ({ key: strategy, strategy, k: 9, bases: {} }))
}

async function picksOf(engine: FakeEngine): Promise<Record<string, number[]>> {
  const view = fakeView()
  await engine.load(view)
  const queries = [...task.queries]
  const picks: Record<string, number[]> = {}
  await runRounds(engine, view, [task], {
    check: () => {},
    now: () => 0,
    trained: () => {},
    measured: () => {},
    picked: (_, key, pick) => void (picks[key] = [...pick.picks]),
    takeQueries: () => queries.splice(0),
    done: () => {},
    failed: (_, code) => expect.fail(code)
  })
  return picks
}

it('asks the engine’s geometry, later as well as at once', async () => {
  const asked: string[] = []
  const later = () => new Promise<void>(resolve => setTimeout(resolve))
  const geometry: Geometry = {
    async farthestFirst(points, k) {
      asked.push('farthest first')
      await later()
      return onProcessor.farthestFirst(points, k)
    },
    hold(points, size) {
      asked.push('hold')
      const held = onProcessor.hold(points, size)
      return {
        nearest: async (centres, known) => {
          await later()
          return held.nearest(centres, known)
        },
        release: () => void asked.push('release')
      }
    }
  }
  const expected = await picksOf(new FakeEngine())
  expect(Object.keys(expected)).toEqual(strategies)
  expect(await picksOf(Object.assign(new FakeEngine(), { geometry }))).toEqual(expected)
  expect(asked).toEqual(['farthest first', ...['hold', 'release', 'hold', 'release', 'hold', 'release']])
})
