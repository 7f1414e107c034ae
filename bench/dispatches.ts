/** Counts WebGPU dispatches and submits by wrapping the two methods that everybody has to call. */
export interface Counted {
  dispatches: number
  submits: number
}

interface Methods {
  GPUComputePassEncoder?: { prototype: GPUComputePassEncoder }
  GPUQueue?: { prototype: GPUQueue }
}

const wrapped = new WeakSet<object>()

/** Wraps what is there and is not wrapped yet (in Node the classes appear with the package) and counts into `counted`. */
export function countDispatches(counted: Counted = { dispatches: 0, submits: 0 }): Counted {
  const { GPUComputePassEncoder: pass, GPUQueue: queue } = globalThis as Methods
  const wrap = <T extends object>(prototype: T | undefined, method: keyof T & string, count: () => void) => {
    if (!prototype || wrapped.has(prototype)) return
    wrapped.add(prototype)
    const original = prototype[method] as (...values: unknown[]) => unknown
    Object.defineProperty(prototype, method, {
      configurable: true,
      writable: true,
      value(this: unknown, ...values: unknown[]) {
        count()
        return original.apply(this, values)
      }
    })
  }
  wrap(pass?.prototype, 'dispatchWorkgroups', () => counted.dispatches++)
  wrap(queue?.prototype, 'submit', () => counted.submits++)
  return counted
}
