/**
 * jax-js: `jit(vmap(valueAndGrad(loss)))` with a hand-written Adam, one call a step for all replicas. It is spared what
 * the others do besides: its batches and dropout masks are uploaded once and used again in every step.
 */
import { networks } from '../../src/core/network.ts'
import type { Contender } from '../contender.ts'
import { unpackView } from '../data.ts'
import type { Setup } from '../protocol.ts'
import { readBytes } from '../read.ts'
import { architectureFor, BATCH } from '../work.ts'

/** images of one call when scoring */
const CHUNK = 256

/** An array of jax-js: every use takes it, unless it is taken by reference. */
interface JaxArray {
  ref: JaxArray
  add(other: JaxArray | number): JaxArray
  sub(other: JaxArray | number): JaxArray
  mul(other: JaxArray | number): JaxArray
  div(other: JaxArray | number): JaxArray
  reshape(shape: number[]): JaxArray
  slice(...index: ([] | [number, number])[]): JaxArray
  sum(): JaxArray
  data(): Promise<Float32Array>
  dispose(): void
}
type Step = (...values: unknown[]) => JaxArray[]
interface Jax {
  init(device: string): Promise<string[]>
  defaultDevice(device: string): string
  numpy: {
    array(values: Float32Array, options: { shape: number[] }): JaxArray
    max(a: JaxArray, axes: number[]): JaxArray
    dot(a: JaxArray, b: JaxArray): JaxArray
    sqrt(a: JaxArray): JaxArray
    square(a: JaxArray): JaxArray
    zerosLike(a: JaxArray): JaxArray
  }
  nn: { relu(a: JaxArray): JaxArray; logSoftmax(a: JaxArray): JaxArray }
  lax: {
    convGeneralDilated(x: JaxArray, w: JaxArray, strides: number[], padding: string): JaxArray
  }
  jit(f: unknown): Step
  vmap(f: unknown, axes: (number | null)[]): Step
  valueAndGrad(f: unknown): unknown
}

