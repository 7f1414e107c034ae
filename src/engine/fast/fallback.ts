/**
 * What the fast path leaves to WASM, in the same worker: opened when it is first needed, and proved. Its bits are the
 * same on every machine, so one id can promise both (open.ts). One engine per view: trainings that began on the view
 * before end on it.
 */
import type { BackendDescription, Checkpoint, Replica, Trained } from '../../core/engine.ts'
import type { EngineNeed, NeedResults } from '../../core/needs.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { View } from '../../core/view.ts'
import { ReferenceEngine } from '../engine.ts'
import { EngineError } from '../errors.ts'
import type { Kernels } from '../kernels.ts'
import { probe } from '../probe.ts'
import { WASM_NUMERICS_ID } from '../wasm/id.ts'

// the tensor type belongs to the kernels alone
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyKernels = Kernels<any>

/** WASM's kernels. Rejects with an EngineError: 'noBackend', or 'wrongNumbers' if they are not those of this build. */
export async function wasmKernels(wasmUrl?: string): Promise<AnyKernels> {
  const opened = await (await import('../backends/wasm.ts')).openWasm(wasmUrl)
  const { numericsId } = await probe(opened)
  if (numericsId === WASM_NUMERICS_ID) return opened.kernels
  opened.kernels.dispose()
  throw new EngineError('wrongNumbers', `WASM computes otherwise here: ${numericsId}`)
}

export class Fallback {
  private kernels: Promise<AnyKernels> | null = null
  private held: { view: View; engine: Promise<ReferenceEngine<unknown>> } | null = null

  /** `description`: what its engines say of themselves, which is the fast path's. */
  constructor(
    private readonly open: () => Promise<AnyKernels>,
    private readonly description: BackendDescription
  ) {}

  async train(
    view: View,
    encoders: ReadonlyMap<string, Float32Array>,
    recipe: Recipe,
    cohort: readonly Replica[],
    check: Checkpoint
  ): Promise<Trained[]> {
    // those of now: another view may come and take them along
    const own = [...encoders]
    const engine = await this.engine(view)
    for (const [key, weights] of own) engine.adopt({ key, weights })
    return engine.train(recipe, cohort, check)
  }

  /** Answers needs of a network that was trained elsewhere: it starts warm from those weights and takes no step. */
  async answer(
    view: View,
    recipe: Recipe,
    { seed, labelled }: Replica,
    weights: Float32Array,
    needs: readonly EngineNeed[],
    unlabelled: Uint32Array,
    own: Uint32Array,
    rest: () => void | Promise<void>
  ): Promise<NeedResults> {
    const engine = await this.engine(view)
    const still: Recipe = { ...recipe, epochs: 0, stepsFloor: 0, mode: { kind: 'warm' } }
    const [trained] = await engine.train(still, [{ seed, labelled, before: weights }], rest)
    try {
      return await trained.answer(needs, unlabelled, own)
    } finally {
      trained.dispose()
    }
  }

  private engine(view: View): Promise<ReferenceEngine<unknown>> {
    if (this.held?.view !== view) this.held = { view, engine: this.load(view) }
    return this.held.engine
  }

  private async load(view: View): Promise<ReferenceEngine<unknown>> {
    try {
      const engine = new ReferenceEngine(await (this.kernels ??= this.open()), this.description)
      await engine.load(view)
      return engine
    } catch (error) {
      // whoever asks next tries again
      this.kernels = null
      this.held = null
      throw error
    }
  }

  dispose(): void {
    void this.kernels?.then(
      kernels => kernels.dispose(),
      () => {}
    )
  }
}
