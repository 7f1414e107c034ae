/** The JSON form of what is kept of a training: bits as base64, numbers that are not finite by their name. */
import * as v from 'valibot'
import type { Measurement, Pick } from '../record.ts'
import { isMeasurement, isPick } from '../recordStore.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { ExchangeError } from './errors.ts'
import { count, integer, limits, list, parse } from './fields.ts'

const names = ['NaN', 'Infinity', '-Infinity'] as const

/** A diverged training has a loss that is not finite; JSON has no such number. */
const real = v.union([v.pipe(v.number(), v.finite()), v.pipe(v.picklist(names), v.transform(Number))])
const writeReal = (x: number) => (Number.isFinite(x) ? x : (String(x) as (typeof names)[number]))

const base64 = v.pipe(v.string(), v.maxLength(limits.test))

const measurement = v.object({
  labelCount: count,
  correct: base64,
  testSize: integer(1, limits.test),
  predicted: list(count, limits.classes),
  steps: count,
  trainLoss: real,
  testLoss: real,
  diagnostics: v.object({
    marginalCrossEntropy: real,
    predictedEntropy: real,
    predictedClasses: count,
    meanConfidence: real
  }),
  seconds: v.object({ train: real, test: real })
})

export type MeasurementJson = v.InferInput<typeof measurement>

export function writeMeasurement(m: Measurement): MeasurementJson {
  const {
    labelCount,
    correct,
    testSize,
    predicted,
    steps,
    trainLoss,
    testLoss,
    diagnostics: d,
    seconds: s
  } = m
  return {
    labelCount,
    correct: toBase64(correct),
    testSize,
    predicted: [...predicted],
    steps,
    trainLoss: writeReal(trainLoss),
    testLoss: writeReal(testLoss),
    diagnostics: {
      marginalCrossEntropy: writeReal(d.marginalCrossEntropy),
      predictedEntropy: writeReal(d.predictedEntropy),
      predictedClasses: d.predictedClasses,
      meanConfidence: writeReal(d.meanConfidence)
    },
    seconds: { train: s.train, test: s.test }
  }
}

/** Throws ExchangeError. `at` is the path of the field. */
export function readMeasurement(json: unknown, at = ''): Measurement {
  const { correct, ...rest } = parse(measurement, json, at)
  const bits = fromBase64(correct)
  const where = at ? `${at}.correct` : 'correct'
  if (!bits) throw new ExchangeError('wrongType', where)
  const m: Measurement = { ...rest, correct: bits }
  if (!isMeasurement(m)) throw new ExchangeError('inconsistent', where)
  return m
}

const pick = v.object({
  picks: v.array(integer(0, 2 ** 32 - 1)),
  scores: v.optional(v.array(real)),
  seconds: real
})

export type PickJson = v.InferInput<typeof pick>

export function writePick({ picks, scores, seconds }: Pick): PickJson {
  const json = { picks: [...picks], seconds }
  return scores ? { ...json, scores: [...scores].map(writeReal) } : json
}

/** Throws ExchangeError. */
export function readPick(json: unknown): Pick {
  const { picks, scores, seconds } = parse(pick, json)
  const p: Pick = { picks: Uint32Array.from(picks), seconds }
  if (scores) p.scores = Float32Array.from(scores)
  if (!isPick(p)) throw new ExchangeError('inconsistent', 'picks')
  return p
}
