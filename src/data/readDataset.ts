/** From files to a data set in memory: what the page would store, for scripts and whoever else has no page. */
import { fingerprintOf } from '../core/fingerprint.ts'
import type { Dataset } from '../core/view.ts'
import { choicesOf, contentOf, type Choices } from './assembly.ts'
import { DataError, type Remark } from './errors.ts'
import { readFiles, type HowToRead, type InputFile } from './formats/index.ts'

/** Without choices those that the page proposes: a given test part, or a stratified sixth. Throws DataError. */
export async function readDataset(
  files: readonly InputFile[],
  how: HowToRead = {},
  choices: Partial<Choices> = {}
): Promise<{ dataset: Dataset; remarks: Remark[] }> {
  const read = await readFiles(files, how)
  const content = contentOf(read, { ...choicesOf(read), ...choices })
  if (!content.poolSize) throw new DataError('labelsMissing', { file: read.labelFile })
  const set = (part: 'pool' | 'test') => {
    const [rows, labels] = [content[`${part}Rows`], content[`${part}Labels`]].map(p => p.slice(0, p.bytes))
    const features = content.features ? new Float32Array(rows.buffer) : undefined
    return { images: features ? new Uint8Array(0) : rows, features, labels: new Uint16Array(labels.buffer) }
  }
  const { name, shape, classNames } = content
  const dataset = { name, shape, classNames, pool: set('pool'), test: set('test') }
  return { dataset: { ...dataset, fingerprint: fingerprintOf(dataset) }, remarks: read.remarks }
}
