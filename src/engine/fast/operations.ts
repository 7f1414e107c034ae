/**
 * The dispatches that a trunk is made of, before they are compiled and bound: forward through its blocks; back through them,
 * and Adam over all parameters. A training puts the head in between, a pretraining whatever the host does.
 */
import { THREADS, type Dispatch, type Gpu, type KernelCode } from './gpu.ts'
import { adam } from './kernels/adam.ts'
import { inputGradient, inputGradientGroups, weightGradient } from './kernels/blockGradients.ts'
import type { Tiling } from './kernels/common.ts'
import { forward, forwardGroups } from './kernels/forward.ts'
import type { Plan } from './plan.ts'
import { transposedSize } from './shape.ts'

export interface Operation {
  name: string
  code: KernelCode
  buffers: GPUBuffer[]
  x: number
  y?: number
}

export const groups = (threads: number): number => Math.ceil(threads / THREADS)

/** Operations for so many replicas, ready to be replayed. */
export const prepared = (
  gpu: Gpu,
  operations: readonly Operation[],
  replicas = 1
): Promise<(Dispatch & { name: string })[]> =>
  Promise.all(
    operations.map(async ({ name, code, buffers, x, y }) => ({
      name,
      ...gpu.dispatch(await gpu.compile(code), buffers, x, y, replicas)
    }))
  )

export interface ForwardBuffers {
  input: GPUBuffer
  parameters: GPUBuffer
  pooled: readonly GPUBuffer[]
  /** of a pass that has a way back */
  codes?: readonly GPUBuffer[]
}

/** One a block. */
export function trunkForward(
  { shape, batch }: Plan,
  tiling: Tiling,
  { input, parameters, pooled, codes }: ForwardBuffers,
  dropout = 0
): Operation[] {
  const inputs = [input, ...pooled]
  return shape.blocks.map((block, l) => {
    const [x, y] = forwardGroups(block, batch, tiling)
    const code = forward(shape, l, { batch, training: codes !== undefined, dropout, tiling })
    const buffers = [inputs[l], parameters, pooled[l], ...(codes ? [codes[l]] : [])]
    return { name: `forward ${l + 1}`, code, buffers, x, y }
  })
}

export interface BackwardBuffers extends Required<ForwardBuffers> {
  pooledGradients: readonly GPUBuffer[]
  gradients: GPUBuffer
  moments: GPUBuffer
  squares: GPUBuffer
  transposed: GPUBuffer
}

/** From the gradient at the last block's pooled map: two a block, one for the first; and Adam. */
export function trunkBackward(plan: Plan, tiling: Tiling, b: BackwardBuffers): Operation[] {
  const { shape, batch, gradients, gradientSize } = plan
  const { blocks } = shape
  const inputs = [b.input, ...b.pooled]
  const turned = transposedSize(shape)
  let offset = turned
  const list: Operation[] = []
  for (let l = blocks.length - 1; l >= 0; l--) {
    const { in: into, out } = blocks[l]
    list.push({
      name: `weight gradient ${l + 1}`,
      code: weightGradient(shape, l, batch, gradients, gradientSize, tiling),
      buffers: [inputs[l], b.codes[l], b.pooledGradients[l], b.gradients],
      x: groups(Math.ceil(into / 4) * out),
      y: gradients[2 * l].splits
    })
    if (l === 0) continue
    offset -= 9 * into * out
    const [x, y] = inputGradientGroups(blocks[l], batch, tiling)
    list.push({
      name: `input gradient ${l + 1}`,
      code: inputGradient(shape, l, batch, offset, turned, tiling),
      buffers: [b.codes[l], b.pooledGradients[l], b.transposed, b.pooledGradients[l - 1]],
      x,
      y
    })
  }
  list.push({
    name: 'Adam',
    code: adam(shape, gradients, gradientSize),
    buffers: [b.parameters, b.moments, b.squares, b.gradients, b.transposed],
    x: groups(shape.size / 4)
  })
  return list
}
