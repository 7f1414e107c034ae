/** Features of many images under given weights, chunk by chunk. */
import type { Variation } from '../core/law.ts'
import type { Architecture } from '../core/network.ts'
import type { Kernels, State } from './kernels.ts'
import { trunkFeatures } from './network.ts'
import type { Pixels } from './pixels.ts'

/** Flattened trunk features of some images, [rows, features]; `rest` is asked before each chunk. */
export async function embed<T>(
  k: Kernels<T>,
  net: Architecture,
  state: State<T>,
  pixels: Pixels,
  rows: Uint32Array,
  rest: () => void | Promise<void>,
  variation?: Variation
): Promise<Float32Array> {
  const out = new Float32Array(rows.length * net.features)
  const size = k.chunk(net)
  for (let start = 0; start < rows.length; start += size) {
    await rest()
    const chunk = rows.subarray(start, start + size)
    const filled = k.padTail ? size : chunk.length
    const values = await k.scope(() => {
      const parameters = state.parameters()
      // rows beyond the chunk's own repeat its first, where the kernels want full chunks
      const input = k.input(filled, net.input, target => {
        for (let i = 0; i < filled; i++) pixels.write(target, i, chunk[i < chunk.length ? i : 0], variation)
      })
      return k.read(trunkFeatures(k, net, parameters, input), chunk.length)
    })
    out.set(values, start * net.features)
  }
  return out
}