export async function jax(setup: Setup): Promise<Contender> {
  if (!setup.jax) throw new Error('jax-js is not there: fetch it with --fetch')
  const j = (await import(/* @vite-ignore */ setup.jax)) as Jax
  if (!(await j.init('webgpu')).includes('webgpu')) throw new Error('jax-js finds no WebGPU here')
  j.defaultDevice('webgpu')
  const { numpy: np, nn, lax } = j
  const view = unpackView(await readBytes(setup.data))
  const net = architectureFor(view, setup.network)
  const { channels } = networks[setup.network]
  const { height, width, channels: depth } = view.shape
  const classes = view.classNames.length
  const random = generator(1)
  const filled = (shape: number[], value: (at: number) => number) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return np.array(
      Float32Array.from({ length: size }, (_, at) => value(at)),
      { shape }
    )
  }

  /** [replica, ...]: weights and biases of one layer after the other, convolutions as [out, in, 3, 3] */
  const parameters = (replicas: number): JaxArray[] =>
    net.parameters.map(({ shape, fanIn }) => {
      const own = shape.length === 4 ? [shape[3], shape[2], 3, 3] : [...shape]
      return filled([replicas, ...own], () => (2 * random() - 1) / Math.sqrt(fanIn))
    })
  const images = (lead: number[], count: number) =>
    filled([...lead, count, depth, height, width], at => view.pool.images[at % view.pool.images.length] / 255)

  const features = (p: JaxArray[], x: JaxArray, batch: number) => {
    let h = x
    channels.forEach((out, i) => {
      h = lax.convGeneralDilated(h, p[2 * i], [1, 1], 'SAME').add(p[2 * i + 1].reshape([out, 1, 1]))
      const [rows, columns] = [net.maps[i].height >> 1, net.maps[i].width >> 1]
      h = nn.relu(h).slice([], [], [0, rows * 2], [0, columns * 2])
      h = np.max(h.reshape([batch, out, rows, 2, columns, 2]), [3, 5])
    })
    return h.reshape([batch, net.features])
  }
  const head = (p: JaxArray[], h: JaxArray) => {
    const n = 2 * channels.length
    const hidden = nn.relu(np.dot(h, p[n]).add(p[n + 1]))
    return np.dot(hidden, p[n + 2]).add(p[n + 3])
  }
  const loss = (p: JaxArray[], x: JaxArray, mask: JaxArray, y: JaxArray) =>
    nn
      .logSoftmax(head(p, features(p, x, BATCH).mul(mask)))
      .mul(y)
      .sum()
      .mul(-1 / BATCH)
  const gradients = j.vmap(j.valueAndGrad(loss), [0, 0, 0, 0])
  const all = net.parameters.map((_, i) => i)
  const step = j.jit(
    (p: JaxArray[], m: JaxArray[], v: JaxArray[], t: JaxArray, x: JaxArray, mask: JaxArray, y: JaxArray) => {
      const [value, g] = gradients(
        p.map(a => a.ref),
        x,
        mask,
        y
      ) as unknown as [JaxArray, JaxArray[]]
      const moments = all.map(i => m[i].mul(0.9).add(g[i].ref.mul(0.1)))
      const squares = all.map(i => v[i].mul(0.999).add(np.square(g[i]).mul(0.001)))
      const next = all.map(i =>
        p[i].sub(moments[i].ref.mul(1e-3).div(np.sqrt(squares[i].ref.mul(t.ref)).add(1e-8)))
      )
      t.dispose()
      return [value, next, moments, squares]
    }
  ) as unknown as (...values: unknown[]) => [JaxArray, JaxArray[], JaxArray[], JaxArray[]]
  const predict = j.jit(j.vmap((p: JaxArray[], x: JaxArray) => head(p, features(p, x, CHUNK)), [0, null]))

  const inputs = new Map<number, [JaxArray, JaxArray, JaxArray]>()
  const inputsOf = (replicas: number) => {
    const label = (at: number) => view.pool.labels[Math.floor(at / classes) % BATCH] === at % classes
    const made = inputs.get(replicas) ?? [
      images([replicas], BATCH),
      filled([replicas, BATCH, net.features], () => (random() < 0.25 ? 0 : 4 / 3)),
      filled([replicas, BATCH, classes], at => (label(at) ? 1 : 0))
    ]
    inputs.set(replicas, made as [JaxArray, JaxArray, JaxArray])
    return made
  }
  let scored: { replicas: number; p: JaxArray[]; x: JaxArray } | undefined
  return {
    description: 'jax-js 0.1.25, jit(vmap(valueAndGrad)), webgpu',
    async train(replicas, steps) {
      const [x, mask, y] = inputsOf(replicas)
      let p = parameters(replicas)
      let m = p.map(a => np.zerosLike(a.ref))
      let v = p.map(a => np.zerosLike(a.ref))
      for (let s = 1; s <= steps; s++) {
        const t = filled([1], () => 1 / (1 - 0.999 ** s))
        const [value, ...rest] = step(p, m, v, t, x.ref, mask.ref, y.ref)
        value.dispose()
        ;[p, m, v] = rest
      }
      await p[0].ref.data()
      for (const array of [...p, ...m, ...v]) array.dispose()
    },
    async prepare(replicas) {
      if (scored?.replicas === replicas) return
      if (scored) [...scored.p, scored.x].forEach(a => a.dispose())
      scored = { replicas, p: parameters(replicas), x: images([], CHUNK) }
    },
    async score(_replicas, need, count) {
      if (need !== 'probabilities') throw new Error(`jax-js is not asked for ${need}`)
      const { p, x } = scored!
      for (let at = 0; at < count; at += CHUNK) {
        const out = predict(
          p.map(a => a.ref),
          x.ref
        ) as unknown as JaxArray
        await out.data()
      }
    }
  }
}

/** Numbers from 0 to 1 (mulberry32): which ones makes no difference to the time. */
function generator(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
