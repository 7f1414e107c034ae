/**
 * What is known of trainings and queries, by key: in memory, and behind it the record store. An answer is stored before it
 * counts as known, so that nothing is shown that a crash could lose; until then it is on its way and nobody needs to
 * compute it again.
 */
import type { Measurement, Pick } from '../core/record.ts'
import type { RecordStore } from '../core/recordStore.ts'
import type { Fresh } from './wishes.ts'

/** Milliseconds after which a store that does not answer counts as one that refuses. */
const PATIENCE = 30_000

export class Answers {
  private readonly measurements = new Map<string, Measurement>()
  private readonly picks = new Map<string, Pick>()
  /** the store was asked for these in vain */
  private readonly missing = new Set<string>()
  /** being stored */
  private readonly arriving = new Set<string>()
  /** what the store is being asked */
  private readonly lookUps = new Set<Promise<void>>()

  /** `refused` is told when the store would not keep an answer: memory keeps it all the same. `known`: an answer is known from now on. */
  constructor(
    private readonly records: RecordStore,
    private readonly refused: (reason: string) => void,
    private readonly known: (key: string) => void
  ) {}

  measurement(trainingKey: string): Measurement | undefined {
    return this.measurements.get(trainingKey)
  }

  pick(queryKey: string): Pick | undefined {
    return this.picks.get(queryKey)
  }

  isArriving(key: string): boolean {
    return this.arriving.has(key)
  }

  /** It is not on its way, and the store was not asked for it in vain. */
  private isNew(key: string): boolean {
    return !this.missing.has(key) && !this.arriving.has(key)
  }

  /**
   * Brings in what the store has of those that are new, and waits for what else it is being asked at the time, as one who comes
   * later is not to start what may be there. Undefined: there is nothing to wait for.
   */
  lookUp({ trainings, queries }: Fresh): Promise<unknown> | undefined {
    const trainingKeys = [...trainings].filter(key => this.isNew(key))
    const queryKeys = [...queries.keys()].filter(key => this.isNew(key))
    if (trainingKeys.length || queryKeys.length) {
      const lookUp = this.ask(trainingKeys, queryKeys, queries).finally(() => this.lookUps.delete(lookUp))
      this.lookUps.add(lookUp)
    }
    return this.lookUps.size ? Promise.all(this.lookUps) : undefined
  }

  /** A pick of another length than its query asks for is damaged, and missing. */
  private async ask(
    trainingKeys: string[],
    queryKeys: string[],
    queries: ReadonlyMap<string, number>
  ): Promise<void> {
    const [measurements, picks] = await Promise.all([
      this.records.getMeasurements(trainingKeys),
      this.records.getPicks(queryKeys)
    ])
    const whole = picks.map((pick, i) =>
      pick?.picks.length === queries.get(queryKeys[i]) ? pick : undefined
    )
    this.enter(trainingKeys, measurements, this.measurements)
    this.enter(queryKeys, whole, this.picks)
  }

  private enter<T>(keys: string[], found: (T | undefined)[], into: Map<string, T>): void {
    keys.forEach((key, i) => {
      const value = found[i]
      if (value === undefined) this.missing.add(key)
      else if (!into.has(key)) {
        into.set(key, value)
        this.known(key)
      }
    })
  }

  /** Resolves when the measurement is stored and known. */
  keepMeasurement(key: string, measurement: Measurement): Promise<void> {
    return this.keep(key, measurement, this.measurements, () => this.records.putMeasurement(key, measurement))
  }

  /** Resolves when the pick is stored and known. */
  keepPick(key: string, pick: Pick): Promise<void> {
    return this.keep(key, pick, this.picks, () => this.records.putPick(key, pick))
  }

  private async keep<T>(
    key: string,
    value: T,
    into: Map<string, T>,
    write: () => Promise<void>
  ): Promise<void> {
    this.arriving.add(key)
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store does not answer')), PATIENCE)
    })
    try {
      await Promise.race([write(), late])
    } catch (error) {
      this.refused(String((error as Error).message ?? error))
    }
    clearTimeout(timer)
    this.arriving.delete(key)
    into.set(key, value)
    this.known(key)
  }
}
