/** What the tests of composed trainings share: the optimiser and the masks by their definitions, and the engines to compare with. */
import { afterAll, beforeAll, describe } from 'vitest'
import { trainingMask } from '../../src/core/law.ts'
import { ADAM } from '../../src/core/recipe.ts'
import type { View } from '../../src/core/view.ts'
import { openCpu } from '../../src/engine/backends/cpu.ts'
import { openWasm } from '../../src/engine/backends/wasm.ts'
import { ReferenceEngine } from '../../src/engine/engine.ts'
import type { Kernels } from '../../src/engine/kernels.ts'
import type { Matrix } from './reference.ts'

/** Kingma and Ba's steps on one list of parameters. */
export class Adam {
  private readonly m: Matrix
  private readonly v: Matrix
  private t = 0
  constructor(
    public at: Matrix,
    private readonly rate: number
  ) {
    this.m = new Float64Array(at.length)
    this.v = new Float64Array(at.length)
  }
  step(gradient: ArrayLike<number>) {
    this.t++
    this.at = this.at.map((w, i) => {
      this.m[i] = ADAM.beta1 * this.m[i] + (1 - ADAM.beta1) * gradient[i]
      this.v[i] = ADAM.beta2 * this.v[i] + (1 - ADAM.beta2) * gradient[i] ** 2
      const mean = this.m[i] / (1 - ADAM.beta1 ** this.t)
      return w - (this.rate * mean) / (Math.sqrt(this.v[i] / (1 - ADAM.beta2 ** this.t)) + ADAM.epsilon)
    })
  }
}

export const softmaxOf = (logits: ArrayLike<number>): number[] => {
  const exps = Array.from(logits, v => Math.exp(v))
  const sum = exps.reduce((s, v) => s + v, 0)
  return exps.map(v => v / sum)
}

/** Dropout masks of some lanes, [lanes, features]; null without dropout. */
export function masksOf(
  features: number,
  lanes: ArrayLike<number>,
  key: readonly [number, number],
  rate: number
): Matrix | null {
  if (!rate) return null
  const all = new Float64Array(lanes.length * features)
  const row = new Float32Array(features)
  Array.from(lanes).forEach((lane, i) => {
    trainingMask(row, key, lane, rate)
    all.set(row, i * features)
  })
  return all
}

export interface Stand {
  engine: ReferenceEngine<unknown>
  kernels: Kernels<unknown>
}

/** The tests of `body` on WASM and on the CPU, each with an engine that has loaded the view when a test or a hook of the body asks. */
export function onReferences(view: View, body: (stand: () => Stand, backend: 'wasm' | 'cpu') => void): void {
  describe.each([
    ['wasm', () => openWasm()],
    ['cpu', async () => openCpu()]
  ] as const)('on %s', (backend, open) => {
    let stand: Stand
    beforeAll(async () => {
      const kernels = (await open()).kernels as Kernels<unknown>
      const description = { backend, numericsId: 'test', detail: '', stepMilliseconds: 1 }
      stand = { kernels, engine: new ReferenceEngine(kernels, description) }
      await stand.engine.load(view)
    })
    afterAll(() => stand?.engine.dispose())
    body(() => stand, backend)
  })
}
