/**
 * What can be wrong with data, as codes with parameters; the words, in each language, are the catalogue's. `file` is
 * the name the user knows the file by. A code is frozen once the catalogue has it.
 */

/** Every code with its parameters. */
export interface DataProblems extends DownloadProblems {
  /** a view wants more images than a part has; part 'pool' or 'test' */
  tooFewImages: { part: 'pool' | 'test'; needed: number; available: number }
  /** what files and choices leave for a part is no data set */
  partTooSmall: { part: 'pool' | 'test'; needed: number; left: number }
  /** an imbalanced pool or a balanced test part wants more of a class than there are; `largest` is the largest that could be had */
  tooFewOfClass: { part: 'pool' | 'test'; name: string; needed: number; available: number; largest: number }
  /** the experiment names a class that the data set does not have */
  noSuchClass: { index: number; classes: number }
  /** a knob outside its bounds */
  badKnob: { knob: string; value: number }
  /** the data set an experiment names is not stored here */
  datasetMissing: { name: string }
  /** a preview that was already kept or discarded */
  importGone: Record<string, never>

  noFiles: Record<string, never>
  emptyFile: { file: string }
  /** no format recognises the file */
  unknownFormat: { file: string }
  /** files of different formats at once */
  mixedFormats: { file: string; other: string }
  /** gzip data that are damaged, cut off, or followed by what is no gzip */
  damagedGzip: { file: string }
  unreadable: { file: string }
  /** more bytes than the reader accepts, in megabytes */
  tooLarge: { file: string; megabytes: number; limit: number }
  truncated: { file: string; expected: number; found: number }
  trailingBytes: { file: string; expected: number; found: number }
  /** the header's bytes are in the order of another machine */
  wrongByteOrder: { file: string }
  /** numbers that are not bytes */
  unsupportedType: { file: string; type: string }
  /** neither labels [n] nor images [n, h, w]; `dimensions` reads like 10x28x28x28 */
  unsupportedDimensions: { file: string; dimensions: string }
  /** images of a side outside the limits */
  unsupportedSize: { file: string; height: number; width: number; least: number; most: number }
  noImages: { file: string }
  labelsMissing: { file: string }
  imagesMissing: { file: string }
  /** more than two pairs of images and labels */
  tooManyFiles: { images: number; labels: number }
  /** two pairs, and neither names nor sizes tell which is for training */
  ambiguousSplit: { file: string; other: string }
  labelsCountMismatch: { file: string; images: number; labelFile: string; labels: number }
  sizesDiffer: { file: string; size: string; other: string; otherSize: string }
  /** a label that the known classes, or the labels for training, do not have */
  labelOutOfRange: { file: string; label: number | string }
  /** labels of a file that looked like CIFAR's are too large for it */
  notCifar: { file: string; name: string; label: number; classes: number }
  oneClass: { file: string }
  /** a Parquet file that is cut off or contradicts itself */
  damagedParquet: { file: string }
  /** Parquet with something that is not read; `what` is its name there */
  unsupportedParquet: { file: string; what: string }
  /** no column of a Parquet file can be images */
  noImageColumn: { file: string; columns: string }
  /** a row with another number of columns than the first; rows count from 1 */
  raggedTable: { file: string; row: number; expected: number; found: number }
  /** a field that is no number; rows and columns count from 1 */
  badNumber: { file: string; row: number; column: number; value: string }
  /** columns that are neither the pixels of a square image nor those and a label */
  notPixels: { file: string; columns: number }
  /** one file of the sprite without the other, or of other sizes */
  spriteLabels: { file: string; images: number; labels: number }
  tooManyClasses: { file: string; classes: number; most: number }
  /** folders for validation or test alone */
  trainingMissing: { file: string }
  /** a test image without a label */
  unlabelledTest: { file: string }
  /** several labels for one image */
  multiLabel: { file: string; columns: number }
  /** a label that is no whole number from 0 on, or a pixel outside 0..255 (and 0..1); `value` as the file has it */
  badLabel: { file: string; value: string }
  badPixel: { file: string; value: number }
  /** pixels with fractions and a maximum that is neither 1 nor like 255 */
  unclearScale: { file: string; most: number }
  /** the pixels of one part on another scale than those of the other: their maxima */
  scalesDiffer: { file: string; most: number; other: string; otherMost: number }
  /** a feature that is no number, or too large a one */
  badFeature: { file: string; value: string }

