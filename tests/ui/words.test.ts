/** Sentences that are put together from the catalogue. */
import { expect, it } from 'vitest'
import { startExperiment as e } from '../../src/core/experiment/table.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf } from '../../src/i18n/index.ts'
import { differenceText } from '../../src/ui/words.ts'

it('what is different about an experiment is said by its settings, what trainings do first', () => {
  const say = (other: Partial<typeof e>, locale: 'en' | 'ja' = 'en') =>
    differenceText(catalogues[locale], formatOf(locale), e, { ...e, ...other })
  const { rows, options, page } = catalogues.en
  expect(say({})).toBe(page.result.noDifference)
  expect(say({ mode: 'linear' })).toBe(`${rows.mode.label}: ${options.mode.scratch}`)
  expect(say({ budget: 200, querySize: 20, mode: 'warm', initialSizes: [20] })).toBe(
    `${rows.mode.label}: ${options.mode.scratch} · ${rows.initialSizes.label}: ${formatOf('en').list(['50', '100'])} · ${rows.querySize.label}: 100 · …`
  )
  expect(say({ mode: 'linear' }, 'ja')).toContain(catalogues.ja.options.mode.scratch)
})
