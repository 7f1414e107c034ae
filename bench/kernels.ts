/** Where the time of a training step goes on the fast path: every dispatch by itself. */
import type { Replica } from '../src/core/engine.ts'
import type { Recipe } from '../src/core/recipe.ts'
import type { View } from '../src/core/view.ts'
import type { FastEngine } from '../src/engine/fast/engine.ts'
import { planTraining } from '../src/engine/fast/plan.ts'
import { ResidentView } from '../src/engine/fast/resident.ts'
import { shapeOf } from '../src/engine/fast/shape.ts'
import { Training } from '../src/engine/fast/training.ts'
import type { KernelTime } from './protocol.ts'

/** A dispatch is repeated until all of them take about this long, in milliseconds; the best of so many goes counts. */
const KERNEL_TIME = 20
const KERNEL_GOES = 3

export async function timeKernels(
  engine: FastEngine,
  view: View,
  recipe: Recipe,
  cohort: readonly Replica[]
): Promise<KernelTime[]> {
  const { gpu } = engine
  const resident = await ResidentView.upload(gpu, view, gpu.device.limits.maxStorageBufferBindingSize)
  const plan = planTraining(shapeOf(engine.architecture(recipe)), recipe.batchSize)
  const training = await Training.prepare(gpu, resident, plan, recipe, cohort)
  try {
    await training.run(() => {}, { latency: 0 })
    const times: KernelTime[] = []
    for (const [at, { name }] of training.dispatches.entries()) {
      let repeats = 1
      let fastest = await training.repeat(at, repeats)
      while (fastest < KERNEL_TIME && repeats < 4096) {
        repeats *= 4
        fastest = await training.repeat(at, repeats)
      }
      for (let go = 1; go < KERNEL_GOES; go++) fastest = Math.min(fastest, await training.repeat(at, repeats))
      times.push({ name, microseconds: (1000 * fastest) / repeats })
    }
    return times
  } finally {
    training.dispose()
    resident.release()
  }
}
