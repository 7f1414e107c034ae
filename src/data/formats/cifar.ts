/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky, 2009) as binary files: records of one label (CIFAR-100: the coarse, then the fine one)
 * and 32 x 32 pixels, all red ones, then green, then blue. The files have no mark: their sizes are multiples of a record,
 * and the first labels are small. Of CIFAR-100 the fine labels are taken. Batches come in the order of their names,
 * whatever the order in the archive, and are read in the latter, since a .tar.gz can only be read from the start.
 */
import type { ImageSet } from '../../core/view.ts'
import { DataError } from '../errors.ts'
import { fitting, type Fitting } from './fitArray.ts'
import { limits, type Format, type Read, type Reading } from './format.ts'
import { byCharacters } from './labels.ts'
import { arrangeParts, partOf } from './parts.ts'
import type { Source } from './source.ts'

const SIDE = 32
export const CIFAR_PIXELS = SIDE * SIDE * 3
export const cifarShape = { height: SIDE, width: SIDE, channels: 3 }

// prettier-ignore
export const cifar10Names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

export interface Kind {
  name: string
  classes: number
  /** bytes before the pixels; the last of them is the label */
  labelBytes: number
}

export const kinds: readonly Kind[] = [
  { name: 'CIFAR-10', classes: 10, labelBytes: 1 },
  { name: 'CIFAR-100', classes: 100, labelBytes: 2 }
]
const COARSE = 20
/** What the publishers call the files: enough to say of a file of the wrong size that it was cut off. */
const usual = /^((data|test)_batch(_\d)?|train|test)\.bin$/

const fitsRecords = (head: Uint8Array, size: number, { labelBytes }: Kind) =>
  size > 0 &&
  size % (CIFAR_PIXELS + labelBytes) === 0 &&
  (labelBytes === 1 ? head[0] < 10 : head[0] < COARSE && head[1] < 100)

const kindOf = (head: Uint8Array, size: number) => kinds.find(kind => fitsRecords(head, size, kind))

/** [3, pixels] to [pixels, 3], `count` images of CIFAR. */
export function interleave(planar: Uint8Array, out: Uint8Array): void {
  const size = SIDE * SIDE
  for (let start = 0; start < planar.length; start += CIFAR_PIXELS) {
    for (let p = 0; p < size; p++) {
      const to = start + 3 * p
      out[to] = planar[start + p]
      out[to + 1] = planar[start + size + p]
      out[to + 2] = planar[start + 2 * size + p]
    }
  }
}

/** Class names from a text that has one in each line, if there are as many as classes. */
export async function namesFrom(
  companions: readonly Source[],
  { classes }: Kind
): Promise<string[] | undefined> {
  const fine = /batches\.meta|fine_label_names/
  for (const source of companions.filter(({ path, size }) => fine.test(path) && size < 1e5)) {
    const lines = new TextDecoder()
      .decode(await source.bytes(1e5))
      .split(/\r?\n/)
      .filter(line => line.trim())
    if (lines.length === classes) return lines.map(line => line.trim())
  }
  return undefined
}

/** Records a time, so that a large file is not held. */
const BATCH = 256

