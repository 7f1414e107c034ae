/**
 * The fast path: the Engine of core/engine.ts on WebGPU, all replicas of a cohort in each dispatch. What it does not
 * know (a recipe or a need that came later, a set too large for its bindings) it leaves to the reference path on the same
 * device.
 */
import type { BackendDescription, Checkpoint, Engine, Replica, Trained } from '../../core/engine.ts'
import type { Architecture } from '../../core/network.ts'
import { trainingSteps, type Recipe } from '../../core/recipe.ts'
import { normalisation, type View } from '../../core/view.ts'
import { architectureOf, ReferenceEngine } from '../engine.ts'
import { EngineError } from '../errors.ts'
import { answerNeeds as answerByReference } from '../inference.ts'
import type { Kernels } from '../kernels.ts'
import { Pixels } from '../pixels.ts'
import { checkRows } from '../training.ts'
import { NoRoom, type Gpu } from './gpu.ts'
import { answerNeeds, ask, KNOWN_NEEDS, type Model } from './inference.ts'
import { planTraining, replicasThatFit, stepProducts, type Limits, type Plan } from './plan.ts'
import { ResidentView } from './resident.ts'
import { shapeOf, type Shape } from './shape.ts'
import { Training, type Outcome } from './training.ts'

/** What the fast path knows of a recipe. */
const KNOWN: ReadonlySet<string> = new Set<keyof Recipe>([
  'network',
  'epochs',
  'stepsFloor',
  'learningRate',
  'batchSize',
  'dropout',
  'augmentation',
  'classWeights',
  'mode'
])

/** Workgroup memory bounds the head: hidden units and twice the classes, in floats of the guaranteed 16 KiB. */
const MOST_UNITS = 4096
/** parts of a set that fit beside the other buffers of a kernel */
const MOST_PARTS = 5
/** a step of all replicas should take no longer, in milliseconds */
const STEP_TIME = 80
/** replicas beyond this many fill no GPU better */
const PREFERRED = 64

export interface FastOptions {
  limits: Limits
  /** images of an inference chunk */
  chunk: number
  /** milliseconds after which an idle device tells that it is done */
  latency: number
  /** multiplications per millisecond, where known beforehand */
  rate: number | null
  close: () => void
  /** the reference path on the same device, opened when it is first needed */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  reference: () => Promise<Kernels<any>>
}

export class FastEngine implements Engine {
  private resident: ResidentView | null = null
  private rate: number | null
  private reference: ReferenceEngine<unknown> | null = null
  private referenceView: View | null = null
  /** weights by encoder key */
  private readonly encoders = new Map<string, Float32Array>()

  constructor(
    readonly gpu: Gpu,
    readonly description: BackendDescription,
    private readonly options: FastOptions
  ) {
    this.rate = options.rate
  }

  get numericsId(): string {
    return this.description.numericsId
  }

  async load(view: View): Promise<void> {
    this.resident?.release()
    this.resident = null
    this.encoders.clear()
    this.resident = await ResidentView.upload(this.gpu, view, this.options.limits.binding)
  }

  adopt(encoder: { key: string; weights: Float32Array }): void {
    this.encoders.set(encoder.key, encoder.weights)
    if (this.referenceView === this.current().view) this.reference?.adopt(encoder)
  }

  architecture(recipe: Recipe): Architecture {
    return architectureOf(this.current().view, recipe)
  }

  /** Replicas that train together at once: as many as memory and the time of a step allow. */
  preferredCohort(recipe: Recipe): number {
    if (!this.knows(recipe)) return 1
    return Math.min(
      PREFERRED,
      this.together(planTraining(shapeOf(this.architecture(recipe)), recipe.batchSize))
    )
  }

  private together(plan: Plan): number {
    const byTime = this.rate ? Math.floor((STEP_TIME * this.rate) / stepProducts(plan)) : Infinity
    return Math.max(1, Math.min(replicasThatFit(plan, this.options.limits), byTime))
  }

