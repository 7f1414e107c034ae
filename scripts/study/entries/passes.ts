/**
 * Monte Carlo dropout is alive: a network left in evaluation mode has passes that are all equal, and every strategy on top of
 * them degenerates without a word (a frequent bug of published code).
 */
import { queryKey } from '../../../src/core/keys.ts'
import { findStrategy } from '../../../src/core/strategies/index.ts'
import { mean } from '../../../src/core/statistics/interval.ts'
import { estimate, together, type Entry } from '../entry.ts'
import { nameOf } from '../figures.ts'
import type { Laboratory } from '../laboratory.ts'
import { recordsAt } from '../runs.ts'
import type { Result } from '../../../src/core/result.ts'

const START = 50
const QUERY = 50
/** scores that are 0 where all passes are equal */
const SPREADS = ['bald', 'meanStd', 'variationRatios']

export const passes: Entry = {
  name: 'passes',
  claim: 'Monte Carlo strategies see a variance that is not zero.',
  rule: `Mean score of the first ${QUERY} picks of each strategy whose score is 0 where all passes agree, and the share of MC entropy’s picks that plain entropy does not pick; it holds where all 95 % intervals over seeds are above 0.`,
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 5,
  async run(lab, set) {
    const strategies = ['random', 'entropy', 'mcEntropy', ...SPREADS]
    const rows = { strategies, initialSizes: [START], querySize: QUERY, budget: START + QUERY }
    const result = await lab.compute(await lab.experiment(set, rows))
    const scores = await Promise.all(
      SPREADS.map(async strategy => {
        const values = await meanScores(lab, result, strategy)
        return estimate(`${nameOf(strategy)}: mean score of its picks`, 'number', values, 0)
      })
    )
    const picked = (strategy: string) =>
      recordsAt(result, { strategy, initialSize: START }, START + QUERY).map(record => record.added)
    const plain = picked('entropy')
    const other = picked('mcEntropy').map(
      (rows, s) => rows.filter(row => !plain[s].includes(row)).length / rows.length
    )
    const estimates = [
      ...scores,
      estimate('MC entropy: picks that entropy does not pick', 'number', other, 0)
    ]
    const dead = estimates.filter(e => e.verdict !== 'holds').map(e => e.name)
    return {
      verdict: together(estimates.map(e => e.verdict)),
      said: dead.length ? `Not above 0: ${dead.join('; ')}.` : 'Every Monte Carlo strategy sees one.',
      estimates
    }
  }
}

/** Mean score of a strategy's first picks, of each seed: found by the key of its query. */
async function meanScores(lab: Laboratory, result: Result, strategy: string): Promise<number[]> {
  const { id, version } = findStrategy(strategy)!
  const keys = recordsAt(result, { strategy, initialSize: START }, START).map(record =>
    queryKey(record.trainingKey, { id, version }, [], QUERY)
  )
  const picks = await lab.records.getPicks(keys)
  return picks.map(pick => (pick?.scores ? mean([...pick.scores]) : NaN))
}
