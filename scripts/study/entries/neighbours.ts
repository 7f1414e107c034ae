/**
 * Self-supervision learns something that pixels do not say: neighbours in an encoder's features share their class more often
 * than those in as many principal components of the pixels.
 */
import { pixelFeatures } from '../../../src/core/pixelFeatures.ts'
import { methodNames } from '../../../src/core/pretraining/methods/index.ts'
import { mean } from '../../../src/core/statistics/interval.ts'
import { catalogues } from '../../../src/i18n/catalogues.ts'
import { difference, estimate, together, type Entry } from '../entry.ts'
import { hitsOf, share } from '../hits.ts'
import { encoderRows } from '../sets.ts'
import { compareHits } from '../runs.ts'

const percent = (value: number) => `${(100 * value).toFixed(1)} %`

export const neighbours: Entry = {
  name: 'neighbours',
  claim: 'Every self-supervised encoder has better neighbours than 64 principal components of the pixels.',
  rule: 'kNN accuracy (k = 20, cosine; up to 2,000 images, 500 at a time against 1,500 others) on the 64 components of each method’s features that strategies stand on, less that on 64 components of the pixels, as they are or each with the same weight, whichever is better. Each method by its suggested settings; over pretraining seeds and images. Beside them the network as it is drawn: random convolutions see more than components do. It holds where all intervals are above 0.',
  sets: ['digits', 'shapes', 'mnist', 'cifar10'],
  seeds: 5,
  async run(lab, set) {
    const experiment = await lab.experiment(set, encoderRows(lab.quick))
    const view = await lab.view(experiment)
    const components = pixelFeatures(view)
    const [plain, weighted] = [hitsOf(view, components), hitsOf(view, components, true)]
    const pixels = share(weighted) > share(plain) ? weighted : plain
    const seeds = Array.from({ length: lab.seeds }, (_, seed) => seed)
    const drawn = []
    for (const seed of seeds)
      drawn.push(share(hitsOf(view, await lab.represented({ ...experiment, pretrainingEpochs: 0 }, seed))))
    const found = []
    for (const method of methodNames) {
      const hits = []
      for (const seed of seeds)
        hits.push(hitsOf(view, await lab.represented(lab.suggested(experiment, method), seed)))
      const name = catalogues.en.options.pretraining[method]
      found.push({
        accuracy: estimate(name, 'accuracy', hits.map(share)),
        above: difference(
          `${name} − pixels`,
          compareHits(
            hits,
            hits.map(() => pixels)
          )
        )
      })
    }
    const not = found.filter(f => f.above.verdict !== 'holds').map(f => f.accuracy.name)
    return {
      verdict: together(found.map(f => f.above.verdict)),
      said: `Pixels: ${percent(share(pixels))}; the network as it is drawn, untrained: ${percent(mean(drawn))}. ${not.length ? `Not above beyond doubt: ${not.join(', ')}.` : 'Every method is above.'}`,
      estimates: [
        ...found.map(f => f.above),
        ...found.map(f => f.accuracy),
        estimate('untrained network', 'accuracy', drawn),
        { name: 'pixels', unit: 'accuracy', value: share(pixels), seeds: 1 }
      ]
    }
  }
}
