/**
 * WebGPU in Node, where the user has installed it: the npm package `webgpu` (Dawn) weighs 132 MB and is therefore no
 * dependency. It must be in place before tfjs's WebGPU backend is loaded.
 */
import { EngineError } from '../errors.ts'

interface NodeWebgpu {
  create(options: string[]): GPU
  globals: Record<string, unknown>
}

/** Puts navigator.gpu in place, once: with a second instance the devices of the first would be gone when it is collected. Throws EngineError 'noAdapter' if the package is not installed. */
export async function installWebgpu(): Promise<void> {
  if (globalThis.navigator?.gpu) return
  const name = 'webgpu'
  let dawn: NodeWebgpu
  try {
    dawn = (await import(/* @vite-ignore */ name)) as NodeWebgpu
  } catch (cause) {
    throw new EngineError(
      'noAdapter',
      'WebGPU in Node needs a package of its own: npm install --no-save webgpu',
      {
        cause
      }
    )
  }
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create([])
  if (globalThis.navigator)
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  else
    Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true })
}
