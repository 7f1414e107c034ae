/** What can be wrong with data files and views, and what an importer did, in English, by the codes of the data layer. */
import type { Say } from './notices.en.ts'

export const data = {
  tooFewImages: p =>
    `The ${p.part === 'test' ? 'test set' : 'pool'} needs ${p.needed} images, but the data set has ${p.available}. Make it smaller.`,
  partTooSmall: p =>
    `Images left for the ${p.part === 'test' ? 'test set' : 'pool'}: ${p.left}; it needs ${p.needed}. Change the share for testing, take more images, or add some.`,
  tooFewOfClass: p =>
    p.part === 'test'
      ? `With the same number of each class the test set needs ${p.needed} images of “${p.name}”, but the data set has ${p.available} to test on. Make the test set ${p.largest} images or fewer.`
      : `With this class imbalance the pool needs ${p.needed} images of “${p.name}”, but the data set has ${p.available}. The largest pool possible is ${p.largest}.`,
  noSuchClass: p =>
    `The experiment uses class number ${p.index}, but the data set has ${p.classes} classes. Choose the classes again.`,
  badKnob: p => `A setting of the data is out of range (${p.knob}: ${p.value}).`,
  datasetMissing: p => `The data set “${p.name}” is not in this browser. Drop its files on the page.`,
  importGone: () => 'What was read is no longer there. Drop the files again.',

  noFiles: () =>
    'What you dropped contains no file. Drop the files of a data set, or a folder or archive of them.',
  emptyFile: p => `${p.file} is empty. Download it again.`,
  unknownFormat: p =>
    `The page does not know the format of ${p.file}. Save it in one of these: IDX (MNIST), CIFAR, NPZ or NPY, Parquet, pixel CSV, or a folder or zip of images by class.`,
  mixedFormats: p =>
    `${p.file} and ${p.other} have different formats. Drop the files of one data set at a time.`,
  damagedGzip: p => `${p.file} is damaged or cut off (gzip). Download it again.`,
  unreadable: p =>
    `The browser could not read ${p.file}. It may have been moved or changed. Choose it again.`,
  tooLarge: p =>
    `${p.file} would take ${p.megabytes} MB; the page accepts ${p.limit} MB. Take fewer images, or smaller ones.`,
  truncated: p =>
    `${p.file} was cut off: it should have ${p.expected} bytes and has ${p.found}. Download it again.`,
  trailingBytes: p =>
    `${p.file} is too long: it should have ${p.expected} bytes and has ${p.found}. Download or save it again.`,
  wrongByteOrder: p =>
    `${p.file} has the wrong byte order. IDX files are big-endian: write the numbers of its header with the highest byte first ('>i4' in NumPy).`,
  unsupportedType: p =>
    `${p.file} contains numbers of type ${p.type}, which the page cannot read here. Save them as bytes (uint8 in NumPy).`,
  unsupportedDimensions: p =>
    `${p.file} contains an array of ${p.dimensions}. The page reads labels (n) and images (n×height×width). Save it again in one of these shapes.`,
  unsupportedSize: p =>
    `${p.file} contains images of ${p.height}×${p.width}. The page accepts sides from ${p.least} to ${p.most} pixels. Save the images in such a size.`,
  noImages: p => `${p.file} contains no images. Drop a file or folder that does.`,
  labelsMissing: p => `The labels for ${p.file} are missing. Drop images and labels together.`,
  imagesMissing: p => `The images for ${p.file} are missing. Drop images and labels together.`,
  tooManyFiles: p =>
    `There are ${p.images} image files and ${p.labels} label files. Drop one data set at a time: two of each at most.`,
  ambiguousSplit: p =>
    `Neither the names nor the sizes of ${p.file} and ${p.other} tell which is for training. Put “train” and “test” into their names.`,
  labelsCountMismatch: p =>
    `${p.file} has ${p.images} images and ${p.labelFile} has ${p.labels} labels: they do not belong together. Drop a matching pair, or save both again.`,
  sizesDiffer: p =>
    `The images differ in size: ${p.file} has ${p.size}, ${p.other} has ${p.otherSize}. Drop only what belongs together, or bring all to one size.`,
  labelOutOfRange: p =>
    `${p.file} has a label (${p.label}) that is not one of the classes. Correct it, leave its images out, or add training images of that class.`,
  notCifar: p =>
    `${p.file} has the size of a ${p.name} file, but it has the label ${p.label}, and ${p.name} has only ${p.classes} classes. It is damaged or another kind of file: download it again.`,
  damagedParquet: p => `${p.file} is cut off or damaged (Parquet). Download it again.`,
  unsupportedParquet: p =>
    `${p.file} is a Parquet file that uses something that the page cannot read (${p.what}). Save it again with the usual settings: Snappy, no encryption.`,
  noImageColumn: p =>
    `${p.file} has no column of images. Its columns are: ${p.columns}. Drop a file that has a column of PNG or JPEG images.`,
  raggedTable: p =>
    `Row ${p.row} of ${p.file} has ${p.found} columns, but the rows before it have ${p.expected}. The file may be cut off: download it again.`,
  badNumber: p =>
    `${p.file}, row ${p.row}, column ${p.column}: “${p.value}” is not a number. Correct it (classes must be numbers too), or leave that row or column out.`,
  notPixels: p =>
    `${p.file} has ${p.columns} columns. The page reads a square image in each row (n×n grey or n×n×3 colour values), with or without a label before or after it.`,
  spriteLabels: p =>
    `${p.file} has labels for ${p.labels} images, but the sprite has ${p.images}: they do not belong together. Drop two files that do.`,
  oneClass: p =>
    `All labels of ${p.file} are the same. There is nothing to learn: add some of another class.`,
  tooManyClasses: p =>
    `${p.file} has ${p.classes} classes; the page takes ${p.most}. If these are file names, put the images into one folder for each class.`,
  trainingMissing: p => `${p.file} has only test images. Add the folder for training.`,
  unlabelledTest: p =>
    `${p.file}: test images need a label, and at least one has none. Give it one or leave it out.`,
  multiLabel: p =>
    `${p.file} gives every image ${p.columns} labels at once. The page needs exactly one class for each image; choose another data set.`,
  badLabel: p =>
    `${p.file} has a label (${p.value}) that is not a whole number of 0 or more. Number the classes 0, 1, 2, …`,
  badPixel: p =>
    `${p.file} has a pixel with the value ${p.value}. Pixels must be numbers from 0 to 255, or from 0 to 1: scale them before saving.`,
  unclearScale: p =>
    `The pixels of ${p.file} have fractions and go up to ${p.most}. Scale them to 0 to 1, or to 0 to 255, before saving.`,
  scalesDiffer: p =>
    `The pixels of ${p.file} go up to ${p.most}, those of ${p.other} up to ${p.otherMost}. Bring all parts to one scale before saving.`,
  badFeature: p =>
    `${p.file} has a feature with the value ${p.value}. Features must be finite 32-bit numbers: remove NaN and infinite values, or scale the features.`,

  encryptedArchive: p => `${p.file} is locked with a password. Unpack it and drop what is inside.`,
  damagedArchive: p => `${p.file} is damaged or cut off. Download or pack it again.`,
  unsupportedCompression: p =>
    `${p.file} is packed with a rare method (${p.method}). Unpack it and drop the folder, or pack it as an ordinary zip.`,
  nestedArchive: p =>
    `${p.file} is an archive within an archive. Unpack the outer one and drop what is inside.`,
  unsafePath: p =>
    `${p.file}: the name points outside the archive, which ordinary programs never write. Unpack the archive and check it before using it.`,
  tooManyEntries: p =>
    `${p.file}: there are ${p.entries} files, and the page takes ${p.most}. Drop fewer images.`,
  objectArray: p =>
    `${p.file} is an array of Python objects, which only Python can open. Save it with a numeric type, for example images.astype('uint8').`,
  damagedArray: p => `${p.file} is not a valid NumPy file. Save or download it again.`,
  arraysNotFound: p =>
    `${p.file} has no two arrays that fit together as images and labels (it has: ${p.keys}). Name them, for example, x_train, y_train, x_test and y_test.`,
  unsafePickle: p =>
    `${p.file} is a Python pickle that contains more than CIFAR’s arrays. Pickles can contain programs, so it is not opened. Save the arrays with numpy.savez.`,
  damagedPickle: p => `${p.file} is a pickle that is damaged or cut off. Download it again.`,
  damagedImage: p => `${p.file} is damaged: the image cannot be opened. Replace it or leave it out.`,
  unknownImage: p => `${p.file} is not a kind of image that can be opened. Save it as PNG or JPEG.`,
  imageTooLarge: p =>
    `${p.file} has ${p.width}×${p.height} pixels, which is too many. Make it smaller first.`,
  needsBrowser: p => `${p.file} can only be opened in a browser. Convert it to PNG, or use the page.`,

  splitBySize: p => `By size, ${p.train} was taken for training and ${p.test} for testing.`,
  labelsRenumbered: p =>
    `The labels ran from ${p.first} to ${p.last}; the ${p.classes} classes were renumbered.`,
  labelColumnGuessed: p =>
    `No column of ${p.file} is called a label, and both its first and its last could be one. Column ${p.column} was taken; if that is wrong, put a line of names above the table (label, pixel0, pixel1, …).`,
  validationInPool: p => `The ${p.count} validation images were added to the pool.`,
  validationIsTest: p => `There was no test set, so the ${p.count} validation images became the test set.`,
  unlabelledTestLeftOut: p => `${p.count} test images without a label were left out.`,
  labelsFromTable: p => `The labels are those of ${p.file}.`,
  labelRowsRepeated: p =>
    `Names that appear in more than one row of ${p.file}: ${p.count} (the first is ${p.name}). The last row was used.`,
  labelRowsWithoutImage: p =>
    `Rows of ${p.file} without an image: ${p.count}${p.name ? ` (the first is ${p.name})` : ''}. They were skipped.`,
  imagesNotInTable: p =>
    `Images that are not in the table: ${p.count} (the first is ${p.file}). They have no label.`,
  fitted: p => `The images were resized to ${p.side}×${p.side}.`,
  imagesLeftOut: p => `Images that could not be opened were left out: ${p.count} (the first is ${p.file}).`,
  filesIgnored: p => `Files that are not images were skipped: ${p.count} (the first is ${p.file}).`,
  transparency: p => `Images with transparent parts: ${p.count}. These parts became white.`,
  canvasAltered: () =>
    'This browser changes pixels slightly to prevent tracking, so JPEG images differ a little each time they are read. PNG images are exact.',
  transposed: () => 'The rows and columns of the images were swapped, as in EMNIST; they were put right.'
} satisfies Record<string, Say>
