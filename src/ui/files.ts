/** Files that leave and enter the page. */
import { resultText } from '../core/exchange/schema.ts'
import type { Result } from '../core/result.ts'
import type { Notices } from '../state/notices.svelte.ts'

/** Offers a text as a download. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export function saveResult(result: Result, version: string, notices: Notices): void {
  try {
    const data = result.dataset.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()
    save(resultText(result, version), `dal-${data}-${result.dataset.fingerprint.slice(0, 8)}.json`)
  } catch (error) {
    notices.addError(error)
  }
}

export interface Sorted {
  /** of results and specs */
  texts: string[]
  data: File[]
  unreadable: File[]
}

/** Tells results and specs, which are JSON objects whatever their names, from files that hold data. */
export async function sortFiles(files: readonly File[]): Promise<Sorted> {
  const sorted: Sorted = { texts: [], data: [], unreadable: [] }
  for (const file of files)
    try {
      const isDocument = /\.json$/i.test(file.name) || /^\s*\{/.test(await file.slice(0, 256).text())
      if (isDocument) sorted.texts.push(await file.text())
      else sorted.data.push(file)
    } catch {
      sorted.unreadable.push(file)
    }
  return sorted
}
