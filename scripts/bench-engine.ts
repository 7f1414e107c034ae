/**
 * npx tsx scripts/bench-engine.ts [backend]: milliseconds of one training step and images a second of inference, for
 * the small and the reference network (28x28x1, batch 32), beside model.fit of tf.layers on tfjs-wasm as it comes (with
 * the convolution gradient it lacks). Two figures each: the best wall time, and the processor time of this process
 * per unit, which other load on the machine disturbs less.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendName } from '../src/core/engine.ts'
import { networks, type NetworkName } from '../src/core/network.ts'
import { bits } from '../src/core/random.ts'
import type { Recipe } from '../src/core/recipe.ts'
import type { View } from '../src/core/view.ts'
import { openEngine } from '../src/engine/index.ts'
import { filterGradient } from '../src/engine/tfops.ts'

const backend = (process.argv[2] ?? 'wasm') as BackendName
const IMAGES = 640
const BATCH = 32
const STEPS = backend === 'wasm' ? 40 : 4
const SIDE = 28

const labels = Uint16Array.from({ length: IMAGES }, (_, i) => i % 10)
const images = Uint8Array.from({ length: IMAGES * SIDE * SIDE }, (_, at) => {
  const bright = Math.floor((at % (SIDE * SIDE)) / 79) === labels[Math.floor(at / (SIDE * SIDE))]
  return (bits([1, 2], at) & 0x7f) + (bright ? 128 : 0)
})
const set = { images, labels }
const view: View = {
  key: 'bench',
  name: 'bench',
  fingerprint: 'bench',
  shape: { height: SIDE, width: SIDE, channels: 1 },
  classNames: Array.from({ length: 10 }, (_, c) => `${c}`),
  pool: set,
  test: set,
  trueLabels: labels
}

/** Best of several goes: wall and processor milliseconds per unit. */
async function measure(units: number, work: () => Promise<unknown>, goes = 5): Promise<[number, number]> {
  let [wall, processor] = [Infinity, Infinity]
  for (let go = 0; go <= goes; go++) {
    const before = process.cpuUsage()
    const start = performance.now()
    await work()
    const used = process.cpuUsage(before)
    if (go === 0) continue // compiles
    wall = Math.min(wall, (performance.now() - start) / units)
    processor = Math.min(processor, (used.user + used.system) / 1000 / units)
  }
  return [wall, processor]
}

async function ours(name: NetworkName): Promise<Record<string, string>> {
  const engine = await openEngine({ backend })
  await engine.load(view)
  const recipe: Recipe = {
    network: networks[name],
    epochs: 0,
    stepsFloor: STEPS,
    learningRate: 1e-3,
    batchSize: BATCH,
    dropout: 0.25,
    augmentation: 'none'
  }
  const labelled = Uint32Array.from({ length: 320 }, (_, i) => i)
  const step = await measure(STEPS, () => engine.train(recipe, [{ seed: 1, labelled }]))
  const [trained] = await engine.train(recipe, [{ seed: 1, labelled }])
  const image = await measure(IMAGES, () => trained.testProbabilities())
  const rows = Uint32Array.from({ length: IMAGES }, (_, i) => i)
  const passes = await measure(IMAGES, () => trained.answer([{ kind: 'passes', passes: 20 }], rows, labelled))
  return row(`${engine.numericsId} ${name}`, step, image, passes)
}

async function layers(name: NetworkName): Promise<Record<string, string>> {
  await tf.setBackend('wasm')
  const { channels, hidden } = networks[name]
  const model = tf.sequential()
  channels.forEach((filters, i) => {
    const inputShape = i ? undefined : [SIDE, SIDE, 1]
    model.add(tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', inputShape }))
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  })
  model.add(tf.layers.flatten())
  model.add(tf.layers.dropout({ rate: 0.25 }))
  model.add(tf.layers.dense({ units: hidden, activation: 'relu' }))
  model.add(tf.layers.dense({ units: 10, activation: 'softmax' }))
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
  const x = tf.tensor4d(
    Float32Array.from(images, b => b / 255),
    [IMAGES, SIDE, SIDE, 1]
  )
  const y = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10)
  const fit = () => model.fit(x.slice(0, 320), y.slice(0, 320), { batchSize: BATCH, epochs: 1, verbose: 0 })
  const step = await measure(10, fit)
  const image = await measure(IMAGES, async () => (model.predict(x, { batchSize: 128 }) as tf.Tensor).data())
  return row(`tf.layers on wasm, ${name}`, step, image)
}

function row(what: string, step: number[], image: number[], passes?: number[]): Record<string, string> {
  const pair = (values: number[], digits: number) => values.map(v => v.toFixed(digits)).join(' / ')
  return {
    what,
    'ms a step, wall / cpu': pair(step, 2),
    'images a second, wall / cpu': pair(
      image.map(ms => 1000 / ms),
      0
    ),
    'with 20 passes': passes
      ? pair(
          passes.map(ms => 1000 / ms),
          0
        )
      : ''
  }
}

/** tfjs-wasm has no kernel for this gradient; without it nothing trains. */
tf.registerKernel({
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs }) => filterGradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D)
})

const rows = [await ours('small'), await ours('reference')]
if (backend === 'wasm') rows.push(await layers('small'), await layers('reference'))
console.table(rows)
process.exit(0)
