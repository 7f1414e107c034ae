/**
 * What the law decides for the steps of a training (core/law.ts), written down for the GPU some steps ahead: per step a
 * header, and for each replica the keys of its dropout and augmentation and the ids of its batch.
 */
import type { Replica } from '../../core/engine.ts'
import { augmentationKeys, Batches, dropoutKeys } from '../../core/law.ts'
import { derive, type Key } from '../../core/random.ts'
import type { Recipe } from '../../core/recipe.ts'
import { stepRates } from '../adam.ts'
import { HEADER, Header, RECORD } from './kernels/common.ts'
import { stepWords } from './plan.ts'

export class Schedule {
  /** words from one step to the next */
  readonly stride: number
  readonly words: Uint32Array<ArrayBuffer>
  private readonly floats: Float32Array
  /** per replica: its batches, and the keys from which those of each step derive */
  private readonly draws: { batches: Batches; dropout: Key; augmentation: Key }[]

  constructor(
    private readonly recipe: Recipe,
    cohort: readonly Replica[],
    /** steps that fit */
    readonly capacity: number,
    /** places for a replica's losses */
    private readonly slots: number,
    /** of each replica's classes, if the recipe weights them */
    private readonly weights: readonly Float32Array[] = []
  ) {
    this.stride = stepWords(cohort.length, recipe.batchSize, weights[0]?.length)
    this.words = new Uint32Array(this.stride * capacity)
    this.floats = new Float32Array(this.words.buffer)
    this.draws = cohort.map(({ seed, labelled }) => ({
      batches: new Batches(seed, labelled, recipe),
      dropout: dropoutKeys(seed, labelled.length),
      augmentation: augmentationKeys(seed, labelled.length)
    }))
  }

  /** Images of a step's batch: of every replica, since all have as many labels. */
  count(step: number): number {
    return this.draws[0].batches.count(step)
  }

  /** Writes steps `first` .. `first + steps - 1`; returns the words that are filled. */
  fill(first: number, steps: number): Uint32Array<ArrayBuffer> {
    for (let s = 0; s < steps; s++) this.fillStep(first + s, s * this.stride)
    return this.words.subarray(0, steps * this.stride)
  }

  private fillStep(step: number, at: number): void {
    const { words, floats, recipe } = this
    const { rate, correction } = stepRates(recipe.learningRate, step + 1)
    words[at + Header.count] = this.count(step)
    words[at + Header.slot] = step % this.slots
    words[at + Header.slots] = this.slots
    floats[at + Header.rate] = rate
    floats[at + Header.correction] = correction
    let to = at + HEADER
    for (const { batches, dropout, augmentation } of this.draws) {
      if (recipe.dropout > 0) [words[to], words[to + 1]] = derive(dropout, step)
      if (recipe.augmentation !== 'none') [words[to + 2], words[to + 3]] = derive(augmentation, step)
      words.set(batches.at(step), to + RECORD)
      to += RECORD + recipe.batchSize
    }
    words[at + Header.classWeights] = to - at
    for (const own of this.weights) {
      floats.set(own, to)
      to += own.length
    }
  }
}
