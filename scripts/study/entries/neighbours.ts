/**
 * Self-supervision learns something that pixels do not say: neighbours of an encoder's features share their class more often
 * than those of the same number of principal components.
 */
import { methodNames } from '../../../src/core/pretraining/methods.ts'
import {
  momentsOf,
  monitoredRows,
  neighbourAccuracy,
  standardised
} from '../../../src/core/pretraining/monitor.ts'
import { pixelFeatures } from '../../../src/core/pixelFeatures.ts'
import type { View } from '../../../src/core/view.ts'
import { catalogues } from '../../../src/i18n/index.ts'
import { estimate, together, type Entry } from '../entry.ts'

/** The accuracy of the monitor's neighbours on principal components of the pixels, as they are or each of variance 1. */
export function pixelNeighbours(view: View): { plain: number; whitened: number } {
  const { size, values } = pixelFeatures(view)
  const { queries, references } = monitoredRows(view.pool.labels.length)
  const of = (rows: Uint32Array) => {
    const out = new Float32Array(rows.length * size)
    rows.forEach((row, i) => out.set(values.subarray(row * size, (row + 1) * size), i * size))
    return out
  }
  const labels = (rows: Uint32Array) => Array.from(rows, row => view.trueLabels[row])
  const accuracy = (bank: Float32Array, asked: Float32Array) =>
    neighbourAccuracy(bank, labels(references), asked, labels(queries), size)
  const [bank, asked] = [of(references), of(queries)]
  const moments = momentsOf(bank, size)
  return {
    plain: accuracy(bank, asked),
    whitened: accuracy(standardised(bank, moments), standardised(asked, moments))
  }
}

export const neighbours: Entry = {
  name: 'neighbours',
  claim: 'Every self-supervised encoder has better neighbours than 64 principal components of the pixels.',
  rule: 'kNN accuracy (k = 20, cosine, the monitor’s rows) of each method’s encoders, one of each pretraining seed, against that of the components, as they are or each of variance 1, whichever is better; it holds where the 95 % intervals of all methods are above it.',
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 5,
  async run(lab, set) {
    const experiment = await lab.experiment(set)
    const { plain, whitened } = pixelNeighbours(await lab.view(experiment))
    const least = Math.max(plain, whitened)
    const estimates = []
    for (const method of methodNames) {
      const values = []
      for (let seed = 0; seed < lab.seeds; seed++)
        values.push((await lab.encoder(experiment, method, seed)).reports.at(-1)!.knn)
      estimates.push(estimate(catalogues.en.options.pretraining[method], 'accuracy', values, least))
    }
    const below = estimates.filter(e => e.value <= least).map(e => e.name)
    const pixels = { unit: 'accuracy' as const, seeds: 1 }
    return {
      verdict: together(estimates.map(e => e.verdict)),
      said: `64 components: ${(100 * least).toFixed(1)} %. ${below.length ? `Not above: ${below.join(', ')}.` : 'The mean of every method is above.'}`,
      estimates: [
        ...estimates,
        { ...pixels, name: '64 components', value: plain },
        { ...pixels, name: '64 components, each of variance 1', value: whitened }
      ]
    }
  }
}
