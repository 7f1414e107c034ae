/** What can go wrong with storage, as codes for the message catalogue. */

export type StoreErrorCode =
  /** the disk or the browser's allowance is full */
  | 'quota'
  /** the browser does not let this page store (private windows, blocked site data, a lost connection) */
  | 'refused'
  /** stored bytes are not what was stored */
  | 'corrupted'

export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    readonly parameters: Record<string, string | number> = {},
    options?: ErrorOptions
  ) {
    super(`storage: ${code}`, options)
    this.name = 'StoreError'
  }
}

export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause
  const full = (cause as { name?: unknown } | null)?.name === 'QuotaExceededError'
  return new StoreError(full ? 'quota' : 'refused', {}, { cause })
}
