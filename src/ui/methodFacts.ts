/** What the cards of strategies and selectors say of the present experiment: what they add, and why they cannot run in it. */
import { settingOf } from '../core/experiment/parts.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Basis } from '../core/features.ts'
import { makerOf } from '../core/pretraining/products.ts'
import type { StoredDataset } from '../core/storedDataset.ts'
import type { Setting } from '../core/strategy.ts'
import type { Messages } from '../i18n/index.ts'
import { givenOf } from '../state/obstacle.ts'

/** The setting of an experiment, as far as the page knows its data set before it is opened. */
export function settingHere(
  e: Experiment,
  classes: number,
  stored: readonly Pick<StoredDataset, 'fingerprint' | 'features'>[]
): Setting {
  return settingOf(e, classes, givenOf(e, stored))
}

/** What a method adds to trainings, or has done before them; undefined where it takes them as they are. */
export function additionText(
  m: Messages,
  e: Pick<Experiment, 'pretraining'>,
  id: string,
  bases: readonly Basis[]
): string | undefined {
  if (Object.hasOwn(m.additions, id)) return m.additions[id as keyof Messages['additions']]
  const product = bases.filter(basis => basis !== 'pixels').at(-1)
  if (!product) return undefined
  const maker = makerOf(product, e.pretraining)
  return m.pretrainingAdded('method' in maker ? m.options.pretraining[maker.method] : undefined)
}
