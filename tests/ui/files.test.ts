/** Names of files say what they are of, on every file system. */
import { expect, it } from 'vitest'
import { fold } from '../../src/core/curves.ts'
import type { Result } from '../../src/core/result.ts'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf } from '../../src/i18n/index.ts'
import { wrap } from '../../src/charts/text.ts'
import { fileName, resultName } from '../../src/ui/files.ts'
import { originText } from '../../src/ui/words.ts'
import { resultOf } from './fakes.ts'

const stored = (name: string) => ({ kind: 'stored' as const, fingerprint: 'f'.repeat(64), name })

it('are of what trainings do besides the plain law', () => {
  const e = startExperiment
  expect(resultName(e)).toBe('dal-digits')
  expect(resultName({ ...e, mode: 'warm', classWeights: 'balanced' })).toBe('dal-digits-warm-weighted')
  expect(resultName({ ...e, mode: 'linear', pretraining: 'simclr' })).toBe('dal-digits-linear-simclr')
  expect(resultName({ ...e, unlabelled: 'meanTeacher' })).toBe('dal-digits-meanteacher')
})

it('hold letters and digits of any script, and few of them', () => {
  expect(resultName({ ...startExperiment, source: stored('../猫 と:犬?.zip') })).toBe('dal-猫-と-犬-zip')
  expect(resultName({ ...startExperiment, source: stored('***') })).toBe('dal')
  expect(fileName('x'.repeat(200), undefined, 'Seed 1')).toBe(`dal-${'x'.repeat(30)}-seed-1`)
})

it('and a figure in a file says of what it is made', () => {
  const said = (result: Result) => originText(catalogues.en, formatOf('en'), result, fold(result))
  const result = resultOf({ ...startExperiment, firstSeed: 3, seeds: 4, source: stored('mine') })
  expect(said(result)).toBe(
    'mine (view aaaaaaaaaaaa), pool of 2,000, query size 100, budget 300, small network, seeds 3–6, numerics wasm-00000000'
  )
  // of what is drawn: not seeds that are still to come, nor runs of other numerics
  const odd = { ...result, runs: result.runs.filter(run => run.seed < 5) }
  odd.numerics = [...odd.numerics, { id: 'webgpu-1', backend: 'webgpu', detail: '' }]
  odd.runs.push({ ...odd.runs[0], seed: 6, numericsId: 'webgpu-1' })
  expect(said(odd)).toMatch(/, seeds 3–4, numerics wasm-00000000$/)
  expect(said(resultOf({ ...startExperiment, seeds: 1 }))).toMatch(/, seed 0, numerics/)
})

it('in two lines at most', () => {
  const experiment = {
    ...startExperiment,
    source: stored('TissueMNIST, 64 pixels a side'),
    network: 'reference',
    poolSize: 60000,
    querySize: 5000,
    budget: 20000,
    firstSeed: 1000,
    seeds: 4
  } as const
  const result = resultOf(experiment)
  for (const locale of ['en', 'ja'] as const) {
    const text = originText(catalogues[locale], formatOf(locale), result, fold(result))
    for (const number of ['60,000', '5,000', '20,000']) expect(text).toContain(number)
    // the narrower of the charts' files
    expect(wrap(text, 15, 850).length).toBeLessThanOrEqual(2)
  }
})
