/**
 * Sets that everybody has: their names and class names, recognised by their first labels (the original files of several
 * sets bear the same names) or, failing that, by the file names, if the labels are theirs: "fashion" alone may be anything.
 */
import { medmnist } from '../hub/medmnist.ts'
import type { Label } from './labels.ts'

interface KnownSet {
  name: string
  classNames: readonly string[]
  fileName: RegExp
  /** the label of the first class in the files; 0 if absent */
  firstLabel?: number
  /** number of training labels and the first of them */
  labels?: { count: number; first: readonly number[] }
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')

const knownSets: readonly KnownSet[] = [
  {
    name: 'Fashion-MNIST',
    // prettier-ignore
    classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    fileName: /fashion/i,
    labels: { count: 60000, first: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5] }
  },
  {
    name: 'MNIST',
    classNames: digits,
    fileName: /^(?!.*(emnist|kmnist|fashion)).*\bmnist/i,
    labels: { count: 60000, first: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4] }
  },
  {
    name: 'KMNIST',
    classNames: ['お', 'き', 'す', 'つ', 'な', 'は', 'ま', 'や', 'れ', 'を'],
    fileName: /kmnist|kuzushiji/i
  },
  { name: 'EMNIST letters', classNames: letters, fileName: /emnist-letters/i, firstLabel: 1 },
  { name: 'EMNIST digits', classNames: digits, fileName: /emnist-(digits|mnist)/i },
  ...medmnist.map(({ id, name, classNames }) => ({ name, classNames, fileName: new RegExp(id, 'i') }))
]

/**
 * Whether labels run from the set's first class to its last, in whole numbers; in between some may be missing, as in a
 * small subset.
 */
function runsThrough(labels: readonly ArrayLike<Label>[], { classNames, firstLabel = 0 }: KnownSet): boolean {
  const last = firstLabel + classNames.length - 1
  const found = new Set<Label>()
  for (const part of labels) for (let i = 0; i < part.length; i++) found.add(part[i])
  found.delete(undefined)
  const within = [...found].every(
    label => Number.isInteger(label) && +label! >= firstLabel && +label! <= last
  )
  return within && found.has(firstLabel) && found.has(last)
}

/** `names`: the files' names and paths. Labels as the files have them. */
export function recognise(
  names: readonly string[],
  pool: ArrayLike<Label>,
  test: ArrayLike<Label> = []
): KnownSet | undefined {
  const startsAs = ({ count, first }: NonNullable<KnownSet['labels']>) =>
    pool.length === count && first.every((label, i) => pool[i] === label)
  const named = (set: KnownSet) => names.some(name => set.fileName.test(name))
  return (
    knownSets.find(set => set.labels && startsAs(set.labels)) ??
    knownSets.find(set => named(set) && runsThrough([pool, test], set))
  )
}
