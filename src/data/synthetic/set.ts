/**
 * What a synthetic set is: a rule that draws one image of one class from a key. Image i of a part is a pure function
 * of (set, version, seed, part, i, class), so a smaller pool is a prefix of a larger one, and any class proportions
 * can be had exactly. Only + - * / sqrt and integer arithmetic: the same bytes on every machine.
 */
import { hashOrder } from '../../core/hashOrder.ts'
import { derive, nameNumber, Purpose, rootKey, Stream } from '../../core/random.ts'
import type { SyntheticId } from '../../core/datasource.ts'
import type { ImageShape } from '../../core/network.ts'

export interface SyntheticSet {
  id: SyntheticId
  /** increase whenever a byte changes: part of every key made from this set */
  version: number
  shape: ImageShape
  classNames: readonly string[]
  /** draws an image of class `label` into `out` [height, width, channels], which holds zeros */
  draw(out: Uint8Array, label: number, stream: Stream): void
}

/** The two parts of a set never share an image: their streams differ. */
export const parts = { pool: 0, test: 1 } as const
export type Part = keyof typeof parts

const partKey = (set: SyntheticSet, seed: number, part: Part) =>
  derive(rootKey(seed, Purpose.synthetic), nameNumber(set.id), set.version, parts[part])

/**
 * Class labels [count] in which every block of C consecutive images holds each of the C classes (all, or those given)
 * once, in a shuffled order: balanced up to one image in every prefix.
 */
export function balancedLabels(
  set: SyntheticSet,
  seed: number,
  part: Part,
  count: number,
  classes: readonly number[] = set.classNames.map((_, c) => c)
): Uint16Array {
  const key = derive(partKey(set, seed, part), 0)
  const labels = new Uint16Array(count)
  for (let start = 0, block = 0; start < count; start += classes.length, block++) {
    labels.set(hashOrder(derive(key, block), classes).subarray(0, count - start), start)
  }
  return labels
}

/** Images u8 [labels.length, height, width, channels]; image i shows class labels[i]. */
export function drawImages(
  set: SyntheticSet,
  seed: number,
  part: Part,
  labels: ArrayLike<number>
): Uint8Array<ArrayBuffer> {
  const { height, width, channels } = set.shape
  const size = height * width * channels
  const images = new Uint8Array(labels.length * size)
  const key = derive(partKey(set, seed, part), 1)
  for (let i = 0; i < labels.length; i++) {
    set.draw(images.subarray(i * size, (i + 1) * size), labels[i], new Stream(derive(key, i)))
  }
  return images
}
