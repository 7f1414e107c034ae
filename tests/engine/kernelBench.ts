/**
 * A single kernel of the fast path on inputs of the test's own: how they lie in the GPU's memory, from the definition of
 * the layout (src/engine/fast/shape.ts) and not from the code that uses it.
 */
import type { Key } from '../../src/core/random.ts'
import type { Gpu, KernelCode } from '../../src/engine/fast/gpu.ts'
import { HEADER, Header, RECORD } from '../../src/engine/fast/kernels/common.ts'
import { fours } from '../../src/engine/fast/shape.ts'
import type { Matrix } from './reference.ts'

/** replicas; images of a batch as laid out; and those that are there */
export const REPLICAS = 2
export const BATCH = 4
export const COUNT = 3

export const asMatrix = (values: ArrayLike<number>): Matrix => Float64Array.from(values)
export const bothReplicas = [0, 1] as const

/** Runs a kernel on buffers (data, or floats that are zero) and reads those that it writes, in order. */
export async function runKernel(
  gpu: Gpu,
  code: KernelCode,
  data: readonly (Float32Array | Uint32Array | number)[],
  size: readonly [x: number, y?: number, z?: number],
  step: Uint32Array<ArrayBuffer>
): Promise<Float32Array<ArrayBuffer>[]> {
  const buffers = data.map(each => {
    const buffer = gpu.buffer(4 * (typeof each === 'number' ? each : each.length), 'test')
    if (typeof each !== 'number') gpu.write(buffer, each as Float32Array<ArrayBuffer>)
    return buffer
  })
  const schedule = gpu.buffer(step.byteLength, 'step')
  gpu.write(schedule, step)
  const dispatch = gpu.dispatch(await gpu.compile(code), buffers, ...size)
  gpu.submit(pass => {
    pass.setPipeline(dispatch.pipeline)
    pass.setBindGroup(0, gpu.stepGroup(schedule, step.byteLength), [0])
    pass.setBindGroup(1, dispatch.group)
    pass.dispatchWorkgroups(...dispatch.size)
  })
  const written = buffers.filter((_, i) => code.bindings[i] === 'w')
  const out = await Promise.all(written.map(buffer => gpu.read(buffer, buffer.size)))
  gpu.free(...buffers, schedule)
  return out
}

interface StepOptions {
  ids?: readonly (readonly number[])[]
  dropout?: readonly Key[]
  augmentation?: readonly Key[]
  /** [replica][class] */
  classWeights?: readonly Float32Array[]
  header?: Partial<Record<keyof typeof Header, number>>
  /** of these, float bits are written */
  floats?: Partial<Record<keyof typeof Header, number>>
}

/** The words of a step: its header, and a record for each replica. */
export function stepOf(options: StepOptions): Uint32Array<ArrayBuffer> {
  const { ids = [], dropout, augmentation, classWeights = [], header = {}, floats = {} } = options
  const end = HEADER + REPLICAS * (RECORD + BATCH)
  const words = new Uint32Array(128)
  const values = new Float32Array(words.buffer)
  words[Header.count] = COUNT
  words[Header.slots] = 1
  words[Header.classWeights] = end
  for (const [name, value] of Object.entries(header)) words[Header[name as keyof typeof Header]] = value
  for (const [name, value] of Object.entries(floats)) values[Header[name as keyof typeof Header]] = value
  ids.forEach((own, r) => {
    const at = HEADER + r * (RECORD + BATCH)
    if (dropout) words.set(dropout[r], at)
    if (augmentation) words.set(augmentation[r], at + 2)
    words.set(own, at + RECORD)
  })
  classWeights.forEach((own, r) => values.set(own, end + r * own.length))
  return words
}

export interface MapLayout {
  height: number
  width: number
  channels: number
  /** a border of zeros */
  border: 0 | 1
}

/** Where element (slot, row, column, channel) of a map lies. */
function placeOf({ height, width, channels, border }: MapLayout) {
  const [rows, columns, blocks] = [height + 2 * border, width + 2 * border, fours(channels) / 4]
  const place = (slot: number, y: number, x: number, c: number) =>
    4 * (((slot * blocks + (c >> 2)) * rows + y + border) * columns + x + border) + (c & 3)
  return { place, size: REPLICAS * BATCH * blocks * rows * columns * 4 }
}

/** Calls back for every element of the maps of all replicas: index within its replica [count, h, w, channel], and place. */
function eachElement(
  layout: MapLayout,
  visit: (replica: number, index: number, place: number) => void
): void {
  const { height, width, channels } = layout
  const { place } = placeOf(layout)
  for (const r of bothReplicas) {
    for (let i = 0; i < COUNT * height * width * channels; i++) {
      const c = i % channels
      const x = Math.floor(i / channels) % width
      const y = Math.floor(i / channels / width) % height
      visit(r, i, place(r * BATCH + Math.floor(i / (height * width * channels)), y, x, c))
    }
  }
}

/** Maps [count, h, w, channel] of both replicas as stored. */
export function storedMaps(maps: readonly ArrayLike<number>[], layout: MapLayout): Float32Array {
  const out = new Float32Array(placeOf(layout).size)
  eachElement(layout, (r, i, place) => (out[place] = maps[r][i]))
  return out
}

/** The inverse; what lies between (borders, channels that fill up fours, images that are not there) must be `rest`. */
export function mapsFrom(stored: ArrayLike<number>, layout: MapLayout, rest: number | null = 0): Matrix[] {
  const { height, width, channels } = layout
  const maps = bothReplicas.map(() => new Float64Array(COUNT * height * width * channels))
  const others = Array.from({ length: placeOf(layout).size }, (_, i) => stored[i])
  eachElement(layout, (r, i, place) => {
    maps[r][i] = stored[place]
    others[place] = rest ?? 0
  })
  if (rest !== null && others.some(value => value !== rest)) throw new Error('something is written between')
  return maps
}

/** Rows [count, columns] of both replicas as stored, filled up to fours. */
export const storedRows = (rows: readonly ArrayLike<number>[], columns: number): Float32Array =>
  storedMaps(rows, { height: 1, width: 1, channels: columns, border: 0 })
