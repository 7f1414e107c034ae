/** What can be wrong with a spec, a result or a link, as codes for the message catalogue; no language here. */

export type ExchangeErrorCode =
  /** not JSON */
  | 'notJson'
  /** JSON, and neither an experiment nor a result of ours */
  | 'notOurs'
  /** of a version this one cannot read: parameters.version */
  | 'newerVersion'
  /** the field is missing or of the wrong kind */
  | 'wrongType'
  /** a number below or above what is possible: parameters.limit */
  | 'outOfRange'
  /** a list or text longer than is accepted: parameters.limit */
  | 'tooMany'
  /** the document is larger than is accepted: parameters.limit */
  | 'tooLarge'
  /** a key that no honest document has (__proto__ and the like) */
  | 'forbiddenKey'
  /** a text with control characters, or one that changes the direction of what stands beside it */
  | 'unsafeText'
  /** a row of the experiment is wrong: parameters.problem is the code of experiment/read.ts, parameters.limit its limit */
  | 'badRow'
  /** the experiment has a row, or names a strategy or option, that this version does not know: it cannot be run */
  | 'unknownRow'
  | 'unknownName'
  /** names something that the experiment or the lists of the document do not hold */
  | 'notListed'
  /** label counts or seeds that do not ascend, rows that repeat */
  | 'notAscending'
  | 'repeated'
  /** two fields that contradict each other */
  | 'inconsistent'
  /** links: no link of ours; cut off; changed on the way; longer than is accepted; what is inside cannot be read */
  | 'notALink'
  | 'truncated'
  | 'corrupted'
  | 'tooLong'
  | 'unreadable'
  /** writing: the link would be too long to send: parameters.characters. Offer the file, or the link without results */
  | 'tooLongForLink'
  /** writing: parts of the result are of a later version and would be lost */
  | 'laterVersion'
  /** encoders: of a version without hashes; numbers that are not those it was written with */
  | 'earlierEncoder'
  | 'damagedEncoder'
  /** merging: field names what differs */
  | 'nothingToMerge'
  | 'differentExperiment'
  | 'differentData'
  | 'disagreement'
  /** their seeds span more than an experiment may have: parameters.seeds, parameters.limit */
  | 'seedsApart'

export class ExchangeError extends Error {
  constructor(
    readonly code: ExchangeErrorCode,
    /** path of the field, e.g. "runs.3.points.0.correct"; "" where the whole document is meant */
    readonly field = '',
    readonly parameters: Record<string, string | number> = {}
  ) {
    super([code, field].filter(Boolean).join(': '))
    this.name = 'ExchangeError'
  }
}
