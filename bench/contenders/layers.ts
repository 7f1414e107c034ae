/**
 * TensorFlow.js as one would use it: a `tf.layers` model and `model.fit`, one network after the other, in float32 images
 * that are on the device already. On WASM with the gradient of the convolution's weights that tfjs-wasm lacks.
 */
import * as tf from '@tensorflow/tfjs'
import { filterGradient } from '../../src/engine/tfops.ts'
import { networks } from '../../src/core/network.ts'
import type { Contender } from '../contender.ts'
import { unpackView } from '../data.ts'
import type { Setup } from '../protocol.ts'
import { readBytes } from '../read.ts'
import { BATCH, LABELLED } from '../work.ts'

/** images of one `predict` */
const CHUNK = 256

export async function layers(backend: 'webgpu' | 'wasm', setup: Setup): Promise<Contender> {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  else await startWasm(setup.wasm)
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no ${backend} backend here`)
  await tf.ready()
  const { shape, pool, classNames } = unpackView(await readBytes(setup.data))
  const { height, width, channels } = shape
  const images = tf.tensor4d(
    Float32Array.from(pool.images, byte => byte / 255),
    [pool.labels.length, height, width, channels]
  )
  const classes = classNames.length
  const targets = tf.tidy(() => tf.oneHot(tf.tensor1d(Int32Array.from(pool.labels), 'int32'), classes))
  const x = images.slice(0, LABELLED)
  const y = targets.slice(0, LABELLED)
  const batchesOf = LABELLED / BATCH

  const fit = async (steps: number) => {
    const model = modelOf(setup, [height, width, channels], classes)
    let left = steps
    while (left > 0) {
      const batches = Math.min(left, batchesOf)
      const [part, labels] =
        batches === batchesOf ? [x, y] : [x.slice(0, batches * BATCH), y.slice(0, batches * BATCH)]
      await model.fit(part, labels, { batchSize: BATCH, epochs: 1, verbose: 0, yieldEvery: 'never' })
      if (part !== x) tf.dispose([part, labels])
      left -= batches
    }
    await model.getWeights()[0].data()
    return model
  }
  const free = (model: tf.Sequential) => {
    model.dispose()
    model.optimizer?.dispose()
  }
  let model: tf.Sequential | undefined
  return {
    description: `tfjs ${tf.version_core} ${backend}, tf.layers`,
    async train(replicas, steps) {
      for (let r = 0; r < replicas; r++) free(await fit(steps))
    },
    async prepare() {
      model ??= await fit(1)
    },
    async score(replicas, need, count) {
      if (need !== 'probabilities') throw new Error(`tf.layers is not asked for ${need}`)
      for (let r = 0; r < replicas; r++) {
        const part = images.slice(0, count)
        const out = model!.predict(part, { batchSize: CHUNK }) as tf.Tensor
        await out.data()
        tf.dispose([part, out])
      }
    }
  }
}

function modelOf(setup: Setup, inputShape: [number, number, number], classes: number): tf.Sequential {
  const { channels, hidden } = networks[setup.network]
  const model = tf.sequential()
  channels.forEach((filters, i) => {
    const common = { filters, kernelSize: 3, padding: 'same', activation: 'relu' } as const
    model.add(tf.layers.conv2d(i ? common : { ...common, inputShape }))
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }))
  })
  model.add(tf.layers.flatten())
  model.add(tf.layers.dropout({ rate: 0.25 }))
  model.add(tf.layers.dense({ units: hidden, activation: 'relu' }))
  model.add(tf.layers.dense({ units: classes, activation: 'softmax' }))
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' })
  return model
}

async function startWasm(wasm: string | undefined): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if (wasm)
    setWasmPaths({
      'tfjs-backend-wasm.wasm': wasm,
      'tfjs-backend-wasm-simd.wasm': wasm,
      'tfjs-backend-wasm-threaded-simd.wasm': wasm
    })
  // tfjs-wasm has no kernel for this gradient; without it nothing trains
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs }) => filterGradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D)
  })
}
