/**
 * From labels as files have them (any whole numbers, or words) to classes 0, 1, 2, ...: numbers in ascending order, words in
 * the order of their characters, as torchvision sorts folders. Where the classes are known (a known set, a file that names
 * them) all of them are there; else those that occur in training.
 */
import { DataError, remark, type Remark } from '../errors.ts'
import { limits, UNLABELLED } from './format.ts'

/** A label as a file has it; undefined where the image has none. */
export type Label = number | string | undefined

export interface KnownClasses {
  /** in the order of the labels */
  classNames: readonly string[]
  /** the label of the first class in the files; 0 if absent */
  firstLabel?: number
}

export interface Labelled {
  file: string
  labels: ArrayLike<Label>
}

export interface Classes {
  classNames: string[]
  pool: Uint16Array<ArrayBuffer>
  test?: Uint16Array<ArrayBuffer>
  remarks: Remark[]
}

/** Throws DataError 'labelOutOfRange', 'tooManyClasses', 'unlabelledTest'. */
export function numberLabels(pool: Labelled, test?: Labelled, known?: KnownClasses): Classes {
  const remarks: Remark[] = []
  const originals: Label[] = known
    ? known.classNames.map((_, c) => c + (known.firstLabel ?? 0))
    : present(pool.labels)
  if (originals.length > limits.classes) {
    const [classes, most] = [originals.length, limits.classes]
    throw new DataError('tooManyClasses', { file: pool.file, classes, most })
  }
  const classOf = new Map(originals.map((label, c) => [label, c]))
  const [first, last] = [originals[0], originals[originals.length - 1]]
  if (typeof first === 'number' && typeof last === 'number') {
    if (first !== 0 || last !== originals.length - 1) {
      remarks.push(remark('labelsRenumbered', { first, last, classes: originals.length }))
    }
  }
  const numbered = ({ file, labels }: Labelled, mayLack: boolean) =>
    Uint16Array.from(labels, label => {
      if (label === undefined) {
        if (mayLack) return UNLABELLED
        throw new DataError('unlabelledTest', { file })
      }
      const c = classOf.get(label)
      if (c === undefined) throw new DataError('labelOutOfRange', { file, label })
      return c
    })
  return {
    classNames: known ? [...known.classNames] : originals.map(String),
    pool: numbered(pool, true),
    test: test && numbered(test, false),
    remarks
  }
}

/** The labels that occur, in order. */
function present(labels: ArrayLike<Label>): Label[] {
  const found = new Set<Label>()
  for (let i = 0; i < labels.length; i++) if (labels[i] !== undefined) found.add(labels[i])
  const all = [...found] as (number | string)[]
  const numbers = all.every(label => typeof label === 'number')
  return all.sort(numbers ? (a, b) => (a as number) - (b as number) : byCharacters)
}

export const byCharacters = (a: number | string, b: number | string) =>
  String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
