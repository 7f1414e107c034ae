import type { Measurement, Pick } from '../../src/core/record.ts'
import type { RecordBatch, RecordStore } from '../../src/core/recordStore.ts'

/** Records in memory, with a switch that makes writing fail. */
export class MemoryRecords implements RecordStore {
  measurements = new Map<string, Measurement>()
  picks = new Map<string, Pick>()
  refuses = false
  async getMeasurements(keys: readonly string[]) {
    return keys.map(k => this.measurements.get(k))
  }
  async getPicks(keys: readonly string[]) {
    return keys.map(k => this.picks.get(k))
  }
  async putMeasurement(key: string, m: Measurement) {
    if (this.refuses) throw new Error('full')
    this.measurements.set(key, m)
  }
  async putPick(key: string, p: Pick) {
    if (this.refuses) throw new Error('full')
    this.picks.set(key, p)
  }
  async putAll({ measurements = [], picks = [] }: RecordBatch) {
    for (const [k, m] of measurements) await this.putMeasurement(k, m)
    for (const [k, p] of picks) await this.putPick(k, p)
  }
}
