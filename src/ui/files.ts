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

/** Files that hold results or specs, and files that hold data. */
export function sortFiles(files: readonly File[]): { documents: File[]; data: File[] } {
  const isDocument = (file: File) => /\.json$/i.test(file.name)
  return { documents: files.filter(isDocument), data: files.filter(file => !isDocument(file)) }
}
