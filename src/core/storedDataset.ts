/** What is known of a stored data set without reading its images. */
import type { ImageShape } from './network.ts'

export interface StoredDataset {
  fingerprint: string
  name: string
  shape: ImageShape
  classNames: string[]
  poolSize: number
  testSize: number
  bytes: number
  /** milliseconds since 1970 */
  storedAt: number
}
