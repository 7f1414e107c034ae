/** What can be wrong with data files and views, and what an importer did, in English, by the codes of the data layer. */
import type { Say } from './notices.en.ts'

export const data = {
  tooFewImages: p =>
    `The ${p.part === 'test' ? 'test set' : 'pool'} needs ${p.needed} images and the data set has ${p.available}. Make it smaller.`,
  tooFewOfClass: p =>
    `A pool that imbalanced needs ${p.needed} images of “${p.name}” and the data set has ${p.available}. The largest pool possible is ${p.largest}.`,
  noSuchClass: p =>
    `The experiment wants class number ${p.index}, and the data set has ${p.classes} classes. Choose the classes again.`,
  badKnob: p => `A setting of the data is out of range (${p.knob}: ${p.value}).`,
  datasetMissing: p => `The data set “${p.name}” is not in this browser. Drop its files on the page.`,
  importGone: () => 'What was read is no longer there. Drop the files once more.',

  noFiles: () => 'There was no file in what you dropped. Drop the four IDX files together.',
  emptyFile: p => `${p.file} is empty. Download it again.`,
  unknownFormat: p =>
    `${p.file} is in no format that the page reads. It reads MNIST-style IDX files, gzipped or not.`,
  mixedFormats: p =>
    `${p.file} and ${p.other} are of different formats. Drop the files of one data set at a time.`,
  damagedGzip: p => `${p.file} is damaged or cut off (gzip). Download it again.`,
  unreadable: p => `The browser could not read ${p.file}. It may have been moved or changed.`,
  tooLarge: p => `${p.file} would take ${p.megabytes} MB; the page accepts ${p.limit} MB.`,
  truncated: p =>
    `${p.file} was cut off: it should have ${p.expected} bytes and has ${p.found}. Download it again.`,
  trailingBytes: p => `${p.file} is too long: it should have ${p.expected} bytes and has ${p.found}.`,
  wrongByteOrder: p => `${p.file} is written in the byte order of another machine. IDX files are big-endian.`,
  unsupportedType: p => `${p.file} holds numbers of type ${p.type}. The page reads bytes.`,
  unsupportedDimensions: p =>
    `${p.file} holds an array of ${p.dimensions}. The page reads labels (n) and images (n×height×width).`,
  unsupportedSize: p =>
    `${p.file} holds images of ${p.height}×${p.width}. The page takes sides from ${p.least} to ${p.most}.`,
  noImages: p => `${p.file} holds no images.`,
  labelsMissing: p => `The labels for ${p.file} are missing. Drop images and labels together.`,
  imagesMissing: p => `The images for ${p.file} are missing. Drop images and labels together.`,
  tooManyFiles: p =>
    `There are ${p.images} files of images and ${p.labels} of labels. Drop one data set at a time: two of each at most.`,
  ambiguousSplit: p =>
    `Neither the names nor the sizes of ${p.file} and ${p.other} tell which is for training. Put “train” and “test” into their names.`,
  labelsCountMismatch: p =>
    `${p.file} has ${p.images} images and ${p.labelFile} has ${p.labels} labels: they do not belong together.`,
  sizesDiffer: p => `The images differ in size: ${p.file} has ${p.size}, ${p.other} has ${p.otherSize}.`,
  labelOutOfRange: p => `${p.file} has a label, ${p.label}, that is none of the classes.`,
  oneClass: p => `All labels of ${p.file} are the same. There is nothing to learn.`,

  testSplitOff: p =>
    `There was no test part: ${p.test} images were set aside for it, the same share of every class. ${p.pool} are left for the pool.`,
  splitBySize: p => `By size, ${p.train} was taken for training and ${p.test} for testing.`,
  labelsRenumbered: p =>
    `The labels ran from ${p.first} to ${p.last}; the ${p.classes} classes were numbered anew.`,
  transposed: () => 'The images lay on their side, as EMNIST’s do, and were turned upright.'
} satisfies Record<string, Say>
