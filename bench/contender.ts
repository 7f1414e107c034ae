/** Those who take part from JavaScript; each one's code is loaded when it is asked for. */
import type { GeometryQuestion, GeometryTime, KernelTime, Peaks, Setup } from './protocol.ts'
import type { NeedName } from './work.ts'

export interface Contender {
  /** what it is, for the table: backend and adapter */
  description: string
  /** Trains `replicas` networks for `steps` steps; resolves when the weights are there. */
  train(replicas: number, steps: number): Promise<void>
  /** Makes ready what `score` needs. Rejects for what it does not do. */
  prepare(replicas: number): Promise<void>
  score(replicas: number, need: NeedName, images: number): Promise<void>
  peaks?(): Promise<Peaks>
  kernels?(replicas: number): Promise<KernelTime[]>
  /** milliseconds of an epoch of SimCLR, by its suggested settings */
  epoch?(): Promise<number>
  geometry?(question: GeometryQuestion, goes: number): Promise<GeometryTime>
}

export const contenders = {
  fast: async setup => (await import('./contenders/engine.ts')).ours('fast', setup),
  reference: async setup => (await import('./contenders/engine.ts')).ours('reference', setup),
  wasm: async setup => (await import('./contenders/engine.ts')).ours('wasm', setup),
  'layers-webgpu': async setup => (await import('./contenders/layers.ts')).layers('webgpu', setup),
  'layers-wasm': async setup => (await import('./contenders/layers.ts')).layers('wasm', setup),
  jax: async setup => (await import('./contenders/jax.ts')).jax(setup),
  floor: async () => (await import('./contenders/floor.ts')).floor()
} satisfies Record<string, (setup: Setup) => Promise<Contender>>

export type ContenderName = keyof typeof contenders

/** Which of them need a WebGPU adapter. */
export const onGpu: readonly string[] = [
  'fast',
  'reference',
  'layers-webgpu',
  'jax',
  'floor'
] satisfies ContenderName[]
