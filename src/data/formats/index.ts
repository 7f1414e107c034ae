/**
 * From files to a data set: opens each file, finds its format by content, lets the format read them together, and sees
 * to it that what comes out can be used: two classes at least, a test part, a fingerprint. Nothing is stored here.
 */
import { fingerprintOf } from '../../core/fingerprint.ts'
import type { Dataset } from '../../core/view.ts'
import { DataError, remark, type Remark } from '../errors.ts'
import { splitOff } from '../split.ts'
import type { Format } from './format.ts'
import { idx } from './idx.ts'
import { Source, type InputFile } from './source.ts'

/** The registry of formats, asked in this order. */
export const formats: readonly Format[] = [idx]

export type { InputFile }

/** Share of the images that become the test part when none is given: MNIST's own 10,000 in 70,000, rounded. */
export const TEST_SHARE = 1 / 6
const SPLIT_SEED = 0

/** Reads the files of one data set, in any order. Throws DataError. */
export async function readDataset(
  files: readonly InputFile[]
): Promise<{ dataset: Dataset; remarks: Remark[] }> {
  if (files.length === 0) throw new DataError('noFiles')
  const sources: Source[] = []
  for (const file of files) sources.push(await Source.open(file))
  const found = sources.map(source => formats.find(format => format.sniff(source.head, source.name)))
  found.forEach((format, i) => {
    if (!format) throw new DataError('unknownFormat', { file: sources[i].name })
    if (format !== found[0]) {
      throw new DataError('mixedFormats', { file: sources[0].name, other: sources[i].name })
    }
  })
  const { name, shape, classNames, labelFile, ...read } = await found[0]!.read(sources)
  const remarks = [...read.remarks]
  if (new Set(read.pool.labels).size < 2) throw new DataError('oneClass', { file: labelFile })
  let { pool, test } = read
  if (!test) {
    ;({ pool, test } = splitOff(pool, TEST_SHARE, SPLIT_SEED))
    if (test.labels.length === 0)
      throw new DataError('tooFewImages', { part: 'test', needed: 1, available: 0 })
    remarks.push(remark('testSplitOff', { pool: pool.labels.length, test: test.labels.length }))
  }
  const fingerprint = fingerprintOf({ shape, classNames, pool, test })
  return { dataset: { name, shape, classNames, pool, test, fingerprint }, remarks }
}
