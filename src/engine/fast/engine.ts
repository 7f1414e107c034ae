/**
 * The fast path: the Engine of core/engine.ts on WebGPU, all replicas of a cohort in each dispatch. What it does not
 * know (known.ts) it leaves to WASM, whose bits its numericsId promises as well.
 */
import type { BackendDescription, Checkpoint, Engine, Replica, Trained } from '../../core/engine.ts'
import type { Geometry } from '../../core/geometry.ts'
import type { Architecture } from '../../core/network.ts'
import { trainingSteps, type Recipe } from '../../core/recipe.ts'
import type { View } from '../../core/view.ts'
import { architectureOf } from '../engine.ts'
import { EngineError } from '../errors.ts'
import { checkRows, startWeights } from '../training.ts'
import { Fallback, type AnyKernels } from './fallback.ts'
import { geometryOn } from './geometry/geometry.ts'
import { NoRoom, type Gpu } from './gpu.ts'
import { answerNeeds, ask, type Model } from './inference.ts'
import { knowsNeeds, knowsRecipe, knowsView } from './known.ts'
import { AIM } from './pacer.ts'
import { imageProducts, planTraining, replicasThatFit, stepProducts, type Limits, type Plan } from './plan.ts'
import { ResidentView } from './resident.ts'
import { shapeOf, type Shape } from './shape.ts'
import { Training, type Outcome } from './training.ts'

/** A step of all replicas should take no longer, in milliseconds */
const STEP_TIME = 80
/** Part of a step in the first submit of all, when nothing is known of the adapter. */
const UNKNOWN_START = 0.25
/** Images of an inference chunk at least. */
const SMALLEST_CHUNK = 32
/** Replicas beyond this many fill no GPU better */
const PREFERRED = 64

export interface FastOptions {
  limits: Limits
  /** images of an inference chunk */
  chunk: number
  /** milliseconds after which an idle device tells that it is done */
  latency: number
  /** multiplications per millisecond, where known beforehand */
  rate: number | null
  /** products from which on the device is asked for distances */
  worthIt: number
  close: () => void
  /** opens what the fast path does not know, when it is first needed */
  fallback: () => Promise<AnyKernels>
}

export class FastEngine implements Engine {
  readonly geometry: Geometry
  private view: View | null = null
  /** its images, if they lie on the GPU */
  private resident: ResidentView | null = null
  private rate: number | null
  private readonly fallback: Fallback
  /** weights by encoder key */
  private readonly encoders = new Map<string, Float32Array>()

  constructor(
    readonly gpu: Gpu,
    readonly description: BackendDescription,
    private readonly options: FastOptions
  ) {
    this.rate = options.rate
    this.fallback = new Fallback(options.fallback, description)
    this.geometry = geometryOn(gpu, { latency: options.latency, least: options.worthIt })
  }

  get numericsId(): string {
    return this.description.numericsId
  }

  async load(view: View): Promise<void> {
    this.resident?.release()
    this.resident = null
    this.encoders.clear()
    this.view = null
    if (knowsView(view)) {
      this.resident = await ResidentView.upload(this.gpu, view, this.options.limits.binding)
    }
    this.view = view
  }

  adopt(encoder: { key: string; weights: Float32Array }): void {
    this.encoders.set(encoder.key, encoder.weights)
  }

  architecture(recipe: Recipe): Architecture {
    return architectureOf(this.current(), recipe)
  }

  /** Replicas that train together at once: as many as memory and the time of a step allow. */
  preferredCohort(recipe: Recipe): number {
    if (!knowsRecipe(recipe, this.current())) return 1
    return Math.min(
      PREFERRED,
      this.together(planTraining(shapeOf(this.architecture(recipe)), recipe.batchSize))
    )
  }

  private together(plan: Plan): number {
    const byTime = this.rate ? Math.floor((STEP_TIME * this.rate) / stepProducts(plan)) : Infinity
    return Math.max(1, Math.min(replicasThatFit(plan, this.options.limits), byTime))
  }

