/** What the parts of a link's result have in common: reading packed integers with care, and the order of runs. */
import { armsOf } from '../experiment/parts.ts'
import type { Experiment } from '../experiment/table.ts'
import { armKey, type Arm, type Run } from '../result.ts'
import { ExchangeError } from './errors.ts'
import { unpackIntegers } from './pack.ts'

/** Reads packed integers one by one; a link that ends too early or says what cannot be is 'unreadable'. */
export class Reader {
  #at = 0
  readonly #values: number[]
  readonly #field: string
  constructor(text: string, field: string) {
    this.#field = field
    this.#values = unpackIntegers(text) ?? this.refuse()
  }
  refuse(): never {
    throw new ExchangeError('unreadable', this.#field)
  }
  get done(): boolean {
    return this.#at === this.#values.length
  }
  get left(): number {
    return this.#values.length - this.#at
  }
  next(): number {
    return this.done ? this.refuse() : this.#values[this.#at++]
  }
  /** the item of a list whose index is `index` */
  item<T>(items: readonly T[], index: number): T {
    return index >= 0 && index < items.length ? items[index] : this.refuse()
  }
}

/** Where a run stands when arms follow each other and in each the seeds. */
export class Places {
  readonly arms: Arm[]
  readonly #index: Map<string, number>
  constructor(private readonly e: Experiment) {
    this.arms = armsOf(e)
    this.#index = new Map(this.arms.map((a, i) => [armKey(a), i]))
  }
  arm(arm: Arm): number {
    return this.#index.get(armKey(arm))!
  }
  of(run: Run): number {
    return this.arm(run.arm) * this.e.seeds + run.seed - this.e.firstSeed
  }
  at(place: number, reader: Reader): { arm: Arm; seed: number } {
    const arm = reader.item(this.arms, Math.floor(place / this.e.seeds))
    return { arm: { ...arm }, seed: this.e.firstSeed + (place % this.e.seeds) }
  }
  /** label counts of an arm */
  counts(n: number[][], arm: Arm): number[] {
    return n[this.e.initialSizes.indexOf(arm.initialSize)]
  }
}
