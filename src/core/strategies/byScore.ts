/** What all "score each image, take the k best" strategies share: higher first, ties to the lower row. */
import { topK } from '../numeric/scores.ts'
import type { Query, QueryInput } from '../strategy.ts'

/** Picks the k highest scores; `scores` [unlabelled]. */
export function byScore({ k, unlabelled }: QueryInput, scores: ArrayLike<number>): Query {
  return { picks: topK(scores, k).map(i => unlabelled[i]), scores: Float32Array.from(scores) }
}
