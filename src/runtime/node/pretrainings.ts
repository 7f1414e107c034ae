/** Pretraining for the headless runner: in this thread, each encoder once, kept in a store under its key. */
import { isRecorded, isThere, type Product } from '../../core/pretraining/products.ts'
import type { Encoder, EpochReport, Pretraining } from '../../core/pretraining/settings.ts'
import type { View } from '../../core/view.ts'
import { openPretrainer, type Pretrainer } from '../../engine/pretraining/open.ts'
import type { DirectorOptions } from '../director.ts'
import { recordOf } from '../pretraining/records.ts'
import type { FileEncoders } from './fileEncoders.ts'
import { STANDING_EVERY } from '../pretraining/serve.ts'

/** Milliseconds without a look at what else there is: signals, the workers' messages, files. */
const AT_WORK = 50

/** A checkpoint that lets the rest of the process in now and then: awaiting alone does not. */
function breather(): () => void | Promise<void> {
  let rested = performance.now()
  return () => {
    if (performance.now() - rested < AT_WORK) return
    return new Promise(resolve =>
      setImmediate(() => {
        rested = performance.now()
        resolve()
      })
    )
  }
}

export type Pretrainings = Required<Pick<DirectorOptions, 'encoder' | 'product'>>

/** `reported` is told after each epoch; `first` opens the pretrainer when it is first needed. */
export function pretrainings(
  store: FileEncoders,
  reported: (pretraining: Pretraining, report: EpochReport) => void,
  first = () => openPretrainer()
): Pretrainings {
  let opening: Promise<Pretrainer> | undefined
  const open = () => (opening ??= first())

  async function make(pretrainer: Pretrainer, view: View, pretraining: Pretraining): Promise<Encoder> {
    const { key: own, images } = pretrainer.keyOf(view, pretraining)
    const stopped = await store.unfinished({ pretraining, images })
    const from = stopped?.key === own ? stopped : undefined
    let stood = performance.now()
    const began = stood - 1000 * (from?.seconds ?? 0)
    const seconds = () => (performance.now() - began) / 1000
    const { key, numericsId, weights, reports, recorded } = await pretrainer.pretrain(view, pretraining, {
      check: breather(),
      reported: report => reported(pretraining, report),
      from,
      async keep(made, take) {
        if (performance.now() - stood < STANDING_EVERY) return
        const snapshot = await take()
        await store.putUnfinished({ ...made, pretraining, images, seconds: seconds(), snapshot })
        stood = performance.now()
      }
    })
    const encoder = {
      key,
      images,
      pretraining,
      shape: view.shape,
      weights,
      reports,
      numericsId,
      seconds: seconds(),
      ...(recorded && { recorded })
    }
    await store.put(encoder)
    await store.removeUnfinished(encoder)
    return encoder
  }

  /** A kept encoder that lacks a product that is recorded on the way is made again. */
  async function get(view: View, pretraining: Pretraining, product?: Product): Promise<Encoder> {
    const pretrainer = await open()
    const known = await store.get(pretrainer.keyOf(view, pretraining).key)
    const isEnough = known && (!product || isThere(known.recorded, product, view.pool.labels.length))
    return isEnough ? known : make(pretrainer, view, pretraining)
  }

  return {
    encoder: (view, pretraining) => get(view, pretraining),
    async product(view, pretraining, product) {
      const encoder = await get(view, pretraining, product)
      const features = isRecorded(product)
        ? recordOf(encoder, product, view)
        : await (await open()).represent(view, pretraining, encoder.weights)
      return { origin: encoder.key, features }
    }
  }
}
