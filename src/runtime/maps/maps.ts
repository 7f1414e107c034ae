/** The maker of maps: takes a sample of the pool, asks for its features, and has UMAP arrange them in a worker of its own. */
import { knobsOf, pretrainingRows } from '../../core/experiment/parts.ts'
import type { Experiment } from '../../core/experiment/table.ts'
import type { Features } from '../../core/features.ts'
import type { ImageMap, MapBasis } from '../../core/imageMap.ts'
import { makerOf, type Product } from '../../core/pretraining/products.ts'
import { featureLength } from '../../core/view.ts'
import type { DatasetCalls, Following, Progress } from '../dataProtocol.ts'
import { RuntimeError } from '../errors.ts'
import type { Encoders } from '../pretraining/encoders.ts'
import type { WorkerPort } from '../protocol.ts'
import type { FromMapper, ToMapper } from './protocol.ts'

export interface MapsOptions {
  data: Pick<DatasetCalls, 'view' | 'sample' | 'pixelFeatures'>
  encoders: Pick<Encoders, 'locate' | 'productOf'>
  createWorker(): WorkerPort<ToMapper, FromMapper>
}

export class Maps {
  constructor(private readonly options: MapsOptions) {}

  /**
   * The images of an experiment's pool, `first` among them, arranged by their first components or their dynamics. Rejects with
   * RuntimeError: 'encoderMissing' where that needs an encoder that is not kept (nothing is pretrained for a map), or why its
   * method or the data set does not have such a map.
   */
  async open(e: Experiment, basis: MapBasis, first: ArrayLike<number>): Promise<ImageMap> {
    const { data } = this.options
    const knobs = knobsOf(e)
    const sample = await data.sample(e.source, knobs, Uint32Array.from(first))
    const all = await (basis === 'pixels' ? data.pixelFeatures(e.source, knobs) : this.product(e, basis))
    const features = rowsOf(all, sample.rows)
    if (basis === 'dynamics') {
      const [confidence, variability, correct] = [0, 1, 2].map(c => pick(features, c))
      return { ...sample, basis, positions: pairs(variability, confidence), correct }
    }
    const positions = pairs(pick(features, 0), pick(features, Math.min(1, features.size - 1)))
    return { ...sample, basis, positions, features }
  }

  private async product(e: Experiment, product: Product): Promise<Features> {
    const { data, encoders } = this.options
    const maker = makerOf(product, e.pretraining)
    if ('code' in maker) throw new RuntimeError(maker.code, `${e.pretraining} leaves no ${product}`)
    const view = await data.view(e.source, knobsOf(e))
    if (featureLength(view) !== undefined) throw new RuntimeError('needsImages', 'there are no images')
    const pretraining = { ...pretrainingRows(e), method: maker.method }
    const encoder = await encoders.locate(view, pretraining, product)
    if (!encoder) throw new RuntimeError('encoderMissing', 'no such encoder is kept')
    return encoders.productOf(view, encoder, product)
  }

  /** UMAP's positions, [rows, 2]. Rejects with the signal's reason when it is called off. */
  arrange({ size, values }: Features, { progress, signal }: Following<Progress> = {}): Promise<Float32Array> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const port = this.options.createWorker()
    return new Promise<Float32Array>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      port.onFailure(reason => reject(new RuntimeError('workerFailed', reason)))
      port.listen(message => {
        if (message.type === 'done') resolve(message.positions)
        else progress?.({ done: message.done, total: message.total })
      })
      port.post({ values, size })
    }).finally(() => port.terminate())
  }
}

function rowsOf({ size, values }: Features, rows: Uint32Array): Features {
  const out = new Float32Array(rows.length * size)
  rows.forEach((row, i) => out.set(values.subarray(row * size, (row + 1) * size), i * size))
  return { size, values: out }
}

const pick = ({ size, values }: Features, column: number) =>
  Float32Array.from({ length: values.length / size }, (_, i) => values[i * size + column])

const pairs = (x: Float32Array, y: Float32Array) =>
  Float32Array.from({ length: 2 * x.length }, (_, i) => (i & 1 ? y : x)[i >> 1])
