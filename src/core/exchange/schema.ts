/**
 * Spec and result files: JSON with a format and a version, described in docs/schema.md. Writing gives plain objects; reading
 * takes text or parsed JSON, accepts nothing that is wrong, and says which field it is. A result keeps its records;
 * measurements stand once under their training key, because arms share trainings.
 */
import * as v from 'valibot'
import { table, type Experiment } from '../experiment/table.ts'
import type { Measurement } from '../record.ts'
import { RANDOM, type Arm, type Discordance, type Point, type Result } from '../result.ts'
import { checkDiscordances, checkResult, Counts } from './check.ts'
import { ExchangeError } from './errors.ts'
import * as f from './fields.ts'
import { readMeasurement, writeMeasurement, type MeasurementJson } from './records.ts'
import { readShownRows, readSpecRows, writeSpecRows } from './spec.ts'

export const SPEC_FORMAT = 'dal-experiment'
export const RESULT_FORMAT = 'dal-result'
export const VERSION = 1

const { count, integer, limits, list, name, seed } = f

export const shape = v.object({
  height: integer(1, limits.side),
  width: integer(1, limits.side),
  channels: integer(1, limits.channels)
})

/** a member of a later version would split what looks like one arm here: not shown at all */
const arm = v.strictObject({
  strategy: v.pipe(v.string(), v.maxLength(40)),
  /** left out: the first of the experiment's selectors */
  selector: v.optional(v.pipe(v.string(), v.maxLength(40))),
  initialSize: count
})

const resultFile = v.object({
  experiment: v.record(v.string(), v.unknown()),
  dataset: v.object({
    name,
    fingerprint: f.fingerprint,
    shape,
    classNames: v.pipe(list(name, limits.classes), v.minLength(1)),
    poolSize: integer(1, limits.pool),
    testSize: integer(1, limits.test),
    majority: v.optional(integer(1, limits.test))
  }),
  numerics: list(v.object({ id: f.numericsId, backend: f.backend, detail: name }), limits.numerics),
  runs: list(
    v.object({
      arm,
      seed,
      numericsId: f.numericsId,
      points: list(
        v.object({
          labelCount: integer(1, limits.pool),
          correct: count,
          record: v.optional(
            v.object({
              trainingKey: f.key,
              classCounts: list(count, limits.classes),
              added: list(integer(0, limits.pool), limits.pool),
              querySeconds: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0)))
            })
          )
        }),
        limits.points
      )
    }),
    limits.runs
  ),
  measurements: v.optional(v.record(v.string(), v.unknown())),
  incomplete: v.optional(name),
  ceiling: list(
    v.object({ seed, numericsId: f.numericsId, correct: count, labelCount: integer(1, limits.pool) }),
    limits.ceiling
  ),
  discordances: v.optional(
    list(
      v.object({
        arm,
        labelCount: count,
        against: v.optional(v.pipe(v.string(), v.maxLength(40))),
        againstSelector: v.optional(v.pipe(v.string(), v.maxLength(40))),
        againstSize: v.optional(count),
        /** left out: the only one of the result */
        numericsId: v.optional(f.numericsId),
        seeds: list(seed, 1000),
        images: count,
        cells: count
      }),
      limits.discordances
    )
  )
})

export type ResultFile = { format: typeof RESULT_FORMAT; version: number; app?: string } & v.InferInput<
  typeof resultFile
>
export type SpecFile = { format: typeof SPEC_FORMAT; version: number } & Partial<Experiment>

export function writeSpec(experiment: Experiment): SpecFile {
  return { format: SPEC_FORMAT, version: VERSION, ...writeSpecRows(experiment) }
}

/** `app` is the version of the program. Throws ExchangeError 'laterVersion' for a result that this version knows only in part. */
export function writeResult(result: Result, app?: string): ResultFile {
  if (result.unknown?.length) throw new ExchangeError('laterVersion', 'experiment')
  const measurements: Record<string, MeasurementJson> = {}
  const writePoint = ({ labelCount, correct, record }: Point) => {
    if (!record) return { labelCount, correct }
    const { trainingKey, classCounts, added, measurement, querySeconds } = record
    measurements[trainingKey] ??= writeMeasurement(measurement)
    return {
      labelCount,
      correct,
      record: { trainingKey, classCounts: [...classCounts], added: [...added], querySeconds }
    }
  }
  const { experiment, dataset, numerics, ceiling, discordances, incomplete } = result
  const runs = result.runs.map(run => ({
    ...run,
    arm: writeArm(run.arm, experiment),
    points: run.points.map(writePoint)
  }))
  return {
    format: RESULT_FORMAT,
    version: VERSION,
    ...(app === undefined ? {} : { app }),
    experiment: { ...writeSpecRows(experiment) },
    dataset,
    numerics,
    runs,
    ...(Object.keys(measurements).length ? { measurements } : {}),
    ...(incomplete === undefined ? {} : { incomplete }),
    ceiling,
    ...(discordances
      ? {
          discordances: discordances.map(({ numericsId, ...d }) => ({
            ...d,
            arm: writeArm(d.arm, experiment),
            ...(numerics.length > 1 ? { numericsId } : {})
          }))
        }
      : {})
  }
}

