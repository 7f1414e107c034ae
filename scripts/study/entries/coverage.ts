/** Chosen initial sets see more of the classes than random ones (TypiClust, Hacohen et al. 2022; Chen et al. 2023). */
import { selectors } from '../../../src/core/selectors/index.ts'
import { catalogues } from '../../../src/i18n/catalogues.ts'
import { estimate, together, type Entry } from '../entry.ts'
import type { Laboratory } from '../laboratory.ts'
import { encoderRows, type SetName } from '../sets.ts'

const SIZE = 20
const SELECTORS = ['typiClust:pixels', 'typiClust:encoder', 'firstChoice:hard'] as const

/** Mean number of classes among n images drawn without replacement, exactly. `counts` of the classes in the pool. */
export function expectedClasses(counts: readonly number[], n: number): number {
  const total = counts.reduce((a, b) => a + b, 0)
  return counts.reduce((sum, count) => {
    let missed = 1
    for (let i = 0; i < n; i++) missed *= Math.max(0, total - count - i) / (total - i)
    return sum + 1 - missed
  }, 0)
}

async function coverageOf(lab: Laboratory, set: SetName, imbalance: 'none' | 'step') {
  // CIFAR-10's sample has too few images of the rare half for a larger pool
  const pool = imbalance === 'none' || lab.quick ? {} : { poolSize: set === 'cifar10' ? 1000 : 1500 }
  const experiment = lab.suggested(
    await lab.experiment(set, { ...encoderRows(lab.quick), imbalance, ...pool }),
    'simclr'
  )
  const { pool: images, classNames } = await lab.view(experiment)
  const counts = classNames.map((_, c) => images.labels.reduce((n, label) => n + Number(label === c), 0))
  const estimates = []
  for (const id of SELECTORS) {
    const sets = await lab.initialSets(experiment, selectors[id], SIZE)
    const classes = sets.map(rows => new Set(Array.from(rows, row => images.labels[row])).size)
    const name = `${catalogues.en.selectors[id].name}, ${imbalance === 'step' ? 'imbalanced' : 'balanced'} pool`
    estimates.push(estimate(name, 'number', classes, expectedClasses(counts, SIZE)))
  }
  return estimates
}

export const coverage: Entry = {
  name: 'coverage',
  claim: `The initial ${SIZE} of TypiClust or of hard-to-contrast cover more classes than random ones.`,
  rule: `Classes among the ${SIZE} images, mean over seeds, against the exact mean of random draws; on the balanced pool and on one whose second half of classes is a tenth as frequent. The encoder is SimCLR’s by its suggested settings. It holds where one of the selectors has its 95 % interval above random’s mean on both.`,
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 20,
  async run(lab, set) {
    const pools = [await coverageOf(lab, set, 'none'), await coverageOf(lab, set, 'step')]
    const both = pools[0].map((_, i) => together(pools.map(pool => pool[i].verdict)))
    const estimates = pools.flat()
    return {
      verdict: both.includes('holds') ? 'holds' : both.every(v => v === 'fails') ? 'fails' : 'undecided',
      said: `Random’s mean: ${pools.map(([{ threshold }]) => threshold!.toFixed(2)).join(' (balanced) and ')} (imbalanced) classes.`,
      estimates
    }
  }
}
