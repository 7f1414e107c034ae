/** Uncertainty sampling pays where labels are few: Settles' survey (2009) and every benchmark since begin with it. */
import { difference, type Entry } from '../entry.ts'
import { learningFigure, nameOf, valueText } from '../figures.ts'
import { compareAt } from '../runs.ts'

const LABELS = 300
const LEAST = 0.02

export const margin: Entry = {
  name: 'margin',
  claim: `Margin is at least 2 points above random at ${LABELS} labels on MNIST.`,
  rule: `Paired difference margin − random at ${LABELS} labels from 50, over seeds and test images; it holds where the whole 95 % interval is at or above 2 points, fails where all of it is below.`,
  sets: ['mnist', 'digits'],
  seeds: 5,
  async run(lab, set) {
    const rows = { strategies: ['random', 'margin'], initialSizes: [50], querySize: 50, budget: LABELS }
    const result = await lab.compute(await lab.experiment(set, rows))
    const at = (strategy: string) => ({ result, arm: { strategy, initialSize: 50 }, labelCount: LABELS })
    const found = difference(
      `${nameOf('margin')} − ${nameOf('random')}`,
      compareAt(at('margin'), at('random')),
      LEAST
    )
    return {
      verdict: found.verdict,
      said: `Margin is ${valueText(found.value, 'points')} points from random at ${LABELS} labels.`,
      estimates: [found],
      figures: [learningFigure(result, LABELS)]
    }
  }
}
