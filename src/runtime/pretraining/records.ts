/** What was recorded of every image of a pool while an encoder was pretrained. */
import type { Features } from '../../core/features.ts'
import { isThere, type Product } from '../../core/pretraining/products.ts'
import type { Encoder } from '../../core/pretraining/settings.ts'
import type { View } from '../../core/view.ts'
import { RuntimeError } from '../errors.ts'

/** Throws RuntimeError 'productMissing' where it is not there, or not of this pool: nothing else may stand under its name. */
export function recordOf({ key, recorded }: Encoder, product: Product, { pool }: View): Features {
  if (isThere(recorded, product, pool.labels.length)) return recorded![product]!
  throw new RuntimeError('productMissing', `the encoder ${key} has no ${product} of this pool`, { product })
}
