/**
 * Pretraining as it is asked for: by experiments that wait for what it makes, and by the page for its own sake. What was for
 * experiments alone ends with them; what the page asked for goes on.
 */
import { knobsOf, pretrainingOf, pretrainingRows, productsOf } from '../../core/experiment/parts.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import { featureLength, type View } from '../../core/view.ts'
import type { Encoders } from '../pretraining/encoders.ts'
import type { Sources } from '../materials.ts'
import type { LabError, Notice, PretrainingClient } from './types.ts'

interface Options {
  encoders: Encoders
  buildView: Sources['buildView']
  /** the number of the run that was asked for last */
  run(): number
  notice(code: string, parameters?: Notice['parameters']): void
}

export class Pretrainings {
  /** what experiments wait for of the encoders; the page may have asked for the same before */
  private waiting = 0
  private asked = 0
  /** the run that wanted one last */
  private wantedBy = 0

  constructor(private readonly options: Options) {}

  /** What an experiment stands on. */
  readonly sources: Pick<Sources, 'encoder' | 'product'> = {
    encoder: (view, pretraining) => this.wanted(this.options.encoders.get(view, pretraining)),
    product: (view, pretraining, product) =>
      this.wanted(this.options.encoders.product(view, pretraining, product))
  }

  private wanted<T>(made: Promise<T>): Promise<T> {
    this.waiting++
    this.wantedBy = this.options.run()
    return made.finally(() => this.waiting--)
  }

  isWantedBy(run: number): boolean {
    return this.wantedBy === run
  }

  /** No experiment waits any more. */
  callOff(): void {
    if (this.waiting && !this.asked) this.options.encoders.cancel()
  }

  get client(): PretrainingClient {
    const { encoders } = this.options
    return {
      start: experiment => void this.start(experiment),
      pause: () => encoders.pause(),
      resume: () => encoders.resume(),
      cancel: () => encoders.cancel(),
      list: () => encoders.list(),
      remove: key => encoders.remove(key),
      find: key => encoders.find(key),
      keep: encoder => encoders.keepForeign(encoder),
      has: experiment => this.has(experiment),
      standing: async experiment =>
        encoders.standing(await this.viewOf(experiment), pretrainingRows(experiment))
    }
  }

  private viewOf(experiment: Experiment): Promise<View> {
    return this.options.buildView(experiment.source, knobsOf(experiment))
  }

  /** Pretrains without running the experiment. */
  private async start(experiment: Experiment): Promise<void> {
    const { encoders, notice } = this.options
    try {
      const view = await this.viewOf(experiment)
      if (featureLength(view) !== undefined) return
      this.asked++
      const made = encoders.get(view, pretrainingRows(experiment)).finally(() => this.asked--)
      encoders.resume()
      await made
    } catch (error) {
      const { code = 'unexpected', parameters, message } = error as LabError
      if (code !== 'pretrainingCancelled') notice(code, parameters ?? { message })
    }
  }

  private async has(experiment: Experiment): Promise<boolean> {
    const { encoders } = this.options
    const mode = pretrainingOf(experiment)
    const products = [...productsOf(experiment)]
    if (!mode && !products.length) return true
    const view = await this.viewOf(experiment)
    if (featureLength(view) !== undefined) return true
    for (const [product, pretraining] of products)
      if (!(await encoders.locate(view, pretraining, product))) return false
    return !mode || (await encoders.locate(view, mode)) !== undefined
  }
}
