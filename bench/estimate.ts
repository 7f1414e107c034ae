/**
 * What REF takes, from the times of its parts: so many steps of cohorts of such sizes, so many images scored. Selection
 * itself (sorting scores, distances between embeddings) is left out on all sides.
 */
import { armsOf, countsOf } from '../src/core/experiment/parts.ts'
import { trainingSteps } from '../src/core/recipe.ts'
import { plannedName } from '../src/core/experiment/plan.ts'
import type { Times } from './suite.ts'
import { REF, type NeedName } from './work.ts'

/** What REF asks of a program, per label count. */
export interface Portion {
  labelCount: number
  steps: number
  trainings: number
  /** test images (and the diagnostics' sample, where it is taken) of all trainings together */
  tested: number
  /** pool images through each need, all trainings together */
  scored: Record<NeedName, number>
}

const NEED_OF: Record<string, NeedName> = {
  entropy: 'probabilities',
  margin: 'probabilities',
  kCenter: 'embeddings',
  bald: 'passes',
  consistency: 'views'
}
/** our own runs also look at this many pool images, for the diagnostics */
const SAMPLE = 1000

/**
 * `shared`: trainings that several arms need are done once, and queries of one training together, as the app does; else each
 * run is trained alone, as a researcher's script does.
 */
export function portionsOfReference(shared: boolean): Portion[] {
  const portions = new Map<number, Portion>()
  const seen = new Set<string>()
  for (let seed = 0; seed < REF.seeds; seed++) {
    for (const arm of armsOf(REF)) {
      const counts = countsOf(REF, arm)
      counts.forEach((labelCount, round) => {
        const portion = portions.get(labelCount) ?? {
          labelCount,
          steps: trainingSteps(REF, labelCount),
          trainings: 0,
          tested: 0,
          scored: { probabilities: 0, embeddings: 0, passes: 0, views: 0 }
        }
        portions.set(labelCount, portion)
        const training = plannedName(REF, arm, seed, labelCount)
        if (!shared || !seen.has(training)) {
          portion.trainings++
          portion.tested += REF.testSize + (shared ? SAMPLE : 0)
        }
        seen.add(training)
        const need = NEED_OF[arm.strategy]
        const asked = `${training}/${need}`
        if (need && round < counts.length - 1 && !(shared && seen.has(asked))) {
          portion.scored[need] += REF.poolSize - labelCount
          seen.add(asked)
        }
      })
    }
  }
  return [...portions.values()].sort((a, b) => a.labelCount - b.labelCount)
}

/** Milliseconds of one step of so many replicas, from what was measured: interpolated between cohort sizes, in parallel where there are copies. */
export function stepMilliseconds(times: readonly Times[], replicas: number): number {
  const trainings = times.filter(t => !t.need && !Number.isNaN(t.milliseconds))
  const parallel = trainings.find(t => t.copies > 1)
  if (parallel && replicas > 1) return (parallel.milliseconds * Math.ceil(replicas / parallel.copies)) / 1
  const sizes = trainings.filter(t => t.copies === 1).sort((a, b) => a.replicas - b.replicas)
  if (!sizes.length) return NaN
  const next = sizes.findIndex(t => t.replicas >= replicas)
  if (next === 0) return sizes[0].milliseconds
  if (next < 0) {
    const widest = sizes[sizes.length - 1]
    return (widest.milliseconds * replicas) / widest.replicas
  }
  const [a, b] = [sizes[next - 1], sizes[next]]
  const share = (replicas - a.replicas) / (b.replicas - a.replicas)
  return a.milliseconds + share * (b.milliseconds - a.milliseconds)
}

/** Images scored a second, over all copies. */
export function imagesPerSecond(times: readonly Times[], need: NeedName): number {
  const found = times.filter(t => t.need === need && t.milliseconds > 0)
  const rates = found.map(t => (1000 * t.copies * t.replicas) / t.milliseconds)
  return rates.length ? Math.max(...rates) : NaN
}

/** Seconds of REF, or NaN where a part was not measured. `together`: the program trains a cohort at once. */
export function estimateReference(times: readonly Times[], shared: boolean): number {
  let seconds = 0
  for (const { steps, trainings, tested, scored } of portionsOfReference(shared)) {
    seconds += (steps * stepMilliseconds(times, trainings)) / 1000
    seconds += tested / imagesPerSecond(times, 'probabilities')
    for (const [need, images] of Object.entries(scored) as [NeedName, number][]) {
      // who is not asked for embeddings computes probabilities; passes and views are as many forward passes at worst
      const rate =
        imagesPerSecond(times, need) || imagesPerSecond(times, 'probabilities') / (need === 'views' ? 6 : 1)
      if (images) seconds += images / rate
    }
  }
  return seconds
}
