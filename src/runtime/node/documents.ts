/** Specs and results in files. What is wrong with one is told with its name. */
import { readFile } from 'node:fs/promises'
import type { Experiment } from '../../core/experiment/table.ts'
import { ExchangeError } from '../../core/exchange/errors.ts'
import { mergeResults } from '../../core/exchange/merge.ts'
import { readText, type Document } from '../../core/exchange/schema.ts'
import { readSpecRows } from '../../core/exchange/spec.ts'
import type { Result } from '../../core/result.ts'
import { PlainError, refusalOf } from './plainError.ts'
import { aboutFile } from './words.ts'

/** Throws ExchangeError. */
function documentOf(text: string): Document {
  try {
    return readText(text)
  } catch (error) {
    // that it is none of ours says nothing about rows with a mistake in their name
    if (error instanceof ExchangeError && error.code === 'notOurs' && !error.field)
      readSpecRows(JSON.parse(text.replace(/^\ufeff/, '')))
    throw error
  }
}

/** Rejects with PlainError. */
async function read(path: string): Promise<Document> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new PlainError(`“${path}”: ${refusalOf(error) ?? String(error)}.`)
  })
  try {
    return documentOf(text)
  } catch (error) {
    throw error instanceof ExchangeError ? aboutFile(path, error) : error
  }
}

/** The experiment of a spec, or of a result that is to be computed again. */
export async function readSpec(path: string): Promise<Experiment> {
  const document = await read(path)
  if ('experiment' in document) return document.experiment
  const { experiment, unknown = [] } = document.result
  if (unknown.length)
    throw new PlainError(`“${path}” is of a later version and cannot be run: ${unknown.join(', ')}`)
  return experiment
}

/** One result of several; those that do not go together are named. */
export async function mergeFiles(paths: readonly string[]): Promise<Result> {
  const results = await Promise.all(
    paths.map(async path => {
      const document = await read(path)
      if (!('result' in document)) throw new PlainError(`“${path}” is a spec, not a result`)
      return document.result
    })
  )
  const wrongWith = (those: readonly number[]): ExchangeError | undefined => {
    try {
      mergeResults(those.map(i => results[i]))
    } catch (error) {
      if (error instanceof ExchangeError) return error
      throw error
    }
  }
  try {
    return mergeResults(results)
  } catch (error) {
    const all = [...results.keys()]
    // the first that does not go with those before it, and, where one of these is enough for that, which
    const last = all.find(i => wrongWith(all.slice(0, i + 1)))
    if (last === undefined) throw error
    const before = all.slice(0, last)
    const those = [[last], ...before.map(i => [i, last]), [...before, last]].find(wrongWith)!
    throw aboutFile(those.map(i => paths[i]).join('”, “'), wrongWith(those)!)
  }
}
