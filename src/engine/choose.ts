/** Which of the backends that proved right does the most work in a given time. */
import type { BackendDescription } from '../core/engine.ts'

/**
 * Steps per millisecond: WASM and CPU run one worker per core, WebGPU one engine for all. `cores` is the number of
 * workers that would be started.
 */
export function throughput(description: BackendDescription, cores: number): number {
  return (description.backend === 'webgpu' ? 1 : Math.max(1, cores)) / description.stepMilliseconds
}

/** The fastest of the candidates; of equally fast ones the first. Undefined if there are none. */
export function chooseBackend(
  candidates: readonly BackendDescription[],
  cores: number
): BackendDescription | undefined {
  let best: BackendDescription | undefined
  for (const candidate of candidates) {
    if (!best || throughput(candidate, cores) > throughput(best, cores)) best = candidate
  }
  return best
}
