/** Mean and 95 % t-interval over seeds. One seed has a value and no interval: it says nothing about the next one. */
import { tQuantile } from './student.ts'

export interface Interval {
  low: number
  high: number
}

export function mean(values: readonly number[]): number {
  let sum = 0
  for (const v of values) sum += v
  return sum / values.length
}

/** Sample variance (divides by n - 1); needs two values or more. */
export function variance(values: readonly number[]): number {
  const m = mean(values)
  let sum = 0
  for (const v of values) sum += (v - m) * (v - m)
  return sum / (values.length - 1)
}

/** 97.5 % quantiles, remembered: charts ask for the same few degrees of freedom again and again. */
const criticals = new Map<number, number>()

/** The t beyond which 5 % lie on both sides together. */
export function critical(df: number): number {
  let t = criticals.get(df)
  if (t === undefined) {
    t = tQuantile(0.975, df)
    if (criticals.size < 1000) criticals.set(df, t)
  }
  return t
}

/** mean ± t(.975, n - 1) sd / sqrt(n); undefined for fewer than two values. */
export function tInterval(values: readonly number[]): Interval | undefined {
  const n = values.length
  if (n < 2) return undefined
  const m = mean(values)
  const half = critical(n - 1) * Math.sqrt(variance(values) / n)
  return { low: m - half, high: m + half }
}
