/** How much work a backend that proved right does in a given time. */
import type { BackendDescription } from '../core/engine.ts'

/**
 * Steps per millisecond: WASM and CPU run one worker per core, WebGPU one engine for all. `cores` is the number of
 * workers that would be started.
 */
export function throughput(description: BackendDescription, cores: number): number {
  return (description.backend === 'webgpu' ? 1 : Math.max(1, cores)) / description.stepMilliseconds
}