  encryptedArchive: { file: string }
  /** zip or tar that is cut off, contradicts itself or fails its check sums */
  damagedArchive: { file: string }
  /** packed in a way that few programs use; `method` is zip's number */
  unsupportedCompression: { file: string; method: number }
  nestedArchive: { file: string }
  /** a name that leads out of the archive */
  unsafePath: { file: string }
  tooManyEntries: { file: string; entries: number; most: number }
  /** an array of Python objects, which only Python can open */
  objectArray: { file: string }
  /** npy's header or npz's contents make no sense */
  damagedArray: { file: string }
  /** no two arrays go together as images and labels; `keys` are the names of those there are */
  arraysNotFound: { file: string; keys: string }
  /** a pickle with more in it than CIFAR's: it is never executed */
  unsafePickle: { file: string }
  damagedPickle: { file: string }
  damagedImage: { file: string }
  /** no kind of image that this place can open */
  unknownImage: { file: string }
  /** an image of more pixels than are opened */
  imageTooLarge: { file: string; width: number; height: number }
  /** a kind of image that only a browser can open */
  needsBrowser: { file: string }
}

/** What can go wrong while a file is fetched from another host; `host` is that host. */
export interface DownloadProblems {
  /** the browser has no network */
  downloadOffline: { file: string }
  /** the host could not be reached */
  downloadUnreachable: { file: string; host: string }
  /** the host is there, but does not let this page read the file */
  downloadForbidden: { file: string; host: string }
  /** the host answered with an HTTP status other than success */
  downloadStatus: { file: string; host: string; status: number }
  /** the connection broke again and again; bytes here and of the whole */
  downloadCut: { file: string; host: string; received: number; expected: number }
  /** other bytes than the published checksum, or many more than there should be */
  downloadWrong: { file: string; host: string }
}

export type DataErrorCode = keyof DataProblems

export class DataError<C extends DataErrorCode = DataErrorCode> extends Error {
  override readonly name = 'DataError'
  readonly parameters: Record<string, string | number>
  constructor(
    readonly code: C,
    ...[parameters]: DataProblems[C] extends Record<string, never> ? [] : [DataProblems[C]]
  ) {
    super(`${code} ${JSON.stringify(parameters ?? {})}`)
    this.parameters = { ...parameters }
  }
}

/** What an importer did that the user should know, as codes of the catalogue too. */
export interface Remarks {
  /** the larger pair of files was taken for training */
  splitBySize: { train: string; test: string }
  /** the labels are not 0, 1, 2, ...: they were numbered anew in ascending order */
  labelsRenumbered: { first: number; last: number; classes: number }
  /** nothing says which end of a table is the label, and either could be: this column, counted from 1, was taken */
  labelColumnGuessed: { file: string; column: number }
  /** the part for validation joined the pool, or stands in for a missing test part */
  validationInPool: { count: number }
  validationIsTest: { count: number }
  /** images without a label */
  unlabelledTestLeftOut: { count: number }
  /** a table beside the images said their labels */
  labelsFromTable: { file: string }
  /** names that several rows of such a table have, of which the last counts; `name` is the first */
  labelRowsRepeated: { count: number; file: string; name: string }
  /** rows that speak of no image that is there, or cannot be read; `name` is the first, empty where it has none */
  labelRowsWithoutImage: { count: number; file: string; name: string }
  /** images that no table knows; `file` is the first */
  imagesNotInTable: { count: number; file: string }
  /** images of other sizes were brought to side x side */
  fitted: { side: number }
  /** images that could not be opened were left out; `file` is the first */
  imagesLeftOut: { count: number; file: string }
  /** files that are no images were passed over; `file` is the first */
  filesIgnored: { count: number; file: string }
  /** transparent parts became white */
  transparency: { count: number }
  /** this browser alters pixels read from a canvas (protection against fingerprinting): JPEGs differ a little */
  canvasAltered: Record<string, never>
  /** EMNIST's files hold their images mirrored along the diagonal: they were turned upright */
  transposed: Record<string, never>
}

export interface Remark {
  code: keyof Remarks
  parameters: Record<string, string | number>
}

export function remark<C extends keyof Remarks>(code: C, parameters: Remarks[C]): Remark {
  return { code, parameters: { ...parameters } }
}
