/**
 * Which part a file, folder or array is for, told by its name; and what becomes of the part for validation that many
 * published sets have, since the cycle knows only a pool and a test part.
 */
import { remark, type Remark } from '../errors.ts'

export type PartName = 'train' | 'validation' | 'test'

const words: Readonly<Record<string, PartName>> = {
  train: 'train',
  training: 'train',
  trn: 'train',
  valid: 'validation',
  val: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  tst: 'test',
  t10k: 'test',
  eval: 'test'
}

/** The part that a name speaks of as one of its words ("x_train", "test-00000-of-00001", "train"). */
export function partOf(name: string): PartName | undefined {
  // camelCase names (xTrain) fall apart at the capital letters
  const found = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return found.map(word => words[word]).find(Boolean)
}

export interface Arranged<T> {
  pool: T[]
  test: T[]
  remarks: Remark[]
}

/**
 * What is for training and what has no name of a part goes to the pool. Validation is appended to the pool when there is a
 * test part, and is the test part when there is none. `size` counts the images of a thing.
 */
export function arrangeParts<T>(
  things: readonly { part?: PartName; thing: T }[],
  size: (thing: T) => number
): Arranged<T> {
  const of = (part: PartName) => things.filter(t => (t.part ?? 'train') === part).map(t => t.thing)
  const [train, validation, test] = [of('train'), of('validation'), of('test')]
  const count = validation.reduce((sum, thing) => sum + size(thing), 0)
  if (validation.length === 0) return { pool: train, test, remarks: [] }
  if (test.length) {
    return { pool: [...train, ...validation], test, remarks: [remark('validationInPool', { count })] }
  }
  return { pool: train, test: validation, remarks: [remark('validationIsTest', { count })] }
}
