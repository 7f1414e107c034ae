/**
 * Products of a pretraining: what it leaves of every image of the pool before anything is labelled, as one vector an image.
 * Initial selectors and strategies stand on them as on any other basis (core/features.ts); which encoder they come from is in
 * the keys of all that does. A product is either derived from the encoder's weights when it is asked for, or recorded while it
 * is pretrained (Encoder.recorded).
 */
import type { Features } from '../features.ts'
import { methods, type MethodName } from './methods/index.ts'

export const products = ['encoder', 'dynamics', 'pretextLoss'] as const
export type Product = (typeof products)[number]

/** Numbers an image of what is recorded while an encoder is pretrained; the other products are derived from its weights. */
const recordedSizes: Partial<Record<Product, number>> = { dynamics: 3, pretextLoss: 1 }

/** Whether it is recorded while an encoder is pretrained. */
export const isRecorded = (product: Product): boolean => recordedSizes[product] !== undefined

/** Whether what was recorded beside an encoder is enough for a product of a pool of so many images. */
export function isThere(
  recorded: Partial<Record<Product, Features>> | undefined,
  product: Product,
  pool: number
): boolean {
  if (!isRecorded(product)) return true
  const record = recorded?.[product]
  if (!record) return false
  return record.size === recordedSizes[product] && record.values.length === record.size * pool
}

/** The key of the encoder that each product at hand comes from. */
export type Origins = Partial<Record<Product, string>>

/** Why a pretraining leaves no such product: a code for the message catalogue. */
export type ProductRefusal = 'needsImages' | 'needsContrast'

interface Rule {
  /** the method that makes it where the experiment has chosen `method`; a reason where that one cannot */
  maker(method: MethodName): MethodName | ProductRefusal
}

const rules: Record<Product, Rule> = {
  // every method leaves an encoder
  encoder: { maker: method => method },
  // the dataset map: two views of an image are to be told from those of others (dynamics.ts)
  dynamics: { maker: method => (methods[method].tellsViews ? method : 'needsContrast') },
  // how hard the task is on each image (PT4AL): the loss of rotation prediction, whatever else is pretrained
  pretextLoss: { maker: () => 'rotation' }
}

/** The method whose pretraining makes a product, or why there is none. */
export function makerOf(
  product: Product,
  method: MethodName
): { method: MethodName } | { code: ProductRefusal } {
  const maker = rules[product].maker(method)
  return isMethod(maker) ? { method: maker } : { code: maker }
}

const isMethod = (name: MethodName | ProductRefusal): name is MethodName => Object.hasOwn(methods, name)
