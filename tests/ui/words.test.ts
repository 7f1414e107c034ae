/** Sentences that are put together from the catalogue. */
import { expect, it } from 'vitest'
import { startExperiment as e } from '../../src/core/experiment/table.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf } from '../../src/i18n/index.ts'
import { simulate } from '../exchange/fixtures.ts'
import { conditionsText, differenceText } from '../../src/ui/words.ts'

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

it('one image of a class is not called images', () => {
  const { histogramOf } = catalogues.en.page.data
  expect(['0', '1', '2'].map(n => histogramOf('cat', n))).toEqual([
    'cat: 0 images',
    'cat: 1 image',
    'cat: 2 images'
  ])
})

it('one seed is not said to be enough now and then', () => {
  const say = (locale: 'en' | 'ja', n: number) => catalogues[locale].page.run.fewSeeds(String(n), n)
  expect(say('en', 1)).toMatch(/^1 seed is not enough /)
  expect(say('en', 3)).toMatch(/^3 seeds are seldom enough /)
  expect(say('ja', 1)).toMatch(/^シード1個では、どの戦略が最良か判定できません。/)
  expect(say('ja', 3)).toMatch(/^シード3個では、.*ほとんどです。/)
})

it('what accuracy is measured on is said where it is not all classes alike', () => {
  const { curves, sentences } = catalogues.en.page
  const whole = simulate({ ...e, testSize: 100 })
  const say = (rows: Partial<typeof e>, majority?: number) =>
    conditionsText(catalogues.en, formatOf('en'), {
      ...whole,
      experiment: { ...whole.experiment, ...rows },
      dataset: { ...whole.dataset, majority }
    })
  const stored = { source: { kind: 'stored', fingerprint: 'ab'.repeat(32), name: 'mine' } } as const
  expect(say({})).toBeUndefined()
  expect(say(stored, 29)).toBeUndefined()
  // ten classes: an even part is 10
  expect(say(stored, 30)).toBe(curves.majority('30%'))
  expect(say({ ...stored, testBalance: 'balanced' }, 10)).toBe(curves.balancedTest)
  // drawn ones are even anyway
  expect(say({ testBalance: 'balanced' }, 10)).toBeUndefined()
  expect(say({ ...stored, classWeights: 'balanced' }, 67)).toBe(
    sentences(curves.training(curves.classWeights), curves.majority('67%'))
  )
})
