/** Files that leave and enter the page. */
import { resultText } from '../core/exchange/schema.ts'
import { encoderText } from '../core/exchange/encoder.ts'
import { pretrainingOf, recipeOf } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Encoder } from '../core/pretraining/settings.ts'
import type { Result } from '../core/result.ts'
import type { NamedText } from '../state/exchange.ts'
import type { Notices } from '../state/notices.svelte.ts'
import type { Gathered } from './gather.ts'

const save = (text: string, name: string) => saveBlob(new Blob([text], { type: 'application/json' }), name)

/** Offers a download. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Lower-case letters and digits of any script, and few of them: what every file system takes. */
function safe(text: string): string {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return Array.from(words.join('-')).slice(0, 30).join('').replace(/-$/, '')
}

/** The name of a file, from what it is of; parts that are left out are undefined or empty. */
export const fileName = (...parts: readonly (string | undefined)[]) =>
  ['dal', ...parts.map(part => safe(part ?? ''))].filter(Boolean).join('-')

/** What the data of an experiment are called in the name of a file, in whatever language the page is. */
export const dataName = ({ source }: Experiment) => (source.kind === 'synthetic' ? source.id : source.name)

/** The name of what an experiment has given: its data, and what its trainings do besides the plain law. */
export const resultName = (e: Experiment) =>
  fileName(
    dataName(e),
    e.mode === 'scratch' ? undefined : e.mode,
    pretrainingOf(e)?.method,
    e.classWeights === 'none' ? undefined : 'weighted',
    recipeOf(e).unlabelled && e.unlabelled !== 'none' ? e.unlabelled : undefined
  )

export function saveResult(result: Result, version: string, notices: Notices): void {
  try {
    const { experiment, dataset } = result
    save(resultText(result, version), `${resultName(experiment)}-${dataset.fingerprint.slice(0, 8)}.json`)
  } catch (error) {
    notices.addError(error)
  }
}

/** Offers a pretrained encoder with its weights as a file. */
export function saveEncoder(encoder: Encoder): void {
  save(encoderText(encoder), `dal-encoder-${encoder.pretraining.method}-${encoder.key.slice(0, 8)}.json`)
}

export interface Sorted {
  /** of results and specs */
  texts: NamedText[]
  data: Gathered[]
  unreadable: Gathered[]
}

/** More files than this are not looked into: results do not come in such numbers. */
const LOOKED_INTO = 50

/** Tells results and specs, which are JSON objects whatever their names, from files that hold data. */
export async function sortFiles(files: readonly Gathered[]): Promise<Sorted> {
  const sorted: Sorted = { texts: [], data: [], unreadable: [] }
  if (files.length > LOOKED_INTO) return { ...sorted, data: [...files] }
  for (const gathered of files) {
    const { path, file } = gathered
    try {
      // what lies in a folder beside images is theirs
      const alone = !path.includes('/')
      const isDocument = alone && (/\.json$/i.test(path) || /^\s*\{/.test(await file.slice(0, 256).text()))
      if (isDocument) sorted.texts.push({ name: path, text: await file.text() })
      else sorted.data.push(gathered)
    } catch {
      sorted.unreadable.push(gathered)
    }
  }
  return sorted
}
