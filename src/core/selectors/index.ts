/** The registry: a new initial selector is one file, one line here, its messages and its tests. */
import type { Selector } from '../selector.ts'
import { balanced } from './balanced.ts'
import { firstChoice } from './firstChoice.ts'
import { kCenter } from './kCenter.ts'
import { kMeans } from './kMeans.ts'
import { probCover } from './probCover.ts'
import { pt4al } from './pt4al.ts'
import { random } from './random.ts'
import { typiClust } from './typiClust.ts'

/** In the order they are shown. */
export const selectors = {
  random,
  balanced,
  'kMeans:pixels': kMeans('pixels'),
  'kCenter:pixels': kCenter('pixels'),
  'typiClust:pixels': typiClust('pixels'),
  'probCover:pixels': probCover('pixels'),
  'kMeans:encoder': kMeans('encoder'),
  'kCenter:encoder': kCenter('encoder'),
  'typiClust:encoder': typiClust('encoder'),
  'probCover:encoder': probCover('encoder'),
  'firstChoice:hard': firstChoice('hard'),
  'firstChoice:ambiguous': firstChoice('ambiguous'),
  'firstChoice:easy': firstChoice('easy'),
  pt4al
} as const

export type SelectorId = keyof typeof selectors

export const selectorIds = Object.keys(selectors) as SelectorId[]

/** The selector of an id, or undefined: links may name one that this version does not know. */
export function findSelector(id: string): Selector | undefined {
  return Object.hasOwn(selectors, id) ? selectors[id as SelectorId] : undefined
}
