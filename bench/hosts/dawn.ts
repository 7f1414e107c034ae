/** WebGPU in Node from the native module of the npm package `webgpu` (Dawn): dawn.node alone is enough. */
import { createRequire } from 'node:module'

interface DawnModule {
  create(options: string[]): GPU
  globals: Record<string, unknown>
}

export function installDawn(path: string): void {
  const { create, globals } = createRequire(import.meta.url)(path) as DawnModule
  Object.assign(globalThis, globals)
  const gpu = create([])
  if (globalThis.navigator)
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  else
    Object.defineProperty(globalThis, 'navigator', {
      value: { gpu, userAgent: 'Node', hardwareConcurrency: 1 },
      configurable: true
    })
}
