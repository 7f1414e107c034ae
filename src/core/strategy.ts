/**
 * What a query strategy is: a rule that, from a finished training, picks the next images to label. A strategy is
 * a pure function; it sees the needs it declared and nothing else. Higher score = query first; ties go to the
 * lowest row, or, where scores are few by their nature, as the seed draws (strategies/ties.ts). Each strategy is one
 * file in core/strategies and one line in its registry.
 */
import type { Stream } from './random.ts'
import type { Basis } from './features.ts'
import { onProcessor, type Geometry } from './geometry.ts'
import type { Need, NeedResults } from './needs.ts'
import type { MethodName } from './pretraining/methods/index.ts'
import { makerOf, type ProductRefusal } from './pretraining/products.ts'
import type { Augmentation, Recipe } from './recipe.ts'

export type Category = 'baseline' | 'uncertainty' | 'diversity' | 'hybrid' | 'coldStart' | 'balanced'

/** What a strategy may know of its setting when it declares its needs. */
export interface Setting {
  classes: number
  dropout: number
  /** 'flip' says that a mirrored image shows the same thing */
  augmentation: Augmentation
  /** the data set consists of ready features: there are no images to be varied */
  features?: boolean
  /** the method of self-supervision that the experiment has chosen; absent where nothing is asked of it */
  pretraining?: MethodName
  /** only a linear layer on fixed features is trained: there is no network that a strategy could add to */
  linear?: boolean
}

/** Why something cannot run in a setting: a code for the message catalogue. */
export type Refusal = 'needsDropout' | 'needsNetwork' | ProductRefusal

/** Where a query or an initial set lies in its run, whose length is decided before it begins. */
export interface Stage {
  /** the round whose labels are chosen: 0 for the initial set */
  round: number
  /** of the whole run, round 0 included */
  rounds: number
}

export interface QueryInput {
  /** number to pick, 1 <= k; when fewer candidates remain, all are picked */
  k: number
  classes: number
  /** unlabelled pool rows, ascending: the candidates */
  unlabelled: Uint32Array
  /** labelled pool rows, ascending */
  labelled: Uint32Array
  /** labels of the labelled rows, as the training saw them [labelled] */
  labels: ArrayLike<number>
  /** labels of the candidates, which nobody has paid for: given to oracles only [unlabelled] */
  oracle?: ArrayLike<number>
  /** the seed's order of initial draws, all pool rows */
  order: Uint32Array
  needs: NeedResults
  /** given to staged strategies */
  stage?: Stage
  stream: Stream
  /** who answers what is asked of many distances; whoever it is, the picks are the same. Absent: this processor */
  geometry?: Geometry
}

export const geometryOf = ({ geometry = onProcessor }: Pick<QueryInput, 'geometry'>): Geometry => geometry

export interface Query {
  /** pool rows in the order they were picked, [min(k, unlabelled.length)] */
  picks: Uint32Array
  /** score of every candidate, higher = query first, [unlabelled]; absent where the rule is sequential or draws */
  scores?: Float32Array
}

export interface Strategy {
  id: string
  category: Category
  /** increase when a change of code may change a pick: part of the query's key */
  version: number
  /** short formula for the card: symbols, no words, since it stands in every language */
  formula: string
  /** author, title, venue, year */
  source: string
  /** greedy rules: the batch of k is a prefix of the batch of k + 1 */
  prefix: boolean
  needs(setting: Setting): Need[]
  /**
   * the recipe of its arms, made of the experiment's by adding what the strategy needs (heads, losses): these trainings
   * are its own, also the first one. Absent: it takes trainings as they are
   */
  recipe?(base: Recipe): Recipe
  /** cheats: reads the labels of images that are not labelled yet */
  oracle?: true
  /** picks by where the query lies in its run, which then is part of the query's key */
  staged?: true
  /** why the strategy cannot run in this setting, or undefined; what its bases lack is asked elsewhere (`refusalOf`) */
  refuses?(setting: Setting): Refusal | undefined
  /** at once, or later where it asks `geometry`; at once in any case where it needs nothing of a training */
  query(input: QueryInput): Query | Promise<Query>
}

const own = new WeakMap<Recipe, Map<Strategy, Recipe>>()

/** The recipe of a strategy's arms in an experiment of that recipe; the same object each time. */
export function recipeFor(strategy: Strategy | undefined, base: Recipe): Recipe {
  if (!strategy?.recipe) return base
  const known = own.get(base) ?? new Map<Strategy, Recipe>()
  const recipe = known.get(strategy) ?? strategy.recipe(base)
  own.set(base, known.set(strategy, recipe))
  return recipe
}

/** The labels that a strategy is shown: those of labelled rows, and to an oracle all others too. `labels` [pool]. */
export function labelsFor(
  { oracle }: Strategy,
  labels: ArrayLike<number>,
  labelled: Uint32Array,
  unlabelled: Uint32Array
): Pick<QueryInput, 'labels' | 'oracle'> {
  // every round of every run of Random comes by here: Uint32Array.from takes ten times as long
  const of = (rows: Uint32Array) => {
    const out = new Uint32Array(rows.length)
    for (let i = 0; i < rows.length; i++) out[i] = labels[rows[i]]
    return out
  }
  return { labels: of(labelled), ...(oracle && { oracle: of(unlabelled) }) }
}

/** The bases among a strategy's needs. */
export const basesOf = (strategy: Strategy, setting: Setting): Basis[] =>
  strategy.needs(setting).flatMap(need => (need.kind === 'features' ? [need.basis] : []))

/** Whether a strategy compares a training with the run's previous one. */
export const looksBack = (strategy: Strategy, setting: Setting): boolean =>
  strategy.needs(setting).some(need => need.kind === 'before')

/** Why bases cannot be had in a setting, or undefined: a data set of ready features has no images to pretrain on. */
export function basesRefusal(
  bases: readonly Basis[],
  { features, pretraining }: Setting
): Refusal | undefined {
  for (const basis of bases) {
    if (basis === 'pixels') continue
    if (features) return 'needsImages'
    const maker = pretraining && makerOf(basis, pretraining)
    if (maker && 'code' in maker) return maker.code
  }
}

/** Why a strategy cannot run in a setting, or undefined. */
export const refusalOf = (strategy: Strategy, setting: Setting): Refusal | undefined =>
  strategy.refuses?.(setting) ??
  (strategy.recipe && setting.linear ? 'needsNetwork' : basesRefusal(basesOf(strategy, setting), setting))
