/** Balanced strategies buy flatter class histograms on imbalanced pools (CBAL, Bengar et al. 2022; BASE, Emam et al. 2021). */
import { pairedT } from '../../../src/core/statistics/paired.ts'
import { above, estimate, together, type Entry, type Estimate } from '../entry.ts'
import { learningFigure, nameOf, valueText } from '../figures.ts'
import { balancedAccuracy, evenness, recordsAt } from '../runs.ts'

const LABELS = 300
const START = 50
const BALANCED = ['cbalEntropy', 'cbalKCenter', 'base']
const ALL = ['random', 'entropy', ...BALANCED]

export const balance: Entry = {
  name: 'balance',
  claim: 'CBAL and BASE have a flatter class histogram than entropy on a step-imbalanced pool.',
  rule: `The second half of the classes is a tenth as frequent. Evenness (entropy of the labelled images’ class histogram over that of the flat one) at ${LABELS} labels from ${START}, paired by seed against entropy’s; it holds where all intervals are above 0. What it does to balanced accuracy stands beside it and decides nothing.`,
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 5,
  async run(lab, set) {
    const pool = lab.quick ? {} : { poolSize: set === 'cifar10' ? 1000 : set === 'mnist' ? 4000 : 2000 }
    const experiment = await lab.experiment(set, {
      ...pool,
      imbalance: 'step',
      strategies: ALL,
      initialSizes: [START],
      querySize: 50,
      budget: LABELS
    })
    const { test, classNames } = await lab.view(experiment)
    const result = await lab.compute(experiment)
    const at = (strategy: string) => recordsAt(result, { strategy, initialSize: START }, LABELS)
    const flatness = (strategy: string) => at(strategy).map(record => evenness(record.classCounts))
    const accuracy = (strategy: string) =>
      at(strategy).map(r => balancedAccuracy(r.measurement.correct, test.labels, classNames.length))
    const less = (a: number[], b: number[]) => pairedT(a.map((v, s) => v - b[s]))
    const flatter = BALANCED.map(strategy => less(flatness(strategy), flatness('entropy')))
    const better = BALANCED.map((strategy, i): Estimate => {
      const found = less(accuracy(strategy), accuracy('entropy'))
      const name = `${nameOf(BALANCED[i])} − ${nameOf('entropy')}: balanced accuracy`
      return {
        name,
        unit: 'points',
        value: found?.difference ?? NaN,
        interval: found?.interval,
        seeds: found?.seeds ?? 0
      }
    })
    const verdicts = flatter.map(f => (f ? above(f.interval) : 'undecided'))
    const not = BALANCED.filter((_, i) => verdicts[i] !== 'holds').map(id => nameOf(id))
    return {
      verdict: together(verdicts),
      said: `${not.length ? `Not flatter beyond doubt: ${not.join(', ')}. ` : ''}Balanced accuracy against entropy’s: ${better.map((b, i) => `${nameOf(BALANCED[i])} ${valueText(b.value, 'points')}`).join(', ')} points.`,
      estimates: [
        ...ALL.map(strategy => estimate(`${nameOf(strategy)}: evenness`, 'number', flatness(strategy))),
        ...better
      ],
      figures: [learningFigure(result, LABELS)]
    }
  }
}
