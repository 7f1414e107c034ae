/** What is said under the sensitivity chart: what its bars leave out, why Random does not move, what its seeds can find. */
import { atLabels, sameCounts } from '../core/curves.ts'
import { RANDOM, readLine } from '../core/result.ts'
import { resolutionsAt } from '../core/statistics/resolution.ts'
import { count, percentNumber } from './format.ts'
import { ghostNotes } from './ghost.ts'
import type { ChartOptions } from './options.ts'
import type { SensitivityScene } from './sensitivity.ts'
import { BAND_SEEDS } from './series.ts'

/**
 * Whether Random's line is flat by construction: from initial sets that are drawn at random too it goes on along one order of
 * images, whatever its start. Random from chosen sets is not, nor is it where a training depends on the rounds before it;
 * there seeds do not give the same counts. 'among': Random also runs from other initial sets here.
 */
export function flatRandom({
  curves,
  n,
  hidden
}: Pick<ChartOptions, 'curves' | 'n' | 'hidden'>): 'alone' | 'among' | undefined {
  if (hidden.has(RANDOM) || curves.carried) return undefined
  const rows = atLabels(curves, n).filter(s => readLine(s.strategy).strategy === RANDOM)
  const points = rows.filter(s => s.strategy === RANDOM).flatMap(s => s.points.flatMap(e => e.point ?? []))
  if (points.length < 2 || !points.every(p => sameCounts(p, points[0]))) return undefined
  const others = rows.filter(s => s.strategy !== RANDOM && !hidden.has(s.strategy))
  return others.some(s => s.points.some(e => e.point)) ? 'among' : 'alone'
}

/** On the page, or in a file of the chart. */
export function sensitivityNotes(
  options: ChartOptions,
  scene: Pick<SensitivityScene, 'bars' | 'fewSeeds' | 'cut' | 'intervals' | 'haunted'>,
  inFile = false
): string[] {
  const { messages, locale, strategyName } = options
  const words = messages.sensitivity
  const flat = flatRandom(options)
  const detectable = resolutionsAt(options.curves, options.n).map(({ seeds, difference }) => ({
    seeds: count(seeds, locale),
    difference: percentNumber(difference, locale)
  }))
  const hidden = scene.bars === 'focused' ? [inFile ? words.noBars : words.focusedBars] : []
  return [
    ...hidden,
    ...(scene.fewSeeds ? [words.fewSeeds(BAND_SEEDS)] : []),
    ...(scene.cut.length && !(inFile && hidden.length)
      ? [words.cutBars(count(scene.cut.length, locale), count(scene.intervals, locale))]
      : []),
    ...(flat ? [flat === 'among' ? words.randomFlatAmong(strategyName(RANDOM)) : words.randomFlat] : []),
    ...ghostNotes(options, scene),
    ...(detectable.length ? [words.detectable(detectable)] : [])
  ]
}
