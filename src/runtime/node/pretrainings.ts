/** Pretraining for the headless runner: in this thread, each encoder once, kept in a store under its key. */
import type { EncoderStore } from '../../core/encoders.ts'
import { isThere, type Product } from '../../core/pretraining/products.ts'
import type { Encoder, EpochReport, Pretraining } from '../../core/pretraining/settings.ts'
import type { View } from '../../core/view.ts'
import { openPretrainer, type Pretrainer } from '../../engine/pretraining/open.ts'
import type { DirectorOptions } from '../director.ts'

export type Pretrainings = Required<Pick<DirectorOptions, 'encoder' | 'product'>>

/** `reported` is told after each epoch. */
export function pretrainings(
  store: Pick<EncoderStore, 'get' | 'put'>,
  reported: (pretraining: Pretraining, report: EpochReport) => void
): Pretrainings {
  let opening: Promise<Pretrainer> | undefined
  const open = () => (opening ??= openPretrainer())

  async function make(pretrainer: Pretrainer, view: View, pretraining: Pretraining): Promise<Encoder> {
    const began = performance.now()
    const { images } = pretrainer.keyOf(view, pretraining)
    const { key, numericsId, weights, reports, recorded } = await pretrainer.pretrain(
      view,
      pretraining,
      () => {},
      report => reported(pretraining, report)
    )
    const encoder = {
      key,
      images,
      pretraining,
      shape: view.shape,
      weights,
      reports,
      numericsId,
      seconds: (performance.now() - began) / 1000,
      ...(recorded && { recorded })
    }
    await store.put(encoder)
    return encoder
  }

  /** A kept encoder that lacks a product that is recorded on the way is made again. */
  async function get(view: View, pretraining: Pretraining, product?: Product): Promise<Encoder> {
    const pretrainer = await open()
    const known = await store.get(pretrainer.keyOf(view, pretraining).key)
    return known && isThere(known.recorded, product) ? known : make(pretrainer, view, pretraining)
  }

  return {
    encoder: (view, pretraining) => get(view, pretraining),
    async product(view, pretraining, product) {
      const { key: origin, weights, recorded } = await get(view, pretraining, product)
      const features = recorded?.[product] ?? (await (await open()).represent(view, pretraining, weights))
      return { origin, features }
    }
  }
}
