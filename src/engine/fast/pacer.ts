/**
 * How much goes into one submit: as many units (dispatches of a training, chunks of an inference) as keep the GPU busy for
 * some tens of milliseconds, so that no watchdog or frame suffers, a suspended round stops soon, and the CPU's share stays
 * small. Found by measuring while it runs; it decides when things are computed, never what.
 */

/** A submit should take about this long, and never as long as the other, in milliseconds. */
export const AIM = 50
const MOST = 90
/** submits that may be under way: the next is prepared while one runs */
const AHEAD = 2

export class Pacer {
  private size: number
  private readonly pending: { units: number; began: number; done: Promise<void> }[] = []
  private lastDone = 0

  /**
   * `latency`: milliseconds after which an idle device reports that it is done (Firefox takes a hundred).
   * `most`: units that fit into a submit; `start`: those of the first; `measured` is told how long some took.
   */
  constructor(
    private readonly latency: number,
    private readonly most: number,
    start = 1,
    private readonly measured: (units: number, milliseconds: number) => void = () => {}
  ) {
    this.size = Math.max(1, Math.min(most, Math.floor(start)))
  }

  /** Units of the next submit. */
  units(left: number): number {
    return Math.min(this.size, this.most, left)
  }

  /** Waits until there is room for another submit. */
  async room(): Promise<void> {
    while (this.pending.length >= AHEAD) await this.first()
  }

  submitted(units: number, done: Promise<void>): void {
    // whoever waits for it later hears of its failure then
    done.catch(() => {})
    this.pending.push({ units, began: performance.now(), done })
  }

  async drain(): Promise<void> {
    while (this.pending.length) await this.first()
  }

  private async first(): Promise<void> {
    const { units, began, done } = this.pending.shift()!
    await done
    const now = performance.now()
    const took = Math.max(now - Math.max(began, this.lastDone) - this.latency, 0.01)
    this.lastDone = now
    this.measured(units, took)
    if (took > MOST) this.size = Math.max(1, Math.floor((units * AIM) / took))
    else if (took < AIM / 2 && 2 * units > this.size) this.size = Math.min(this.most, this.size * 2)
  }
}
