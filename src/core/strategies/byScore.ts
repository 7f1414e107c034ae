/** What all "score each image, take the k best" strategies share: higher first, ties to the lower row or as the seed draws. */
import { topK } from '../numeric/scores.ts'
import type { Query, QueryInput } from '../strategy.ts'

/** Picks the k highest scores; `scores` [unlabelled]. `turns`: all indices in the order in which equals are taken (ties.ts). */
export function byScore(
  { k, unlabelled }: QueryInput,
  scores: ArrayLike<number>,
  turns?: Uint32Array
): Query {
  return { picks: topK(scores, k, turns).map(i => unlabelled[i]), scores: Float32Array.from(scores) }
}
