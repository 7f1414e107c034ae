/**
 * The rows of an experiment inside specs, results and links. A spec that is to be run must be known to the last name; one
 * that comes with results is shown even where a later version wrote it, with what is not known listed.
 */
import { readExperiment, writeExperiment, type Problem } from '../experiment/read.ts'
import { table, type Experiment, type Row, type RowName } from '../experiment/table.ts'
import { ExchangeError } from './errors.ts'

const badRow = ({ row, code, limit }: Problem) =>
  new ExchangeError('badRow', row, limit === undefined ? { problem: code } : { problem: code, limit })

export const writeSpecRows = writeExperiment

/** Rows to be run. Throws ExchangeError. */
export function readSpecRows(rows: unknown): Experiment {
  const { experiment, problems, unknown } = readExperiment(rows)
  if (problems.length) throw badRow(problems[0])
  for (const name of unknown) {
    const isRow = Object.hasOwn(rows as object, name)
    const list = experiment!.selectors.includes(name) ? 'selectors' : 'strategies'
    throw new ExchangeError(isRow ? 'unknownRow' : 'unknownName', isRow ? name : list, { name })
  }
  return experiment!
}

/** What a later version may have meant by a value that is none of this version's options. */
function laterOption(name: RowName, value: unknown): string | undefined {
  const row: Row = table[name]
  if (row.kind === 'choice' && typeof value === 'string') return `${name}: ${value.slice(0, 40)}`
  if (row.kind !== 'source' || typeof value !== 'object' || value === null) return undefined
  const { kind, id } = value as Record<string, unknown>
  if (typeof kind !== 'string' || kind === 'stored') return undefined
  return `${name}: ${[kind, id]
    .filter(part => typeof part === 'string')
    .join(' ')
    .slice(0, 40)}`
}

/** Rows to be shown with their results. Throws ExchangeError for values that no version can mean. */
export function readShownRows(rows: unknown): { experiment: Experiment; unknown: string[] } {
  let given = rows
  const later: string[] = []
  for (;;) {
    const { experiment, problems, unknown } = readExperiment(given)
    if (!problems.length) return { experiment: experiment!, unknown: [...unknown, ...later] }
    const [problem] = problems
    const { [problem.row]: value, ...others } = given as Record<string, unknown>
    const option =
      problem.code === 'notAnOption' || problem.code === 'notASource'
        ? laterOption(problem.row as RowName, value)
        : undefined
    if (!option) throw badRow(problem)
    later.push(option)
    given = others
  }
}
