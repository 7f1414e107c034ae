/**
 * Few labels go further on a pretrained encoder: a linear classifier on the best one against a network trained from scratch
 * (with the floor of steps, without which the small starts would be undertrained and anything would beat them).
 */
import type { MethodName } from '../../../src/core/pretraining/methods/index.ts'
import { methodNames } from '../../../src/core/pretraining/methods/index.ts'
import { catalogues } from '../../../src/i18n/catalogues.ts'
import { difference, type Entry } from '../entry.ts'
import { valueText } from '../figures.ts'
import { hitsOf, share } from '../hits.ts'
import { encoderRows } from '../sets.ts'
import { compareAt } from '../runs.ts'

const LABELS = 50
const arm = { strategy: 'random', initialSize: LABELS }

export const linear: Entry = {
  name: 'linear',
  claim: `A linear classifier on the best encoder is above training from scratch at ${LABELS} labels.`,
  rule: `Paired difference linear evaluation − scratch at ${LABELS} random labels, over seeds and test images, for the encoder (pretraining seed 0) with the best neighbours, as the entry “neighbours” counts them; the other methods beside it, each by its suggested settings. It holds where the 95 % interval is above 0.`,
  sets: ['digits', 'mnist', 'cifar10', 'shapes'],
  seeds: 5,
  async run(lab, set) {
    const rows = { ...encoderRows(lab.quick), strategies: ['random'], initialSizes: [LABELS], budget: LABELS }
    const view = await lab.view(await lab.experiment(set, rows))
    const scratch = await lab.compute(await lab.experiment(set, rows))
    const found = []
    for (const method of methodNames) {
      const experiment = lab.suggested(await lab.experiment(set, { ...rows, mode: 'linear' }), method)
      const knn = share(hitsOf(view, await lab.represented(experiment, 0)))
      const result = await lab.compute(experiment)
      const comparison = compareAt(
        { result, arm, labelCount: LABELS },
        { result: scratch, arm, labelCount: LABELS }
      )
      found.push({ method, knn, ...difference(title(method), comparison) })
    }
    const best = found.reduce((a, b) => (b.knn > a.knn ? b : a))
    return {
      verdict: best.verdict,
      said: `Best neighbours: ${title(best.method)} (${(100 * best.knn).toFixed(1)} %); linear evaluation on it is ${valueText(best.value, 'points')} points from scratch.`,
      estimates: found.map(({ name, value, interval, seeds, unit, threshold, method }) => ({
        name: method === best.method ? `${name} (best neighbours)` : name,
        value,
        interval,
        seeds,
        unit,
        threshold
      }))
    }
  }
}

const title = (method: MethodName) => `${catalogues.en.options.pretraining[method]} − scratch`
