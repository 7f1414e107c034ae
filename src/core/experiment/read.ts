/**
 * Reading and writing experiments as JSON: spec files, links, results. Reading is strict about values and lenient about
 * the future: rows and names this version does not know are reported, not guessed at.
 */
import { canonical } from '../keys.ts'
import { findSelector } from '../selectors/index.ts'
import { findStrategy } from '../strategies/index.ts'
import { isId, LONGEST_NAME, safeName } from '../text.ts'
import { frozenExperiment, rowNames, table, type Experiment, type Row, type RowName } from './table.ts'

/** What is wrong with a value: the row, a code for the message catalogue, and the numbers the message needs. */
export interface Problem {
  row: RowName | string
  code:
    | 'notANumber'
    | 'notAnInteger'
    | 'tooSmall'
    | 'tooLarge'
    | 'notAnOption'
    | 'notAList'
    | 'emptyList'
    | 'tooMany'
    | 'repeated'
    | 'notASource'
    | 'budgetBelowInitial'
    | 'budgetAbovePool'
    | 'initialAbovePool'
    | 'oneClass'
    | 'notAnObject'
  limit?: number | string
}

export interface Reading {
  /** present when there is no problem */
  experiment?: Experiment
  problems: Problem[]
  /** rows or names of a later version: the experiment can be shown and not run */
  unknown: string[]
}

/** What is wrong with a number: that it is none, no integer, or out of bounds. */
export function numberProblem(
  row: { kind: string; min: number; max: number },
  value: unknown,
  name: string
): Problem | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { row: name, code: 'notANumber' }
  if (row.kind !== 'real' && !Number.isInteger(value)) return { row: name, code: 'notAnInteger' }
  if (value < row.min) return { row: name, code: 'tooSmall', limit: row.min }
  if (value > row.max) return { row: name, code: 'tooLarge', limit: row.max }
}

/** Checks one value against its row. */
export function checkValue(name: RowName, value: unknown): Problem | undefined {
  const row: Row = table[name]
  switch (row.kind) {
    case 'integer':
    case 'real':
      return numberProblem(row, value, name)
    case 'choice':
      return row.options.includes(value as string)
        ? undefined
        : { row: name, code: 'notAnOption', limit: row.options.join(', ') }
    case 'integers': {
      const list = checkList(name, value, row.most, row.mayBeEmpty)
      if (list) return list
      for (const v of value as unknown[]) {
        const problem = numberProblem(row, v, name)
        if (problem) return problem
      }
      return
    }
    case 'names': {
      const list = checkList(name, value, row.most)
      if (list) return list
      if ((value as unknown[]).some(v => typeof v !== 'string' || !isId(v)))
        return { row: name, code: 'notAnOption' }
      return
    }
    case 'source':
      return isSource(value) ? undefined : { row: name, code: 'notASource' }
  }
}

function checkList(name: RowName, value: unknown, most: number, mayBeEmpty = false): Problem | undefined {
  if (!Array.isArray(value)) return { row: name, code: 'notAList' }
  if (!value.length && !mayBeEmpty) return { row: name, code: 'emptyList' }
  if (value.length > most) return { row: name, code: 'tooMany', limit: most }
  if (new Set(value).size !== value.length) return { row: name, code: 'repeated' }
}

function isSource(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const s = value as Record<string, unknown>
  if (s.kind === 'synthetic') return s.id === 'digits' || s.id === 'shapes'
  return (
    s.kind === 'stored' &&
    typeof s.fingerprint === 'string' &&
    /^[0-9a-f]{64}$/.test(s.fingerprint) &&
    typeof s.name === 'string' &&
    s.name.length <= LONGEST_NAME
  )
}

/** What rows can only be wrong together. */
export function checkTogether(e: Experiment): Problem[] {
  const problems: Problem[] = []
  const largest = Math.max(...e.initialSizes)
  // no budget would mend that
  if (largest > e.poolSize)
    problems.push({ row: 'initialSizes', code: 'initialAbovePool', limit: e.poolSize })
  else if (e.budget < largest) problems.push({ row: 'budget', code: 'budgetBelowInitial', limit: largest })
  if (e.budget > e.poolSize) problems.push({ row: 'budget', code: 'budgetAbovePool', limit: e.poolSize })
  if (e.classes.length === 1) problems.push({ row: 'classes', code: 'oneClass' })
  return problems
}

/** Rows of earlier versions, as the rows that took their place. `initialDraw` was 'pool' or 'balanced'. */
function withoutOldRows(given: Record<string, unknown>): Record<string, unknown> {
  const { initialDraw, ...rest } = given
  if (initialDraw === 'balanced') return { selectors: ['balanced'], ...rest }
  return initialDraw === 'pool' ? rest : given
}

/** Reads a spec: rows that are left out mean their frozen value. Never throws. */
export function readExperiment(json: unknown): Reading {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { problems: [{ row: 'spec', code: 'notAnObject' }], unknown: [] }
  const given = withoutOldRows(json as Record<string, unknown>)
  const problems: Problem[] = []
  const unknown = Object.keys(given).filter(name => !Object.hasOwn(table, name))
  const values: Record<string, unknown> = { ...frozenExperiment }
  for (const name of rowNames) {
    if (!Object.hasOwn(given, name)) continue
    const problem = checkValue(name, given[name])
    if (problem) problems.push(problem)
    else values[name] = given[name]
  }
  if (problems.length) return { problems, unknown }
  const experiment = tidy(values as unknown as Experiment)
  problems.push(...checkTogether(experiment))
  for (const id of experiment.strategies) if (!findStrategy(id)) unknown.push(id)
  for (const id of experiment.selectors) if (!findSelector(id)) unknown.push(id)
  return problems.length ? { problems, unknown } : { experiment, problems, unknown }
}

/** The same experiment in its one canonical form: initial sizes and classes ascending, nothing in the source that is not ours, its name as files carry it. */
export function tidy(e: Experiment): Experiment {
  const { source } = e
  return {
    ...e,
    initialSizes: [...e.initialSizes].sort((a, b) => a - b),
    classes: [...e.classes].sort((a, b) => a - b),
    selectors: [...e.selectors],
    strategies: [...e.strategies],
    source:
      source.kind === 'synthetic'
        ? { kind: source.kind, id: source.id }
        : { kind: source.kind, fingerprint: source.fingerprint, name: safeName(source.name) }
  }
}

/** The spec of an experiment: only the rows that differ from their frozen value. */
export function writeExperiment(e: Experiment): Partial<Experiment> {
  const same = (a: unknown, b: unknown) => canonical(a) === canonical(b)
  return Object.fromEntries(
    rowNames.filter(name => !same(e[name], frozenExperiment[name])).map(name => [name, e[name]])
  ) as Partial<Experiment>
}

/** Two experiments that specify the same thing. */
export function sameExperiment(a: Experiment, b: Experiment): boolean {
  return canonical(tidy(a)) === canonical(tidy(b))
}
