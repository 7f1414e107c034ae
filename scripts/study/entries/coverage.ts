/** Chosen initial sets see more of the classes than random ones (TypiClust, Hacohen et al. 2022; Chen et al. 2023). */
import { findSelector } from '../../../src/core/selectors/index.ts'
import { catalogues } from '../../../src/i18n/index.ts'
import { estimate, together, type Entry } from '../entry.ts'
import type { Laboratory } from '../laboratory.ts'
import { recordsAt } from '../runs.ts'
import type { SetName } from '../sets.ts'

const SIZE = 20
/** by preference: those that this version has are looked at */
const WANTED = ['typiClust:encoder', 'typiClust:pixels', 'hardToContrast']

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
  const selectors = ['random', ...WANTED.filter(id => findSelector(id))]
  const rows = { strategies: ['random'], initialSizes: [SIZE], budget: SIZE, selectors, imbalance }
  // CIFAR-10's sample has too few images of the rare half for a larger pool
  const pool = imbalance === 'step' ? { poolSize: set === 'cifar10' ? 1000 : 1500 } : {}
  const experiment = await lab.experiment(set, { ...rows, ...(lab.quick ? {} : pool) })
  const { pool: images, classNames } = await lab.view(experiment)
  const counts = classNames.map((_, c) => images.labels.reduce((n, label) => n + Number(label === c), 0))
  const random = expectedClasses(counts, SIZE)
  const result = await lab.compute(experiment)
  return selectors.slice(1).map(selector => {
    const classes = recordsAt(result, { strategy: 'random', selector, initialSize: SIZE }, SIZE).map(
      record => record.classCounts.filter(Boolean).length
    )
    const name = catalogues.en.selectors[selector as keyof typeof catalogues.en.selectors].name
    return estimate(
      `${name}, ${imbalance === 'step' ? 'imbalanced' : 'balanced'} pool`,
      'number',
      classes,
      random
    )
  })
}

export const coverage: Entry = {
  name: 'coverage',
  claim: `The initial ${SIZE} of TypiClust or of hard-to-contrast cover more classes than random ones.`,
  rule: `Classes among the ${SIZE} images, mean over seeds, against the exact mean of random draws; on the balanced pool and on one whose second half of classes is a tenth as frequent. It holds where one of the selectors has its 95 % interval above random’s mean on both.`,
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 5,
  async run(lab, set) {
    const pools = [await coverageOf(lab, set, 'none'), await coverageOf(lab, set, 'step')]
    const selectors = pools[0].map((_, i) => together(pools.map(pool => pool[i].verdict)))
    const estimates = pools.flat()
    return {
      verdict: selectors.includes('holds')
        ? 'holds'
        : selectors.every(v => v === 'fails')
          ? 'fails'
          : 'undecided',
      said: `Random’s mean: ${pools.map(([{ threshold }]) => threshold!.toFixed(2)).join(' (balanced) and ')} (imbalanced) classes.`,
      estimates
    }
  }
}
