/** Rows of dispatches that differ only in their step, a few at a submit. */
import { replay, type Dispatch, type Gpu } from '../gpu.ts'
import { STEP, Step } from '../kernels/geometry.ts'
import { Pacer } from '../pacer.ts'
import type { Bound } from './bound.ts'

/** Where it is computed. */
export interface Room {
  gpu: Gpu
  /** milliseconds after which an idle device tells that it is done */
  latency: number
  /** of `all` units of `work` products each, how many should be one dispatch, if there are to be at most `most` dispatches */
  together(work: number, all: number, most: number): number
}

/** Products of a dispatch, about: some milliseconds of a small GPU. */
const PRODUCTS = 1 << 28

/** Steps of the first submit, when nothing is known of how long they take. */
const START = 8

export const roomOn = (gpu: Gpu, latency: number): Room => ({
  gpu,
  latency,
  together: (work, all, most) => Math.max(1, Math.ceil(all / most), Math.floor(PRODUCTS / work))
})

export class StepWriter {
  readonly words: Uint32Array<ArrayBuffer>

  constructor(
    readonly length: number,
    count: number,
    { relative, root }: Bound
  ) {
    this.words = new Uint32Array(length * STEP)
    const floats = new Float32Array(this.words.buffer)
    for (let at = 0; at < this.words.length; at += STEP) {
      this.words[at + Step.count] = count
      floats[at + Step.relative] = relative
      floats[at + Step.root] = root
    }
  }

  set(index: number, step: Partial<Record<keyof typeof Step, number>>): void {
    for (const [name, value] of Object.entries(step))
      this.words[index * STEP + Step[name as keyof typeof Step]] = value
  }
}

/** All steps in turn; resolves when they are under way, in an order that whatever is submitted later keeps to. */
export async function runSteps(
  { gpu, latency }: Room,
  buffer: GPUBuffer,
  { words, length }: StepWriter,
  dispatches: (index: number) => readonly Dispatch[]
): Promise<void> {
  if (!length) return
  gpu.write(buffer, words)
  const step = gpu.stepGroup(buffer, 4 * STEP)
  const pacer = new Pacer(latency, length, START)
  for (let done = 0; done < length;) {
    await pacer.room()
    const units = pacer.units(length - done)
    gpu.submit(pass => {
      for (let u = done; u < done + units; u++) {
        pass.setBindGroup(0, step, [4 * STEP * u])
        replay(pass, dispatches(u))
      }
    })
    pacer.submitted(units, gpu.done())
    done += units
  }
}