  private knows(recipe: Recipe): boolean {
    const { view, pool, test } = this.current()
    const entries = Object.entries(recipe).filter(([, value]) => value !== undefined)
    return (
      entries.every(([key]) => KNOWN.has(key)) &&
      Object.keys(recipe.network).every(key => key === 'channels' || key === 'hidden') &&
      ['none', 'shift', 'flip'].includes(recipe.augmentation) &&
      (recipe.mode === undefined || recipe.mode.kind === 'warm' || recipe.mode.kind === 'fineTune') &&
      (recipe.classWeights === undefined || recipe.classWeights === 'balanced') &&
      recipe.network.channels.length > 0 &&
      recipe.network.hidden + 3 * view.classNames.length + 16 <= MOST_UNITS &&
      recipe.batchSize <= 65535 &&
      view.pool.images.length > 0 &&
      view.shape.channels <= 4 &&
      Math.max(pool.parts.length, test.parts.length) <= MOST_PARTS
    )
  }

  async train(recipe: Recipe, cohort: readonly Replica[], check: Checkpoint = () => {}): Promise<Trained[]> {
    const resident = this.current()
    const { labels } = resident.view.pool
    for (const { labelled } of cohort) checkRows(labelled, labels.length)
    if (!cohort.length) return []
    if (cohort.some(({ labelled }) => labelled.length !== cohort[0].labelled.length)) {
      throw new RangeError('a cohort shares its label count')
    }
    if (!this.knows(recipe)) return (await this.byReference(resident.view)).train(recipe, cohort, check)
    const plan = planTraining(shapeOf(this.architecture(recipe)), recipe.batchSize)
    const steps = trainingSteps(recipe, cohort[0].labelled.length)
    const all = steps * cohort.length
    const outcomes: Outcome[] = []
    let together = this.together(plan)
    resident.hold()
    try {
      while (outcomes.length < cohort.length) {
        const before = outcomes.length
        const group = cohort.slice(before, before + together)
        try {
          const ask = (done: number) => check(before * steps + done * group.length, all)
          outcomes.push(...(await this.trainGroup(resident, plan, recipe, group, ask)))
        } catch (error) {
          // others hold what the plan counted on
          if (!(error instanceof NoRoom) || group.length === 1) throw error
          together = Math.ceil(group.length / 2)
        }
      }
      const rest = () => check(all, all)
      return cohort.map((replica, r) =>
        this.trained(resident, plan.shape, recipe, replica, outcomes[r], rest)
      )
    } finally {
      resident.release()
    }
  }

  private async trainGroup(
    resident: ResidentView,
    plan: Plan,
    recipe: Recipe,
    group: readonly Replica[],
    check: (done: number) => void | Promise<void>
  ): Promise<Outcome[]> {
    const encoder = recipe.mode?.kind === 'fineTune' ? this.encoder(recipe.mode.encoder) : undefined
    const training = await Training.prepare(this.gpu, resident, plan, recipe, group, { encoder })
    try {
      // few small replicas leave a GPU idle: the most it ever did is what it can do
      const measured = (rate: number) => (this.rate = Math.max(this.rate ?? 0, rate * stepProducts(plan)))
      await training.run(check, { latency: this.options.latency, measured })
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
    { seed, labelled }: Replica,
    { steps, trainLoss, weights }: Outcome,
    rest: () => void | Promise<void>
  ): Trained {
    const { chunk, latency } = this.options
    const { gpu } = this
    const { dropout } = recipe
    const labelCount = labelled.length
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
      poolProbabilities: async rows => (await ask(model, pool, rows, plain)).probabilities,
      answer: async (needs, unlabelled, own) => {
        if (needs.every(need => KNOWN_NEEDS.has(need.kind))) return answerNeeds(model, needs, unlabelled, own)
        const { view } = resident
        const pixels = new Pixels(
          view.pool.images,
          view.shape,
          normalisation(view.pool.images, view.shape.channels)
        )
        const same = { net: shape.net, weights, seed, labelCount, dropout, rest }
        return answerByReference(await this.options.reference(), same, pixels, needs, unlabelled, own)
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

  private async byReference(view: View): Promise<Engine> {
    this.reference ??= new ReferenceEngine(await this.options.reference(), this.description)
    if (this.referenceView !== view) {
      await this.reference.load(view)
      for (const [key, weights] of this.encoders) this.reference.adopt({ key, weights })
    }
    this.referenceView = view
    return this.reference
  }

  dispose(): void {
    this.gpu.fail('the engine was closed')
    this.reference?.dispose()
    this.options.close()
  }

  private current(): ResidentView {
    if (!this.resident) throw new EngineError('noBackend', 'no view has been loaded')
    return this.resident
  }
}
