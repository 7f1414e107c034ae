import type { Kernels } from '../kernels.ts'

/** A backend that has been opened and not yet been probed. */
export interface Opened {
  // the tensor type belongs to the kernels alone
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  kernels: Kernels<any>
  /** shown to the user: WebGPU's vendor and architecture, WASM's instruction set */
  detail: string
  /** a software adapter */
  fallback?: boolean
}
