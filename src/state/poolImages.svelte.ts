/** Images of the pool that somebody looks at: asked of the data worker, and forgotten when those of another pool are looked at. */
import { knobsOf } from '../core/experiment/parts.ts'
import { rowLength } from '../core/view.ts'
import type { Result } from '../core/result.ts'
import type { DataClient, Notice, PoolSample } from '../runtime/client/types.ts'
import { noticeOf } from './notices.svelte.ts'
import { rowsToAsk } from './rowsToAsk.ts'

/** Bytes that are worth having before they are looked at. */
const MOST_AHEAD = 8e6

export class PoolImages {
  #sample = $state.raw<PoolSample>()
  /** why there are none */
  problem = $state.raw<Notice>()
  #data = $state.raw<Pick<DataClient, 'images'>>()
  #looks = 0

  connect(data: Pick<DataClient, 'images'>): void {
    this.#data = data
  }

  get ready(): boolean {
    return this.#data !== undefined
  }

  /** What is there of a result's pool: what was asked for last, and perhaps more. */
  of({ dataset }: Result): PoolSample | undefined {
    return this.#sample?.fingerprint === dataset.fingerprint ? this.#sample : undefined
  }

  /**
   * Has these rows of a result's pool, and where that is not much those that may be looked at `next`. Another pool's images are
   * not shown for them: then the problem is 'otherImages'. Of several looks at once the last one counts.
   */
  async look(result: Result, rows: Iterable<number>, next: Iterable<number>): Promise<void> {
    const look = ++this.#looks
    const { dataset, experiment } = result
    const most = MOST_AHEAD / rowLength(dataset.shape)
    const asked = rowsToAsk(this.of(result)?.rows ?? [], rows, next, most)
    if (!asked) return
    try {
      const sample = await this.#data!.images(experiment.source, knobsOf(experiment), asked)
      if (look !== this.#looks) return
      const same = sample.fingerprint === dataset.fingerprint
      this.#sample = same ? sample : undefined
      this.problem = same ? undefined : { code: 'otherImages' }
    } catch (error) {
      if (look !== this.#looks) return
      this.#sample = undefined
      this.problem = noticeOf(error)
    }
  }
}
