/**
 * The batch's images out of the resident bytes: gathered by id, varied by the law (or by the chunk's own variation),
 * normalised by a look-up per byte, as every backend does it. Output [replica, batch, row, column] of one or four
 * channels, within a border of zeros.
 */
import type { Augmentation } from '../../../core/recipe.ts'
import type { KernelCode } from '../gpu.ts'
import { inputSize, type Shape } from '../shape.ts'
import { HEADER, Header, main, prelude, RECORD, THREEFRY } from './common.ts'

export interface GatherOptions {
  /** images of a replica's batch as laid out; of an inference chunk there is one replica, and 0 */
  batch: number
  /** 'given': the variation stands in the header */
  augmentation: Augmentation | 'given'
  /** bytes of each part of the set but the last */
  partBytes: number
  parts: number
}

const VARIATION: Record<GatherOptions['augmentation'], string> = {
  none: '',
  given: `
  let dy = bitcast<i32>(step[${Header.dy}]);
  let dx = bitcast<i32>(step[${Header.dx}]);
  let mirror = step[${Header.mirror}] == 1u;`,
  shift: `
  let drawn = threefry(vec2u(step[record + 2u], step[record + 3u]), vec2u(image, 0u)).x;
  let dy = i32((drawn & 0xffu) % 5u) - 2;
  let dx = i32(((drawn >> 8u) & 0xffu) % 5u) - 2;
  let mirror = false;`,
  flip: `
  let drawn = threefry(vec2u(step[record + 2u], step[record + 3u]), vec2u(image, 0u)).x;
  let dy = i32((drawn & 0xffu) % 5u) - 2;
  let dx = i32(((drawn >> 8u) & 0xffu) % 5u) - 2;
  let mirror = ((drawn >> 16u) & 1u) == 1u;`
}

export function gather(shape: Shape, { batch, augmentation, partBytes, parts }: GatherOptions): KernelCode {
  const { height, width, channels } = shape.net.input
  const stored = shape.blocks[0].in
  const names = Array.from({ length: parts }, (_, i) => `part${i}`)
  const head = prelude(
    [
      ['table', 'f32', 'r'],
      ['images', stored === 1 ? 'f32' : 'vec4f', 'w'],
      ...names.map(name => [name, 'u32', 'r'] as const)
    ],
    {
      HEIGHT: height,
      WIDTH: width,
      PIXELS: height * width,
      BYTES: height * width * channels,
      BATCH: batch,
      IMAGE: inputSize(shape) / stored
    }
  )
  const words = partBytes / 4
  const fetch = `
fn fetch(at: u32) -> u32 {
  let word = at >> 2u;
  var four = 0u;
${names
  .map(
    (name, i) =>
      `  ${i ? 'else ' : ''}${i < parts - 1 ? `if (word < ${(i + 1) * words}u) ` : ''}{ four = ${name}[word - ${i * words}u]; }`
  )
  .join('\n')}
  return (four >> (8u * (at & 3u))) & 0xffu;
}
`
  const channel = (c: number) => `table[${c * 256}u + select(0u, fetch(base + ${c}u), inside)]`
  const value =
    stored === 1
      ? channel(0)
      : `vec4f(${Array.from({ length: 4 }, (_, c) => (c < channels ? channel(c) : '0.0')).join(', ')})`
  const varied = augmentation !== 'none'
  const body = `
  let slot = id / PIXELS;
  if (slot >= step[${Header.count}]) { return; }
  let pixel = id % PIXELS;
  let y = pixel / WIDTH;
  let x = pixel % WIDTH;
  let record = ${HEADER}u + replica * (${RECORD}u + BATCH);
  let image = step[record + ${RECORD}u + slot];
${VARIATION[augmentation]}
${
  varied
    ? `  let fromY = i32(y) - dy;
  let fromX = select(i32(x), i32(WIDTH - 1u - x), mirror) - dx;
  let inside = fromY >= 0 && fromX >= 0 && fromY < i32(HEIGHT) && fromX < i32(WIDTH);
  let base = image * BYTES + select(0u, u32(fromY) * WIDTH + u32(fromX), inside) * ${channels}u;`
    : `  let inside = true;
  let base = image * BYTES + pixel * ${channels}u;`
}
  images[(replica * BATCH + slot) * IMAGE + (y + 1u) * (WIDTH + 2u) + x + 1u] = ${value};`
  const random = augmentation === 'shift' || augmentation === 'flip' ? THREEFRY : ''
  return {
    source: head + random + fetch + main(body),
    bindings: 'rw' + 'r'.repeat(parts)
  }
}
