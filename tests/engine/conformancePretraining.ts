/**
 * Pretraining with the trunk on the GPU and the heads on WASM, beside pretraining on WASM alone: the same losses and weights up to
 * rounding, the same bits again whether images are written ahead or not, nothing left behind; and WASM starts over where
 * the GPU is lost for good.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { methodNames } from '../../src/core/pretraining/methods/index.ts'
import { encoderSize } from '../../src/core/pretraining/layout.ts'
import type { EpochReport } from '../../src/core/pretraining/settings.ts'
import type { Snapshot, Unfinished } from '../../src/core/pretraining/snapshot.ts'
import { uniform } from '../../src/core/random.ts'
import type { FastEngine } from '../../src/engine/fast/engine.ts'
import { EngineError } from '../../src/engine/errors.ts'
import { wasmKernels, type AnyKernels } from '../../src/engine/fast/fallback.ts'
import { GpuTrunk } from '../../src/engine/fast/trunk.ts'
import { gpuLearner } from '../../src/engine/pretraining/gpuLearner.ts'
import { openPretrainer } from '../../src/engine/pretraining/open.ts'
import { pretrain, type Hooks } from '../../src/engine/pretraining/pretrain.ts'
import { relativeError, tinyPretraining as settings, tinyView } from './views.ts'

export function conformanceOfPretraining(
  engine: () => FastEngine,
  open: () => Promise<FastEngine>,
  wasmUrl?: string
): void {
  describe('pretraining', () => {
    let k: AnyKernels
    beforeAll(async () => {
      k = await wasmKernels(wasmUrl)
    })
    afterAll(() => k?.dispose())

    test.each([...methodNames.map(method => [method, 3] as const), ['simclr', 1] as const])(
      '%s, images of %i channel(s): the GPU learns what WASM learns',
      async (method, channels) => {
        const view = tinyView({ height: 9, width: 8, channels }, 4, 24, 1)
        const { gpu } = engine()
        const { bytes } = gpu
        const onGpu = (ahead = true, hooks: Hooks = {}) =>
          pretrain(k, view, settings(method), hooks, async (laid, start) => {
            const learner = await gpuLearner(gpu, k, laid, start)
            const { step } = learner
            if (!ahead) learner.step = (count, write, t, rate, work) => step(count, write, t, rate, work)
            return learner
          })
        const expected = await pretrain(k, view, settings(method))
        const got = await onGpu()
        expect(gpu.bytes).toBe(bytes)
        expect(got.reports.map(r => r.epoch)).toEqual([0, 1, 2])
        got.reports.forEach(({ loss, spread }, epoch) => {
          const other = expected.reports[epoch]
          if (epoch) expect(Math.abs(loss! - other.loss!)).toBeLessThan(1e-3 * other.loss! + 1e-3)
          expect(Math.abs(spread - other.spread)).toBeLessThan(1e-2)
        })
        // Adam's first steps are of one length, however small a gradient is: a weight without one may go either way
        expect(relativeError(got.weights, expected.weights)).toBeLessThan(5e-2)
        expect(got.weights).not.toEqual(expected.weights)
        const [loss, own] = [expected, got].map(made => made.recorded?.pretextLoss?.values)
        if (loss) expect(relativeError(own!, loss)).toBeLessThan(1e-2)
        expect(await onGpu(false)).toEqual(got)
        // interrupted after its first epoch, and gone on with
        let kept: Snapshot | undefined
        const keep = async (take: () => Promise<Snapshot>) => {
          kept = structuredClone(await take())
          throw new Error('the tab was closed')
        }
        await expect(onGpu(true, { keep })).rejects.toThrow('the tab was closed')
        expect(kept!.epoch).toBe(1)
        expect(await onGpu(true, { from: kept })).toEqual(got)
        expect(gpu.bytes).toBe(bytes)
      }
    )

    test('a follower has the weights of its trunk, and moves by the share it is told', async () => {
      const { gpu } = engine()
      const { bytes } = gpu
      const shape = { height: 9, width: 8, channels: 3 }
      const { network } = settings('moco')
      const drawn = (lane: number) =>
        Float32Array.from({ length: encoderSize(network, shape) }, (_, i) => uniform([7, 7], i, lane) - 0.5)
      const [own, other] = [drawn(0), drawn(1)]
      const [trunk, first] = [
        await GpuTrunk.open(gpu, network, shape, other),
        await GpuTrunk.open(gpu, network, shape, own)
      ]
      const follower = await first.follower()
      expect(await follower.weights()).toEqual(own)
      await follower.blend(trunk, 0.99)
      const moved = await follower.weights()
      moved.forEach((value, i) => expect(value).toBeCloseTo(0.99 * own[i] + 0.01 * other[i], 6))
      await follower.blend(trunk, 0)
      expect(await follower.weights()).toEqual(other)
      expect(await trunk.weights()).toEqual(other)
      for (const each of [trunk, first, follower]) each.dispose()
      expect(gpu.bytes).toBe(bytes)
    })

    /** A pretrainer that takes these engines, one after the other; it leaves software adapters alone. */
    const pretrainerOn = (engines: FastEngine[]) =>
      openPretrainer(wasmUrl, async () => {
        const fast = engines.shift()
        if (!fast) throw new EngineError('noAdapter', 'no more of them')
        const description = { ...fast.description, fallback: false }
        return Object.assign(Object.create(fast) as FastEngine, { description })
      })
    const silent = { check: () => {}, reported: () => {}, gpu: true }
    /** What tells of a pretraining whose GPU is lost before its sixth step. */
    function losing(fast: FastEngine) {
      const epochs: number[] = []
      const steps: number[] = []
      const check = (step: number) => {
        steps.push(step)
        if (step === 5) fast.gpu.device.destroy()
      }
      return {
        epochs,
        steps,
        hooks: { check, reported: (r: EpochReport) => epochs.push(r.epoch), gpu: true }
      }
    }
    const view = tinyView({ height: 9, width: 8, channels: 3 }, 4, 24, 1)

    test('goes on with the GPU that comes back, to the same bits', async () => {
      const whole = await (await pretrainerOn([engine()])).pretrain(view, settings('simclr'), silent)
      const [first, second] = [await open(), await open()]
      const { epochs, steps, hooks } = losing(first)
      const keep = async (_: unknown, take: () => Promise<Snapshot>) => void (await take())
      const pretrainer = await pretrainerOn([first, second])
      const made = await pretrainer.pretrain(view, settings('simclr'), { ...hooks, keep })
      second.dispose()
      expect(made).toEqual(whole)
      expect(epochs).toEqual([0, 1, 0, 1, 2])
      // four steps an epoch, and the first one is not taken again
      expect(Math.min(...steps.slice(steps.indexOf(5)))).toBe(4)
    })

    test('begins anew on WASM when the GPU is lost for good, and says where the encoder was made', async () => {
      const fast = await open()
      const pretrainer = await pretrainerOn([fast])
      let kept: Pick<Unfinished, 'key' | 'snapshot'> | undefined
      const whole = await pretrainer.pretrain(view, settings('simclr'), {
        ...silent,
        async keep({ key }, take) {
          kept = { key, snapshot: await take() }
        }
      })
      expect(kept!.key).toBe(whole.key)
      expect(whole.numericsId).toBe(fast.numericsId)
      expect(whole.key).not.toBe(pretrainer.keyOf(view, settings('simclr')).key)
      const broad = tinyView({ height: 9, width: 8, channels: 5 }, 4, 24, 1)
      const five = await pretrainer.pretrain(broad, settings('simclr'), silent)
      expect(five.numericsId).toBe(pretrainer.numericsId)
      const { epochs, steps, hooks } = losing(fast)
      // it goes on where it stood, and what the GPU has made is not WASM's to go on with
      const rest = await pretrainer.pretrain(view, settings('simclr'), { ...hooks, from: kept })
      expect(steps[0]).toBe(4)
      expect(epochs).toEqual([0, 1, 0, 1, 2])
      expect(rest.key).toBe(pretrainer.keyOf(view, settings('simclr')).key)
      expect(rest.numericsId).toBe(pretrainer.numericsId)
      expect(rest.weights).toEqual((await pretrain(k, view, settings('simclr'))).weights)
    })

    test('a GPU that is lost again and again is given up', async () => {
      const engines = [await open(), await open(), await open(), await open()]
      for (const fast of engines) fast.gpu.device.destroy()
      const pretrainer = await pretrainerOn(engines)
      const made = await pretrainer.pretrain(view, settings('simclr'), silent)
      expect(made.numericsId).toBe(pretrainer.numericsId)
      expect(engines).toHaveLength(1)
      engines[0].dispose()
    })
  })
}
