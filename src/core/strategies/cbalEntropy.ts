/**
 * CBAL over entropy: choose k images z to minimise z.U + lambda ||Omega - P^T z||_1, where U is the negative entropy of
 * each image, P the predicted probabilities and Omega what each class lacks. The authors solve this binary program with
 * Gurobi; here k greedy steps on the same objective, then exchanges of a picked image for another as long as they pay
 * (three sweeps at most; candidates are the 200 of highest entropy and the 200 most likely of the neediest class).
 * lambda = 0.6, the authors' for ten classes.
 * Fails where: balance is charged by predicted probabilities: a network that is sure and wrong balances nothing.
 */
import { argmax } from '../numeric/distance.ts'
import { entropy, topK } from '../numeric/scores.ts'
import type { Strategy } from '../strategy.ts'
import { charge, neededCounts, shortage } from './cbal.ts'

const LAMBDA = 0.6
const SWEEPS = 3
const EXCHANGED = 200

export const cbalEntropy: Strategy = {
  id: 'cbalEntropy',
  category: 'balanced',
  version: 1,
  formula: 'min_z Σ z_i Σ_c p_ic ln p_ic + λ‖Ω − Pᵀz‖₁, λ = 0.6',
  source: 'Bengar et al., Class-balanced active learning for image classification, WACV 2022',
  prefix: false,
  needs: () => [{ kind: 'probabilities' }],
  query: input => {
    const p = input.needs.probabilities!
    const cost = entropy(p, input.classes).map(h => -h)
    const picks = balance(cost, p, neededCounts(input), input.k, LAMBDA)
    return { picks: Uint32Array.from(picks, i => input.unlabelled[i]) }
  }
}

/**
 * min(k, rows) rows for the objective sum cost + lambda ||needed - sum p||_1, in the order they were taken. `cost` [rows], lower
 * is better; `p` [rows, classes]; `needed` [classes].
 */
export function balance(
  cost: ArrayLike<number>,
  p: ArrayLike<number>,
  needed: Float64Array,
  k: number,
  lambda: number
): number[] {
  const r = needed.slice()
  const picks = greedy(cost, p, r, Math.min(k, cost.length), lambda)
  for (let sweep = 0; sweep < SWEEPS && exchange(cost, p, r, picks, lambda); sweep++);
  return picks
}

/** Leaves in r what is still lacking. */
function greedy(
  cost: ArrayLike<number>,
  p: ArrayLike<number>,
  r: Float64Array,
  k: number,
  lambda: number
): number[] {
  const taken = new Uint8Array(cost.length)
  const picks: number[] = []
  while (picks.length < k) {
    let best = -1
    let least = Infinity
    for (let i = 0; i < cost.length; i++) {
      if (taken[i]) continue
      const value = cost[i] + lambda * shortage(r, p, i)
      if (value < least) [best, least] = [i, value]
    }
    picks.push(best)
    taken[best] = 1
    charge(r, p, best)
  }
  return picks
}

/** One sweep over the picks, each exchanged for the first candidate that lowers the objective. Whether any was. */
function exchange(
  cost: ArrayLike<number>,
  p: ArrayLike<number>,
  r: Float64Array,
  picks: number[],
  lambda: number
): boolean {
  const classes = r.length
  const neediest = argmax(r)
  const negative = Float64Array.from(cost, u => -u)
  const likely = Float64Array.from(negative, (_, i) => p[i * classes + neediest])
  const picked = new Set(picks)
  const candidates = new Set([...topK(negative, EXCHANGED), ...topK(likely, EXCHANGED)])
  let any = false
  for (let at = 0; at < picks.length; at++) {
    const a = picks[at]
    let now = 0
    for (let c = 0; c < classes; c++) now += Math.abs(r[c])
    for (const b of candidates) {
      if (picked.has(b)) continue
      let then = 0
      for (let c = 0; c < classes; c++) then += Math.abs(r[c] + p[a * classes + c] - p[b * classes + c])
      if (!(cost[b] - cost[a] + lambda * (then - now) < -1e-9)) continue
      for (let c = 0; c < classes; c++) r[c] += p[a * classes + c] - p[b * classes + c]
      picked.delete(a)
      picked.add(b)
      picks[at] = b
      any = true
      break
    }
  }
  return any
}
