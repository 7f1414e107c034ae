/**
 * The claim that this playground was made to look into: at 300 labels consistency is best from a start of 50 and entropy
 * from one of 100. It comes from a semi-supervised setting (Gao et al., ECCV 2020).
 */
import type { Experiment } from '../../../src/core/experiment/table.ts'
import { fold } from '../../../src/core/curves.ts'
import { planned } from '../../../src/core/statistics/looks.ts'
import { rankingAt } from '../../../src/core/statistics/verdict.ts'
import { difference, together, type Entry, type Verdict } from '../entry.ts'
import { learningFigure, nameOf, sensitivityFigure } from '../figures.ts'
import { compareAt } from '../runs.ts'

const LABELS = 300
/** initial size, and who is said to be best from there */
const CLAIMED = [
  [50, 'consistency'],
  [100, 'entropy']
] as const
const STRATEGIES = ['random', 'entropy', 'margin', 'kCenter', 'consistency']

const slide = (name: string, setting: string, rows: Partial<Experiment>): Entry => ({
  name,
  claim: `At ${LABELS} labels consistency is best from 50 and entropy from 100 (${setting}).`,
  rule: 'Best is who is above every other strategy by paired differences over seeds and test images, Holm-corrected; it holds where both are best, and fails where one of them is beyond doubt below another strategy.',
  sets: ['mnist', 'cifar10', 'digits', 'shapes'],
  seeds: 10,
  async run(lab, set) {
    const result = await lab.compute(
      await lab.experiment(set, {
        strategies: STRATEGIES,
        initialSizes: CLAIMED.map(([size]) => size),
        querySize: 50,
        budget: LABELS,
        ...rows
      })
    )
    const curves = fold(result)
    const parts = CLAIMED.map(([initialSize, hero]) => {
      const at = (strategy: string) => ({ result, arm: { strategy, initialSize }, labelCount: LABELS })
      const rivals = STRATEGIES.filter(s => s !== hero).map(rival =>
        difference(
          `from ${initialSize}: ${nameOf(hero)} − ${nameOf(rival)}`,
          compareAt(at(hero), at(rival)),
          0
        )
      )
      const ranking = rankingAt(curves, initialSize, LABELS, planned)
      const best = ranking.kind === 'best' && ranking.strategy === hero
      const beaten =
        (ranking.kind === 'best' && !best) || (ranking.kind === 'undecided' && !near(ranking, hero))
      const verdict: Verdict = best ? 'holds' : beaten ? 'fails' : 'undecided'
      return { verdict, rivals, said: `From ${initialSize}: ${rankingText(ranking)}.` }
    })
    return {
      verdict: together(parts.map(p => p.verdict)),
      said: parts.map(p => p.said).join(' '),
      estimates: parts.flatMap(p => p.rivals),
      figures: [sensitivityFigure(result, LABELS), learningFigure(result, LABELS)]
    }
  }
})

type Ranking = ReturnType<typeof rankingAt>

/** Whether a strategy leads or cannot be told from who leads. */
const near = (ranking: Extract<Ranking, { kind: 'undecided' }>, strategy: string) =>
  [ranking.leader, ...ranking.rivals].includes(strategy)

function rankingText(ranking: Ranking): string {
  if (ranking.kind === 'best') return `${nameOf(ranking.strategy)} is best`
  if (ranking.kind !== 'undecided') return 'no verdict'
  const { leader, rivals } = ranking
  return `${nameOf(leader)} leads and cannot be told from ${rivals.map(r => nameOf(r)).join(', ')}`
}

export const supervisedSlide = slide('slide', 'supervised', {})

/** The objective of Gao et al. on the unlabelled pool, the same for all strategies. */
export const semiSupervisedSlide = slide('slide-semi', 'semi-supervised', { unlabelled: 'consistency' })
