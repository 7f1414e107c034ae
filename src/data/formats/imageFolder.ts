/**
 * Images in folders by class, from a zip, a tar or a folder, as torchvision's ImageFolder has them: with or without folders
 * for training, validation and test above the classes, and whatever folder all of them lie in. Classes are in the order of
 * their names. Images beside the class folders, or in a folder "unlabelled", have no label yet; so have all images when
 * there is one folder only. Several archives at once (Teachable Machine saves one for each class) stand for folders of
 * their names. A table of labels beside the images (metadata.csv) counts more than the folders they lie in. Each file is
 * recognised by its content when it is read.
 */
import { DataError, remark, type Remark } from '../errors.ts'
import type { Format, Read, Reading } from './format.ts'
import { decodeAll, imageKind } from './images.ts'
import { numberLabels, type Label } from './labels.ts'
import { labelTables, type LabelTable } from './labelTable.ts'
import { arrangeParts, partOf, type PartName } from './parts.ts'
import type { Bytes, Source } from './source.ts'

/** Packed size of an image file. */
const MOST_BYTES = 64 << 20
const withoutLabel = /^(un-?label+ed|no[-_ ]?label|unsup|ラベルなし|未分類)$/i
/** Files that are passed over without being read: they are no images whatever is in them. */
const beside = /\.(txt|md|html?|jsonl?|ya?ml|csv|tsv|xml|pdf|py|ipynb|mat|npy|npz|bin|weights|tflite)$/i

const called = /\.(png|jpe?g|webp|gif|bmp|avif|hei[cf])$/i

interface Placed {
  source: Source
  part?: PartName
  label: Label
}

/** Only the folder's whole name counts: "test tubes" is a class. */
const partFolder = (folder: string) => (/^[a-z0-9]+$/i.test(folder) ? partOf(folder) : undefined)

/** "Cats-samples.zip" of Teachable Machine holds the class "Cats". */
const archiveFolder = (name: string) =>
  name
    .split('/')
    .pop()!
    .replace(/\.(zip|tar|tgz|tar\.gz|tm)$/i, '')
    .replace(/-samples$/i, '')

/** Part and class of every file, from its folders. */
export function place(sources: readonly Source[]): { placed: Placed[]; root: string } {
  const archives = new Set(sources.map(source => source.archive))
  const foldersOf = sources.map(({ path, archive }) => [
    ...(archives.size > 1 && archive ? [archiveFolder(archive)] : []),
    ...path.split('/').slice(0, -1)
  ])
  // folders that all files lie in, and that say nothing
  let common = 0
  const [first] = foldersOf
  while (
    first.length > common &&
    !partFolder(first[common]) &&
    foldersOf.every(folders => folders[common] === first[common])
  ) {
    common++
  }
  const root = first[common - 1] ?? ''
  const placed = sources.map((source, i) => {
    const folders = foldersOf[i].slice(common)
    const part = folders.length ? partFolder(folders[0]) : undefined
    const own: string | undefined = folders[part ? 1 : 0]
    return { source, part, label: own === undefined || withoutLabel.test(own) ? undefined : own }
  })
  return { placed, root }
}

