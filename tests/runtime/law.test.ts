/**
 * Invariant 1 on the real thing: the reference network on WASM, three rounds of the cycle. The same keys give the same
 * bits alone, side by side in 7 and 36 replicas, in any order, suspended for one another, killed and started again.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { knobsOf, recipeOf } from '../../src/core/experiment/parts.ts'
import { hashBytes } from '../../src/core/keys.ts'
import { initialOrder } from '../../src/core/law.ts'
import type { Engine, Replica } from '../../src/core/engine.ts'
import { lineOf, type Result } from '../../src/core/result.ts'
import { buildView } from '../../src/data/view.ts'
import { openEngine } from '../../src/engine/index.ts'
import { Director } from '../../src/runtime/director.ts'
import type { FromWorker, ToWorker } from '../../src/runtime/protocol.ts'
import { serveEngine } from '../../src/runtime/serve.ts'
import { MemoryRecords } from '../support/memoryRecords.ts'
import { channel } from '../support/ports.ts'

const experiment: Experiment = {
  ...frozenExperiment,
  poolSize: 120,
  testSize: 60,
  initialSizes: [10],
  querySize: 10,
  budget: 30,
  strategies: ['random', 'bald', 'kCenter', 'consistency', 'badge', 'typiClust:pixels'],
  selectors: ['random', 'kMeans:pixels'],
  seeds: 1,
  epochs: 1,
  stepsFloor: 12
}
const recipe = recipeOf(experiment)
const view = buildView({ kind: 'synthetic', id: 'digits' }, knobsOf(experiment))

describe('cohorts', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await openEngine({ backend: 'wasm' })
    await engine.load(view)
  })
  afterAll(() => engine.dispose())

  const replica = (seed: number): Replica => ({ seed, labelled: initialOrder(seed, 120).slice(0, 20).sort() })
  async function weights(seeds: number[]): Promise<string[]> {
    const trained = await engine.train(recipe, seeds.map(replica))
    const hashes: string[] = []
    for (const t of trained) {
      const w = await t.weights()
      hashes.push(hashBytes(new Uint8Array(w.buffer, w.byteOffset, w.byteLength)))
      t.dispose()
    }
    return hashes
  }

  it('alone, in 7, in 36, in any slot and order', async () => {
    const seeds = Array.from({ length: 36 }, (_, i) => i)
    const all = await weights(seeds)
    expect(new Set(all).size).toBe(36)
    expect(await weights(seeds.slice(0, 7).reverse())).toEqual(all.slice(0, 7).reverse())
    for (const seed of [0, 6, 35]) expect(await weights([seed])).toEqual([all[seed]])
  })

  it('suspended in mid-training while others train', async () => {
    const [alone] = await weights([3])
    let release = () => {}
    const gate = new Promise<void>(resolve => (release = resolve))
    const suspended = engine.train(recipe, [replica(3)], async done => {
      if (done === 5) await gate
    })
    await weights([4, 5])
    release()
    const [trained] = await suspended
    const w = await trained.weights()
    expect(hashBytes(new Uint8Array(w.buffer, w.byteOffset, w.byteLength))).toBe(alone)
    trained.dispose()
  })
})

describe('the cycle', () => {
  const open: Director[] = []
  afterAll(() => open.forEach(d => d.close()))

  async function run(
    workers: number,
    disturb?: (director: Director, kill: () => void) => Promise<void>,
    records = new MemoryRecords()
  ): Promise<Result> {
    let settle = () => {}
    const finished = new Promise<void>(resolve => (settle = resolve))
    const pages: { fail(reason: string): void }[] = []
    const director = new Director({
      createWorker: () => {
        const { page, worker } = channel<ToWorker, FromWorker>()
        serveEngine(worker, {
          open: () => openEngine({ backend: 'wasm' }),
          now: () => performance.now(),
          hop: () => new Promise(resolve => setImmediate(resolve))
        })
        pages.push(page)
        return page
      },
      buildView: async () => view,
      records,
      changed: () => director.progress().phase === 'finished' && settle(),
      notice: () => {}
    })
    open.push(director)
    await director.open('wasm', workers)
    await director.run(experiment)
    await disturb?.(director, () => pages[0].fail('killed'))
    await finished
    return director.result()!
  }

  const bits = (result: Result) =>
    result.runs.map(r => [
      lineOf(r.arm),
      r.numericsId,
      r.points.map(p => [p.labelCount, ...p.record!.measurement.correct, ...p.record!.added].join(' '))
    ])
  const until = async (ready: () => boolean) => {
    while (!ready()) await new Promise(resolve => setTimeout(resolve, 5))
  }

  it('undisturbed, paused with three workers, killed in mid-round, and gone on from its records', async () => {
    const records = new MemoryRecords()
    const plain = bits(await run(1, undefined, records))
    for (const [, , points] of plain) expect(points).toHaveLength(3)
    expect(
      bits(
        await run(3, async director => {
          await until(() => director.progress().trainings.done >= 2)
          director.pause()
          await new Promise(resolve => setTimeout(resolve, 100))
          director.resume()
        })
      )
    ).toEqual(plain)
    expect(
      bits(
        await run(2, async (director, kill) => {
          await until(
            () => director.progress().trainings.done >= 2 && director.progress().now.some(n => n.step > 0)
          )
          expect(director.progress().phase).toBe('running')
          kill()
        })
      )
    ).toEqual(plain)
    for (const key of [...records.measurements.keys()].slice(4)) records.measurements.delete(key)
    for (const key of [...records.picks.keys()].slice(4)) records.picks.delete(key)
    expect(bits(await run(2, undefined, records))).toEqual(plain)
  })
})
