/**
 * The runtime on the real fast path: cohorts of several trainings, and the same bits alone, together, and through the loss
 * of the device in the middle of a round. Tiny, because the adapter is software.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../../src/core/engine.ts'
import { frozenExperiment, type Experiment } from '../../../src/core/experiment/table.ts'
import { bits } from '../../../src/core/random.ts'
import { openEngine } from '../../../src/engine/index.ts'
import { Director } from '../../../src/runtime/director.ts'
import type { FromWorker, ToWorker } from '../../../src/runtime/protocol.ts'
import { serveEngine } from '../../../src/runtime/serve.ts'
import { bitsOf } from '../../support/directorBench.ts'
import { fakeView } from '../../support/fakeEngine.ts'
import { MemoryRecords } from '../../support/memoryRecords.ts'
import { channel } from '../../support/ports.ts'

const experiment: Experiment = {
  ...frozenExperiment,
  poolSize: 40,
  testSize: 16,
  initialSizes: [6],
  querySize: 6,
  budget: 12,
  strategies: ['random', 'margin'],
  seeds: 2,
  network: 'small',
  epochs: 1,
  stepsFloor: 3,
  dropout: 0.25
}

const blank = fakeView(40, 16)
const noise = (count: number, lane: number) =>
  Uint8Array.from({ length: count * 64 }, (_, at) => bits([7, lane], at) & 0xff)
const view = {
  ...blank,
  pool: { ...blank.pool, images: noise(40, 1) },
  test: { ...blank.test, images: noise(16, 2) }
}

/** devices that were opened here, so that one can be taken away */
const devices: GPUDevice[] = []
const { requestDevice } = GPUAdapter.prototype
beforeAll(() => {
  GPUAdapter.prototype.requestDevice = async function (...values) {
    const device = await requestDevice.apply(this, values)
    devices.push(device)
    return device
  }
})
afterAll(() => {
  GPUAdapter.prototype.requestDevice = requestDevice
})

async function run(alone: boolean, midway: (labelCount: number) => void = () => {}) {
  const sizes: number[] = []
  const notices: string[] = []
  let settle = () => {}
  const finished = new Promise<void>(resolve => (settle = resolve))
  const watched = (engine: Engine): Engine => ({
    numericsId: engine.numericsId,
    description: engine.description,
    load: each => engine.load(each),
    adopt: encoder => engine.adopt(encoder),
    architecture: recipe => engine.architecture(recipe),
    preferredCohort: recipe => (alone ? 1 : (engine.preferredCohort?.(recipe) ?? 1)),
    train(recipe, cohort, check) {
      sizes.push(cohort.length)
      return engine.train(recipe, cohort, (done, total) => {
        if (done > 0 && done < total) midway(cohort[0].labelled.length)
        return check?.(done, total)
      })
    },
    dispose: () => engine.dispose()
  })
  const director = new Director({
    createWorker: () => {
      const { page, worker } = channel<ToWorker, FromWorker>()
      serveEngine(worker, {
        open: async (backend, onLost) => watched(await openEngine({ backend, onLost })),
        now: () => performance.now(),
        hop: () => new Promise(resolve => setTimeout(resolve, 0))
      })
      return page
    },
    buildView: async () => view,
    records: new MemoryRecords(),
    changed: () => director.progress().phase === 'finished' && settle(),
    notice: code => notices.push(code)
  })
  await director.open('webgpu', 1)
  await director.run(experiment)
  await finished
  const result = director.result()!
  director.close()
  devices.splice(0).forEach(device => device.destroy())
  return { bits: bitsOf(result), sizes, notices }
}

test('alone, and in cohorts through a lost device: the same bits', async () => {
  const alone = await run(true)
  expect(Math.max(...alone.sizes)).toBe(1)
  let losses = 0
  const lost = await run(false, labelCount => {
    if (labelCount === 12 && losses++ === 0) devices.at(-1)!.destroy()
  })
  expect(lost.notices).toEqual(['deviceRestarted'])
  // round 0 of two seeds; then Random and margin of both, twice; then the whole pool
  expect(lost.sizes).toEqual([2, 4, 4, 1])
  expect(lost.bits).toEqual(alone.bits)
})