async function read(recognised: readonly Source[], reading: Reading): Promise<Read> {
  // what is called an image and is none will be left out, and it will be said
  const sources = [...recognised, ...reading.companions.filter(({ path }) => called.test(path))]
  const images = sources.filter(({ path }) => !beside.test(path))
  const [{ name: firstName, archive }] = sources
  const file = archive ?? firstName
  if (images.length === 0) throw new DataError('noImages', { file })
  const { placed: inFolders, root } = place(images)
  const remarks: Remark[] = []
  const others = [...sources.filter(source => !images.includes(source)), ...reading.companions]
  const found = await labelTables(others, images)
  const tables = found.filter(({ told }) => told.size > 0)
  const placed = tables.length ? labelledBy(tables, inFolders) : inFolders
  if (tables.length) {
    remarks.push(
      remark('labelsFromTable', { file: tables[0].file }),
      ...tables.flatMap(table => table.remarks)
    )
    const strangers = images.filter(image => !tables.some(({ told }) => told.has(image)))
    const [first] = strangers
    if (first) remarks.push(remark('imagesNotInTable', { count: strangers.length, file: first.name }))
  } else if (inFolders.every(({ label }) => label === undefined)) {
    // nothing is labelled, and it may be because the table's names are not those of the files
    remarks.push(...found.flatMap(table => table.remarks))
  }

  // a test image without a label is of no use
  const usable = placed.filter(({ part, label }) => !part || part === 'train' || label !== undefined)
  const dropped = placed.length - usable.length
  if (dropped) remarks.push(remark('unlabelledTestLeftOut', { count: dropped }))
  if (usable.length === 0) throw new DataError('labelsMissing', { file })

  const groups = parts.map(part => ({ part, thing: usable.filter(one => (one.part ?? 'train') === part) }))
  const arranged = arrangeParts(
    groups.filter(({ thing }) => thing.length > 0),
    thing => thing.length
  )
  const [pool, test] = [arranged.pool.flat(), arranged.test.flat()]
  if (pool.length === 0) throw new DataError('trainingMissing', { file })
  remarks.push(...arranged.remarks)
  // before anything is decoded: too many classes, classes that only the test part has
  classify(file, pool, test)

  const all = [...pool, ...test]
  const decoded = await decodeAll(
    all.length,
    async (i, room) => ({ file: all[i].source.name, bytes: await all[i].source.bytes(MOST_BYTES, room) }),
    reading,
    file
  )
  remarks.push(...decoded.remarks)
  const kept = Array.from(decoded.kept, i => all[i])
  const poolSize = decoded.kept.filter(i => i < pool.length).length
  const { classNames, ...labels } = classify(file, kept.slice(0, poolSize), kept.slice(poolSize))
  const ignored = sources.filter(
    ({ path, name }) => beside.test(path) && !tables.some(({ file }) => file === name)
  )
  if (ignored.length) remarks.push(remark('filesIgnored', { count: ignored.length, file: ignored[0].name }))
  const { height, width, channels } = decoded.shape
  const [poolImages, testImages] = cut(decoded.images, poolSize * height * width * channels)
  return {
    kind: 'images',
    name: root || archiveFolder(archive ?? 'images'),
    shape: decoded.shape,
    classNames,
    pool: { images: poolImages, labels: labels.pool },
    test: testImages.length ? { images: testImages, labels: labels.test! } : undefined,
    remarks,
    labelFile: file
  }
}

/** As tables say; an image they do not know has no label, and a part is that of its folder where they say none. */
function labelledBy(tables: readonly LabelTable[], placed: readonly Placed[]): Placed[] {
  return placed.map(({ source, part }) => {
    const told = tables.map(table => table.told.get(source)).find(Boolean)
    return { source, part: told?.part ?? part, label: told?.label }
  })
}

const parts: readonly PartName[] = ['train', 'validation', 'test']

/** Classes are those of the pool. */
function classify(file: string, pool: readonly Placed[], test: readonly Placed[]) {
  const known = new Set(pool.map(({ label }) => label))
  const stranger = test.find(({ label }) => !known.has(label))
  if (stranger) throw new DataError('labelOutOfRange', { file: stranger.source.name, label: stranger.label! })
  const labelled = (placed: readonly Placed[]) => ({ file, labels: placed.map(({ label }) => label) })
  return numberLabels(labelled(pool), labelled(test))
}

/** The first `length` bytes and the rest, the first without a copy where the platform can. */
export function cut(images: Bytes, length: number): [Bytes, Bytes] {
  if (length === images.length) return [images, new Uint8Array(0)]
  const rest = images.slice(length)
  const buffer = images.buffer as ArrayBuffer & { transfer?(length: number): ArrayBuffer }
  return [buffer.transfer ? new Uint8Array(buffer.transfer(length)) : images.slice(0, length), rest]
}

export const imageFolder: Format = {
  id: 'imageFolder',
  sniff: head => imageKind(head) !== undefined,
  read
}
