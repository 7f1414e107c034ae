/** What cannot run in its setting: it blocks an experiment that nothing else is left of, and is not waited for in others. */
import { describe, expect, it } from 'vitest'
import { learningSummary, sensitivitySummary } from '../../src/charts/summary.ts'
import { fold } from '../../src/core/curves.ts'
import { specText } from '../../src/core/exchange/schema.ts'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { formatOf } from '../../src/i18n/index.ts'
import { coverage } from '../../src/state/coverage.ts'
import { obstacleText } from '../../src/ui/words.ts'
import { openApp, resultOf } from './fakes.ts'

const hard = { ...startExperiment, selectors: ['firstChoice:hard'], pretraining: 'rotation' as const }

async function opened(experiment: Experiment) {
  const { app, laboratory } = await openApp()
  app.exchange.openTexts([{ name: 'spec.json', text: specText(experiment) }])
  return { app, laboratory }
}

describe('an experiment of which nothing can be run', () => {
  it('is not run, and says why', async () => {
    const { app, laboratory } = await opened(hard)
    const refused = [{ id: 'firstChoice:hard', code: 'needsContrast' }]
    expect(app.obstacle).toEqual({ kind: 'refused', what: 'selectors', refused })
    // its images are there to be looked at and pretrained on
    expect(app.barrier).toBeUndefined()
    app.run()
    expect(laboratory.runs).toEqual([])
    expect(obstacleText(catalogues.en, formatOf('en'), app.obstacle!)).toBe(
      'none of its initial selectors can choose an initial set. Hard to contrast (encoder): needs a pretraining by SimCLR, MoCo or MoCo v2.'
    )
    expect(obstacleText(catalogues.ja, formatOf('ja'), app.obstacle!)).toMatch(/^初期セットの選び方がどれも/)
    app.edit({ pretraining: 'simclr' })
    expect(app.obstacle).toBeUndefined()
  })

  it('may lack strategies, too', async () => {
    const { app } = await opened({ ...startExperiment, strategies: ['bald'], dropout: 0 })
    expect(app.obstacle).toMatchObject({ kind: 'refused', what: 'strategies' })
    expect(obstacleText(catalogues.en, formatOf('en'), app.obstacle!)).toMatch(/BALD: needs dropout above 0/)
  })

  it('is run where something is left', async () => {
    const { app } = await opened({ ...hard, selectors: ['random', 'firstChoice:hard'] })
    expect(app.obstacle).toBeUndefined()
  })

  it('comes to more trainings than anybody would wait for: said at once, however many they are', async () => {
    const e = {
      ...startExperiment,
      poolSize: 60_000,
      initialSizes: [1, 2, 3, 5, 10, 20, 30, 50, 70, 100, 200, 5000],
      querySize: 1,
      budget: 20_000,
      strategies: strategyIds,
      selectors: selectorIds,
      pretraining: 'simclr' as const,
      seeds: 100
    }
    const { app, laboratory } = await opened(e)
    expect(app.obstacle).toMatchObject({ kind: 'tooMany', limit: 50_000 })
    expect([...coverage(e, resultOf(startExperiment)).values()].every(share => share === 0)).toBe(true)
    expect(obstacleText(catalogues.en, formatOf('en'), app.obstacle!)).toMatch(
      /^it comes to 9,\d{3},\d{3},\d{3} trainings, but at most 50,000 can be run\./
    )
    // its images are there to be looked at
    expect(app.barrier).toBeUndefined()
    app.run()
    expect(laboratory.runs).toEqual([])
    app.edit({ querySize: 5000, budget: 5000, seeds: 3, selectors: ['random'] })
    expect(app.obstacle).toBeUndefined()
  })

  it('does not pass for what is being computed, which goes on, and is computed once it is mended', async () => {
    const { app, laboratory } = await opened({ ...hard, pretraining: 'simclr' })
    app.run()
    laboratory.phase('running')
    app.edit({ pretraining: 'rotation' })
    expect([app.following, app.elsewhere, laboratory.runs.length]).toEqual([false, true, 1])
    app.edit({ pretraining: 'moco' })
    expect([app.following, app.elsewhere]).toEqual([true, false])
    expect(laboratory.runs.map(e => e.pretraining)).toEqual(['simclr', 'moco'])
  })
})

it('curves of one strategy alone are not said to lack seeds', () => {
  const curves = fold(resultOf({ ...startExperiment, strategies: ['random'], seeds: 3 }))
  for (const [locale, text] of [
    ['en', 'At 300 labels there are no strategies to compare: only one has results.'],
    ['ja', 'ラベル300枚の時点で比べる戦略がありません。結果がある戦略は1つだけです。']
  ] as const) {
    const messages = catalogues[locale].charts
    const hidden = new Set<string>()
    const words = { curves, n: 300, messages, locale, hidden, strategyName: (id: string) => id }
    expect(learningSummary(words)).toBe(text)
    expect(sensitivitySummary(words)).toBe(text)
  }
})
