import { ADAM } from '../core/recipe.ts'

/** base^n for a whole n by repeated squaring: the same bits everywhere, unlike Math.pow. Adam's bias corrections need it. */
export function power(base: number, n: number): number {
  let result = 1
  for (let b = base; n > 0; n = Math.floor(n / 2), b *= b) if (n % 2 === 1) result *= b
  return result
}

/** What a step multiplies its two moments by. */
export interface StepRates {
  rate: number
  correction: number
}

/** Those of step t (from 1): rate / (1 - beta1^t) and 1 / (1 - beta2^t). */
export const stepRates = (learningRate: number, t: number): StepRates => ({
  rate: learningRate / (1 - power(ADAM.beta1, t)),
  correction: 1 / (1 - power(ADAM.beta2, t))
})
