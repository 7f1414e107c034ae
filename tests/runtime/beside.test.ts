/** What a GPU does not know is trained by WebAssembly on every core beside it, with the numbers of a machine without a GPU. */
import { afterEach, expect, it } from 'vitest'
import type { BackendName } from '../../src/core/engine.ts'
import type { Experiment } from '../../src/core/experiment/table.ts'
import { knowsRecipe } from '../../src/engine/fast/known.ts'
import { planOf } from '../../src/core/experiment/plan.ts'
import { bitsOf, DirectorBench } from '../support/directorBench.ts'
import { smallExperiment } from '../support/experiments.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'

const unknown: Experiment = { ...smallExperiment, unlabelled: 'meanTeacher' }
const mixed: Experiment = { ...smallExperiment, strategies: ['random', 'learningLoss'] }

const benches: DirectorBench[] = []
afterEach(() => benches.splice(0).forEach(b => b.director.close()))

async function bench(
  { backend = 'webgpu' as BackendName, promised = 'wasm-1', records = new MemoryRecords() } = {},
  prepare: DirectorBench['prepare'] = () => {}
): Promise<DirectorBench> {
  const beside = { workers: 3, knows: knowsRecipe, numericsId: promised }
  const b = new DirectorBench(records, undefined, undefined, undefined, beside)
  benches.push(b)
  b.prepare = (engine, backend) => {
    if (backend === 'webgpu') engine.together = 64
    prepare(engine, backend)
  }
  await b.director.open(backend, 1)
  return b
}

const enginesOf = (b: DirectorBench, backend: BackendName) =>
  b.engines.filter(engine => engine.description.backend === backend)
const recipesOf = (b: DirectorBench, backend: BackendName) =>
  enginesOf(b, backend).flatMap(engine => engine.recipes)
const idsOf = (b: DirectorBench) => b.director.result()!.numerics.map(n => n.id)

it('an experiment that it knows nothing of: on WASM alone, under the records of a machine without a GPU', async () => {
  const b = await bench()
  const result = await b.run(unknown)
  expect(b.director.progress().beside).toEqual({ workers: 3, all: true })
  expect(recipesOf(b, 'webgpu')).toEqual([])
  expect(recipesOf(b, 'wasm')).toHaveLength(planOf(unknown).size)
  for (const { recipes } of enginesOf(b, 'wasm')) expect(recipes.length).toBeGreaterThan(0)
  expect(idsOf(b)).toEqual(['wasm-1'])
  expect(new Set(result.runs.map(r => r.numericsId))).toEqual(new Set(['wasm-1']))
  expect(result.ceiling.map(c => c.numericsId)).toEqual(['wasm-1'])

  const without = await bench({ backend: 'wasm', records: b.records })
  expect(bitsOf(await without.run(unknown))).toEqual(bitsOf(result))
  expect(without.trainings()).toEqual([])
  expect(without.director.progress().beside).toBeUndefined()
})

it('a mixed experiment: each training where it is known, all under the id that promises both', async () => {
  const b = await bench()
  const result = await b.run(mixed)
  expect(b.director.progress().beside).toEqual({ workers: 3, all: false })
  expect(recipesOf(b, 'webgpu').every(recipe => !recipe.lossPrediction)).toBe(true)
  expect(recipesOf(b, 'wasm').every(recipe => recipe.lossPrediction)).toBe(true)
  expect(b.trainings()).toHaveLength(planOf(mixed).size)
  expect(new Set(result.runs.map(r => r.numericsId))).toEqual(new Set(['webgpu-1']))
  for (const { points } of result.runs) expect(points.map(p => p.labelCount)).toEqual([10, 20, 40, 60])
  expect(b.notices).toEqual([])

  // what it knows needs nobody beside it
  const ports = b.pages.length
  await b.run({ ...smallExperiment, seeds: 3 })
  expect(b.director.progress().beside).toBeUndefined()
  expect(b.pages).toHaveLength(ports)
  const before = b.trainings().length
  await b.run({ ...mixed, seeds: 1 })
  expect(b.trainings()).toHaveLength(before)
})

it('paused and resumed, and edited while WASM is being opened', async () => {
  const b = await bench()
  const [first, second] = [b.director.run(mixed), b.director.run({ ...smallExperiment, seeds: 1 })]
  await Promise.all([first, second])
  await b.finished()
  expect(b.director.result()!.experiment.strategies).toEqual(smallExperiment.strategies)
  await b.director.run(mixed)
  b.director.pause()
  const before = b.trainings().length
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(b.trainings()).toHaveLength(before)
  b.director.resume()
  await b.finished()
  expect(b.notices).toEqual([])
})

it('WASM that computes otherwise than the id promises takes no part in a mixed experiment', async () => {
  const b = await bench({ promised: 'wasm-2' })
  await expect(b.director.run(mixed)).rejects.toMatchObject({ code: 'wrongNumbers' })
  await b.run(unknown)
  expect(idsOf(b)).toEqual(['wasm-1'])
  await b.run(smallExperiment)
  expect(idsOf(b)).toEqual(['webgpu-1'])
})

it('when all of WASM is lost the GPU stands, and running it again goes on from what is stored', async () => {
  let dies = true
  const b = await bench({}, (engine, backend) => {
    engine.midway = cohort => {
      if (!dies || backend !== 'wasm' || cohort[0].labelled.length < 40) return
      b.workersLeft = 0
      for (const page of b.pages.slice(1)) page.fail('out of memory')
    }
  })
  await b.director.run(unknown)
  await b.until(() => b.director.progress().phase === 'failed')
  expect(b.notices.at(-1)).toBe('workerFailed')
  expect(b.deserted).toEqual([])
  dies = false
  b.workersLeft = Infinity
  const result = await b.run(unknown)
  for (const { points } of result.runs) expect(points.map(p => p.labelCount)).toEqual([10, 20, 40, 60])
})
