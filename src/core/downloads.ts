/**
 * What has arrived of a file that is being downloaded, kept so that a cut connection, a closed tab or a cancelled
 * download costs only what was not there yet. The implementation is the browser's database (store/).
 */

/** What the host said of a file when it began: if it says otherwise later, the file is another one. */
export interface Validator {
  /** as the host gives it; undefined where the host does not show it */
  etag?: string
  /** bytes of the whole file; undefined where the host does not say */
  total?: number
}

export interface PartialDownload extends Validator {
  /** in order, from the file's first byte on */
  parts: Blob[]
}

export interface DownloadStore {
  /** undefined if nothing (readable) is kept */
  get(url: string): Promise<PartialDownload | undefined>
  /**
   * Adds bytes to the end; `offset` is how many there were before, and 0 forgets what was there. Both the bytes and the
   * note of them, or neither. Rejects where the browser refuses, or where what is kept does not end at the offset.
   */
  append(url: string, offset: number, bytes: ArrayBuffer, validator: Validator, now: number): Promise<void>
  forget(urls: readonly string[]): Promise<void>
  /** how many bytes are kept of each address, and of how many as far as the host has said */
  list(): Promise<{ url: string; bytes: number; total?: number }[]>
}