async function readRecords(
  source: Source,
  { labelBytes, classes, name }: Kind,
  fit: Fitting,
  images: Uint8Array,
  labels: Uint16Array,
  { progress, signal }: Reading
): Promise<void> {
  const record = CIFAR_PIXELS + labelBytes
  const size = images.length / labels.length
  const held = new Uint8Array(BATCH * record)
  const fitted = new Uint8Array(fit.same ? 0 : BATCH * CIFAR_PIXELS)
  let [filled, done] = [0, 0]
  const flush = () => {
    const count = filled / record
    const upright = fit.same
      ? images.subarray(done * CIFAR_PIXELS, (done + count) * CIFAR_PIXELS)
      : fitted.subarray(0, count * CIFAR_PIXELS)
    for (let i = 0; i < count; i++) {
      const at = i * record
      const label = held[at + labelBytes - 1]
      if (label >= classes) throw new DataError('notCifar', { file: source.name, name, label, classes })
      labels[done + i] = label
      const to = i * CIFAR_PIXELS
      interleave(held.subarray(at + labelBytes, at + record), upright.subarray(to, to + CIFAR_PIXELS))
    }
    if (!fit.same) images.set(fit.apply(fitted.subarray(0, count * CIFAR_PIXELS)), done * size)
    done += count
    filled = 0
  }
  for await (const chunk of source.stream()) {
    signal?.throwIfAborted()
    progress({ file: source.name, done, total: labels.length })
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(held.length - filled, chunk.length - at)
      held.set(chunk.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (done * record + filled > labels.length * record) {
        const [expected, found] = [labels.length * record, done * record + filled]
        throw new DataError('trailingBytes', { file: source.name, expected, found })
      }
      if (filled === held.length) flush()
    }
  }
  if (filled % record || done + filled / record !== labels.length) {
    const [expected, found] = [labels.length * record, done * record + filled]
    throw new DataError('truncated', { file: source.name, expected, found })
  }
  flush()
}

interface Batch {
  source: Source
  records: number
}

async function read(sources: readonly Source[], reading: Reading): Promise<Read> {
  const [first] = sources
  const kind =
    kindOf(await first.head(), first.size) ??
    kinds.find(k => first.size % (CIFAR_PIXELS + k.labelBytes) === 0)
  const record = CIFAR_PIXELS + (kind ?? kinds[0]).labelBytes
  for (const { name: file, size } of sources) {
    if (size % record === 0) continue
    throw new DataError('truncated', { file, expected: Math.ceil(size / record) * record, found: size })
  }
  const batches = sources.map(source => ({
    part: partOf(source.path.split('/').pop()!),
    thing: { source, records: source.size / record }
  }))
  const arranged = arrangeParts(batches, ({ records }) => records)
  const inOrder = (part: Batch[]) => part.sort((a, b) => byCharacters(a.source.path, b.source.path))
  // the test file alone is as good as any
  const [pool, test] = arranged.pool.length ? [arranged.pool, arranged.test] : [arranged.test, []]
  const fit = fitting(first.name, cifarShape, reading)
  const parts = [inOrder(pool), inOrder(test)].map(part => emptySet(part, fit))
  const places = new Map<Source, { images: Uint8Array; labels: Uint16Array }>()
  for (const { set, part } of parts) {
    let at = 0
    const size = set.images.length / set.labels.length
    for (const { source, records } of part) {
      places.set(source, {
        images: set.images.subarray(at * size, (at + records) * size),
        labels: set.labels.subarray(at, at + records)
      })
      at += records
    }
  }
  for (const source of sources) {
    const { images, labels } = places.get(source)!
    await readRecords(source, kind ?? kinds[0], fit, images, labels, reading)
  }
  const { name, classes } = kind ?? kinds[0]
  const numbers = Array.from({ length: classes }, (_, c) => String(c))
  const classNames =
    (await namesFrom(reading.companions, kind ?? kinds[0])) ?? (classes === 10 ? cifar10Names : numbers)
  return {
    kind: 'images',
    name,
    shape: fit.shape,
    classNames: [...classNames],
    pool: parts[0].set,
    test: parts[1].part.length ? parts[1].set : undefined,
    remarks: [...arranged.remarks, ...fit.remarks],
    labelFile: first.archive ?? first.name
  }
}

function emptySet(part: Batch[], { shape }: Fitting): { part: Batch[]; set: ImageSet } {
  const n = part.reduce((sum, { records }) => sum + records, 0)
  const bytes = n * shape.height * shape.width * shape.channels
  if (bytes > limits.bytes) {
    const [megabytes, limit] = [bytes / 1e6, limits.bytes / 1e6].map(Math.ceil)
    throw new DataError('tooLarge', { file: part[0].source.name, megabytes, limit })
  }
  return { part, set: { images: new Uint8Array(bytes), labels: new Uint16Array(n) } }
}

export const cifar: Format = {
  id: 'cifar',
  sniff: (head, { path, size }) =>
    kindOf(head, size) !== undefined || (usual.test(path.split('/').pop()!) && head[0] < 100),
  read
}
