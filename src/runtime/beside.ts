/** What stands beside the fast path: WebAssembly, whose bits its numericsId promises for all that it does not know. */
import { knowsRecipe } from '../engine/fast/known.ts'
import { WASM_NUMERICS_ID } from '../engine/wasm/id.ts'
import type { Beside } from './pools.ts'

export const besideGpu = (workers: number): Beside => ({
  workers,
  knows: knowsRecipe,
  numericsId: WASM_NUMERICS_ID
})