/** The text of a result file. */
export const resultText = (result: Result, app?: string) => `${JSON.stringify(writeResult(result, app))}\n`
export const specText = (experiment: Experiment) => `${JSON.stringify(writeSpec(experiment), null, 2)}\n`

type ArmJson = v.InferOutput<typeof arm>

/** The first selector goes without saying: results from before selectors had one and did not name it. */
function writeArm({ strategy, selector = RANDOM, initialSize }: Arm, e: Experiment): ArmJson {
  return { strategy, ...(selector === e.selectors[0] ? {} : { selector }), initialSize }
}

function readArm({ strategy, selector, initialSize }: ArmJson, e: Experiment): Arm {
  const meant = selector ?? e.selectors[0]
  return { strategy, ...(meant === RANDOM ? {} : { selector: meant }), initialSize }
}

/**
 * The numerics of sums that name none: the one whose counts they fit. Where they fit several nobody knows whose they are, and
 * they are left out.
 */
function ownedBy(
  result: Result,
  counts: Counts,
  d: Omit<Discordance, 'numericsId'>,
  at: string
): Discordance[] {
  const all = result.numerics.map(({ id: numericsId }) => ({ ...d, numericsId }))
  if (!all.some(owned => counts.differences(owned) !== undefined)) throw new ExchangeError('notListed', at)
  const fitting = all.filter(owned => counts.agree(owned, result.dataset.testSize))
  if (!fitting.length) throw new ExchangeError('inconsistent', at)
  return fitting.length === 1 ? fitting : []
}

function readResultV1(json: unknown): Result {
  const { experiment: rows, measurements = {}, ...file } = f.parse(resultFile, json)
  const { experiment, unknown } = readShownRows(rows)
  const known = new Map<string, Measurement>(
    Object.entries(measurements).map(([key, m]) => [key, readMeasurement(m, `measurements.${key}`)])
  )
  const runs = file.runs.map(({ points, ...run }, i) => ({
    ...run,
    arm: readArm(run.arm, experiment),
    points: points.map(({ labelCount, correct, record }, j): Point => {
      if (!record) return { labelCount, correct }
      const { trainingKey, classCounts, added, querySeconds } = record
      const measurement = known.get(trainingKey)
      if (!measurement) throw new ExchangeError('notListed', `runs.${i}.points.${j}.record.trainingKey`)
      const full = {
        labelCount,
        trainingKey,
        measurement,
        classCounts,
        added: Uint32Array.from(added),
        ...(querySeconds === undefined ? {} : { querySeconds })
      }
      return { labelCount, correct, record: full }
    })
  }))
  const { discordances, ...others } = file
  const result: Result = { experiment, ...others, runs }
  if (unknown.length) result.unknown = unknown
  checkResult(result)
  if (!discordances) return result
  const counts = new Counts(runs)
  result.discordances = discordances.flatMap(({ numericsId, ...d }, i) => {
    const whole = { ...d, arm: readArm(d.arm, experiment) }
    if (numericsId !== undefined) return { ...whole, numericsId }
    return ownedBy(result, counts, whole, `discordances.${i}`)
  })
  checkDiscordances(result)
  return result
}

/** by version: an old file is read for ever */
const readers: Record<number, (json: unknown) => Result> = { 1: readResultV1 }

export type Document = { experiment: Experiment } | { result: Result }

/** A spec or a result, as parsed JSON. Rows without a format are a spec. Throws ExchangeError. */
export function readDocument(json: unknown): Document {
  f.refuseForbiddenKeys(json)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ExchangeError('notOurs')
  const { format, version, ...rows } = json as Record<string, unknown>
  if (format === undefined && version === undefined) {
    const names = Object.keys(rows)
    if (names.length && !names.some(row => Object.hasOwn(table, row))) throw new ExchangeError('notOurs')
    return { experiment: readSpecRows(rows) }
  }
  if (format !== SPEC_FORMAT && format !== RESULT_FORMAT) throw new ExchangeError('notOurs', 'format')
  f.parse(integer(1, Number.MAX_SAFE_INTEGER), version, 'version')
  if ((version as number) > VERSION)
    throw new ExchangeError('newerVersion', 'version', { version: version as number })
  if (format === RESULT_FORMAT) return { result: readers[version as number](rows) }
  return { experiment: readSpecRows(rows) }
}

/** The text of a file. Throws ExchangeError. */
export function readText(text: string): Document {
  if (text.length > limits.file) throw new ExchangeError('tooLarge', '', { limit: limits.file })
  let json: unknown
  try {
    // some editors begin a file with a byte order mark
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    throw new ExchangeError('notJson')
  }
  return readDocument(json)
}
