/**
 * A behaviour that the literature lets one expect, as an entry of the study: what is claimed, how it is decided, and what to
 * compute. Every entry is reported as it comes out, also where the claim fails.
 */
import type { Interval } from '../../src/core/statistics/interval.ts'
import { mean, tInterval } from '../../src/core/statistics/interval.ts'
import type { Comparison } from '../../src/core/statistics/paired.ts'
import type { Scene } from '../../src/charts/scene.ts'
import type { Theme } from '../../src/charts/options.ts'
import type { Laboratory } from './laboratory.ts'
import type { SetName } from './sets.ts'

/** 'undecided': the interval holds both what is claimed and its contrary. */
export type Verdict = 'holds' | 'fails' | 'undecided'

/** 'points': a difference of accuracies; 'accuracy': a share of images that are right. Both are kept as shares. */
export type Unit = 'points' | 'accuracy' | 'number'

/** One number with what is known of its error. */
export interface Estimate {
  name: string
  value: number
  /** 95 %; absent where nothing varies */
  interval?: Interval
  /** how many values it is the mean of */
  seeds: number
  unit: Unit
  /** what the claim compares it with */
  threshold?: number
}

export interface Figure {
  title: string
  /** one sentence for those who do not see it */
  description: string
  draw(theme: Theme): Scene
}

export interface Finding {
  verdict: Verdict
  /** what came out, in one or two sentences */
  said: string
  estimates: Estimate[]
  figures?: Figure[]
}

export interface Entry {
  /** for --only */
  name: string
  claim: string
  /** how the verdict is computed */
  rule: string
  sets: readonly SetName[]
  /** asked for when the command line says nothing */
  seeds: number
  run(lab: Laboratory, set: SetName): Promise<Finding>
}

/** What an interval says about "above `threshold`" (or at it). */
export function above({ low, high }: Interval, threshold = 0): Verdict {
  if (low >= threshold && high > threshold) return 'holds'
  return high < threshold || (low === threshold && high === threshold) ? 'fails' : 'undecided'
}

/** A claim of several parts: it fails with one of them, and holds with all. */
export function together(parts: readonly Verdict[]): Verdict {
  if (parts.includes('fails')) return 'fails'
  return parts.length && parts.every(part => part === 'holds') ? 'holds' : 'undecided'
}

/** The mean over seeds with its t-interval. */
export function estimate(
  name: string,
  unit: Unit,
  values: readonly number[],
  threshold?: number
): Estimate & { verdict: Verdict } {
  const interval = tInterval(values)
  const verdict = interval && threshold !== undefined ? above(interval, threshold) : 'undecided'
  return { name, unit, value: mean(values), interval, seeds: values.length, threshold, verdict }
}

/** A paired difference of accuracies with its interval. */
export function difference(
  name: string,
  comparison: Comparison | undefined,
  threshold = 0
): Estimate & { verdict: Verdict } {
  if (!comparison) return { name, unit: 'points', value: NaN, seeds: 0, threshold, verdict: 'undecided' }
  const { difference: value, interval, seeds } = comparison
  return { name, unit: 'points', value, interval, seeds, threshold, verdict: above(interval, threshold) }
}