  async train(recipe: Recipe, cohort: readonly Replica[], check: Checkpoint = () => {}): Promise<Trained[]> {
    const view = this.current()
    const { labels } = view.pool
    for (const { labelled } of cohort) checkRows(labelled, labels.length)
    if (!cohort.length) return []
    if (cohort.some(({ labelled }) => labelled.length !== cohort[0].labelled.length)) {
      throw new RangeError('a cohort shares its label count')
    }
    const { resident } = this
    if (!resident || !knowsRecipe(recipe, view)) {
      return this.fallback.train(view, this.encoders, recipe, cohort, check)
    }
    const plan = planTraining(shapeOf(this.architecture(recipe)), recipe.batchSize)
    const steps = trainingSteps(recipe, cohort[0].labelled.length)
    const all = steps * cohort.length
    // now: another view may come and take its encoders along
    const encoder = recipe.mode?.kind === 'fineTune' ? this.encoder(recipe.mode.encoder) : undefined
    const outcomes: Outcome[] = []
    let together = this.together(plan)
    resident.hold()
    try {
      while (outcomes.length < cohort.length) {
        const before = outcomes.length
        const group = cohort.slice(before, before + together)
        try {
          const ask = (done: number) => check(before * steps + done * group.length, all)
          outcomes.push(...(await this.trainGroup(resident, plan, recipe, group, ask, encoder)))
        } catch (error) {
          // others hold what the plan counted on
          if (!(error instanceof NoRoom) || group.length === 1) throw error
          together = Math.ceil(group.length / 2)
        }
      }
      const rest = () => check(all, all)
      return cohort.map((replica, r) =>
        this.trained(resident, plan.shape, recipe, replica, outcomes[r], rest, encoder)
      )
    } finally {
      resident.release()
    }
  }

  /** Images that are asked about together: as many as a submit should hold. */
  private chunk(shape: Shape): number {
    const byTime = this.rate ? Math.floor((AIM * this.rate) / imageProducts(shape)) : Infinity
    return Math.max(SMALLEST_CHUNK, Math.min(this.options.chunk, byTime))
  }

  private async trainGroup(
    resident: ResidentView,
    plan: Plan,
    recipe: Recipe,
    group: readonly Replica[],
    check: (done: number) => void | Promise<void>,
    encoder?: Float32Array
  ): Promise<Outcome[]> {
    const training = await Training.prepare(this.gpu, resident, plan, recipe, group, { encoder })
    try {
      // few small replicas leave a GPU idle: the most it ever did is what it can do
      const measured = (rate: number) => (this.rate = Math.max(this.rate ?? 0, rate * stepProducts(plan)))
      const products = stepProducts(plan) * group.length
      const start = this.rate ? Math.min(1, (AIM * this.rate) / products) : UNKNOWN_START
      await training.run(check, { latency: this.options.latency, start, measured })
      return await training.outcome()
    } finally {
      training.dispose()
    }
  }

  /** A finished replica keeps its weights only; whatever is asked of it is computed anew. */
  private trained(
    resident: ResidentView,
    shape: Shape,
    recipe: Recipe,
    replica: Replica,
    { steps, trainLoss, weights }: Outcome,
    rest: () => void | Promise<void>,
    encoder?: Float32Array
  ): Trained {
    const { latency } = this.options
    const { gpu } = this
    const chunk = this.chunk(shape)
    const { dropout } = recipe
    const { seed } = replica
    const labelCount = replica.labelled.length
    const model: Model = { gpu, shape, resident, weights, seed, labelCount, dropout, chunk, latency, rest }
    const plain = { probabilities: true }
    const { test, pool } = resident.hold()
    let alive = true
    return {
      steps,
      trainLoss,
      weights: async () => weights.slice(),
      testProbabilities: async () =>
        (
          await ask(
            model,
            test,
            Uint32Array.from({ length: test.count }, (_, i) => i),
            plain
          )
        ).probabilities,
      poolProbabilities: async (rows, other = weights) =>
        (await ask({ ...model, weights: other }, pool, rows, plain)).probabilities,
      startWeights: async () => startWeights(shape.net, recipe, replica, encoder).slice(),
      answer: async (needs, unlabelled, own) => {
        if (knowsNeeds(needs)) return answerNeeds(model, needs, unlabelled, own)
        return this.fallback.answer(resident.view, recipe, replica, weights, needs, unlabelled, own, rest)
      },
      dispose: () => {
        if (alive) resident.release()
        alive = false
      }
    }
  }

  private encoder(key: string): Float32Array {
    const weights = this.encoders.get(key)
    if (!weights) throw new RangeError(`the encoder ${key} was not handed over`)
    return weights
  }

  dispose(): void {
    this.gpu.fail('the engine was closed')
    this.fallback.dispose()
    this.options.close()
  }

  private current(): View {
    if (!this.view) throw new EngineError('noBackend', 'no view has been loaded')
    return this.view
  }
}
