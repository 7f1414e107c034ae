/**
 * What an experiment stands on: the view of its data, the encoder it begins with, and what else comes from pretrainings.
 * Gathered without touching what is held, so that an edit that is overtaken or fails leaves all as it was.
 */
import type { DataSource, ViewKnobs } from '../core/datasource.ts'
import { knobsOf, pretrainingOf, productsOf } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import {
  basisKey,
  forgetFeatures,
  giveFeatures,
  type Features,
  type GivenFeatures
} from '../core/features.ts'
import { hashKey } from '../core/keys.ts'
import type { Origins, Product } from '../core/pretraining/products.ts'
import type { Encoder, Pretraining } from '../core/pretraining/settings.ts'
import { featureLength, type View } from '../core/view.ts'
import { RuntimeError } from './errors.ts'

/** Who makes it. */
export interface Sources {
  buildView(source: DataSource, knobs: ViewKnobs): Promise<View>
  /** the pretrained encoder of an experiment: a known one, or computed now; rejects when that was called off. Absent where no experiment needs one */
  encoder?(view: View, pretraining: Pretraining): Promise<Encoder>
  /** a product of a pretraining and the key of the encoder it comes from; as `encoder` */
  product?(
    view: View,
    pretraining: Pretraining,
    product: Product
  ): Promise<{ origin: string; features: Features }>
}

export interface Gathered {
  /** of what was asked for: the view's source and knobs */
  key: string
  view: View
  encoder?: Encoder
  /** products of pretrainings on the view */
  features: GivenFeatures[]
  /** the keys of the encoders that the products come from */
  origins: Origins
}

export class Materials {
  private held: { key: string; view: View } | undefined
  /** products on the held view, by the key of their basis: those of the experiment that was gathered last */
  private readonly given = new Map<string, GivenFeatures>()

  constructor(private readonly sources: Sources) {}

  /** All of it for an experiment; undefined if another one is wanted by then. Rejects when something cannot be made. */
  async gather(experiment: Experiment, stillWanted: () => boolean): Promise<Gathered | undefined> {
    const knobs = knobsOf(experiment)
    const key = hashKey({ source: experiment.source, knobs })
    const view =
      this.held?.key === key ? this.held.view : await this.sources.buildView(experiment.source, knobs)
    if (!stillWanted()) return undefined
    const images = featureLength(view) === undefined
    const pretraining = images ? pretrainingOf(experiment) : undefined
    const products = images ? [...productsOf(experiment)] : []
    const { encoder: encoderOf, product: productOf } = this.sources
    if ((pretraining && !encoderOf) || (products.length && !productOf))
      throw new RuntimeError('pretrainingFailed', 'nothing here can pretrain')
    const encoder = pretraining && (await encoderOf!(view, pretraining))
    if (!stillWanted()) return undefined
    const origins: Origins = {}
    const features: GivenFeatures[] = []
    for (const [product, from] of products) {
      const made = await productOf!(view, from, product)
      if (!stillWanted()) return undefined
      origins[product] = made.origin
      features.push({ key: basisKey(product, origins), features: made.features })
    }
    return { key, view, encoder, features, origins }
  }

  /** Holds what was gathered from now on; whether its view is another one than before, and not only called otherwise. */
  hold({ key, view, features }: Gathered): boolean {
    const other = this.held?.view.key !== view.key
    if (other) this.forget()
    this.held = { key, view }
    forgetFeatures(view, [...this.given.keys()])
    this.given.clear()
    for (const each of features) {
      this.given.set(each.key, each)
      giveFeatures(view, each)
    }
    return other
  }

  /** Those of the held products that have one of these keys. */
  featuresOf(keys: readonly string[]): GivenFeatures[] {
    return keys.flatMap(key => this.given.get(key) ?? [])
  }

  forget(): void {
    this.held = undefined
    this.given.clear()
  }
}
