/**
 * The kinds of fields that files and links are made of, as valibot schemas, and the way from a schema's first complaint to
 * an ExchangeError that names the field.
 */
import * as v from 'valibot'
import { isSafeText, LONGEST_NAME } from '../text.ts'
import { ExchangeError, type ExchangeErrorCode } from './errors.ts'

export const limits = {
  name: LONGEST_NAME,
  classes: 1000,
  numerics: 100,
  runs: 20_000,
  points: 20_000,
  ceiling: 2_000,
  discordances: 20_000,
  /** of one side of an image */
  side: 4096,
  channels: 16,
  pool: 10_000_000,
  test: 1_000_000,
  /** characters of a file */
  file: 200_000_000
} as const

/** Text for people, shown as text and never as markup. */
export const name = v.pipe(v.string(), v.maxLength(limits.name), v.check(isSafeText, 'unsafeText'))
export const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max))
export const count = integer(0, Number.MAX_SAFE_INTEGER)
export const seed = integer(0, 2 ** 32 - 1)
export const fingerprint = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
export const key = v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/))
export const backend = v.picklist(['webgpu', 'wasm', 'cpu'])
export const numericsId = v.pipe(v.string(), v.regex(/^[\w.:-]{1,100}$/))
export const list = <T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(v.array(item), v.maxLength(most))

const codes: Record<string, ExchangeErrorCode> = {
  min_value: 'outOfRange',
  max_value: 'outOfRange',
  max_length: 'tooMany',
  check: 'unsafeText'
}

/** The output of a schema, or an ExchangeError for its first complaint. */
export function parse<T extends v.GenericSchema>(schema: T, json: unknown, at = ''): v.InferOutput<T> {
  const result = v.safeParse(schema, json, { abortEarly: true })
  if (result.success) return result.output
  const issue = result.issues[0]
  const field = [at, v.getDotPath(issue)].filter(Boolean).join('.')
  const limit = issue.requirement
  throw new ExchangeError(codes[issue.type] ?? 'wrongType', field, typeof limit === 'number' ? { limit } : {})
}

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/** Refuses keys that could reach a prototype, wherever they are. */
export function refuseForbiddenKeys(json: unknown): void {
  const open: unknown[] = [json]
  while (open.length) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value))
      for (const name of Object.keys(value))
        if (forbidden.has(name)) throw new ExchangeError('forbiddenKey', name)
    for (const member of Object.values(value)) if (typeof member === 'object') open.push(member)
  }
}
