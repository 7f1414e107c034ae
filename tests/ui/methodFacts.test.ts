/** Fairness on the page: what a method adds to training is in its arm's name and on its card, and why it cannot run is said. */
import { describe, expect, it } from 'vitest'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { selectorIds, selectors } from '../../src/core/selectors/index.ts'
import { strategies, strategyIds } from '../../src/core/strategies/index.ts'
import { basesOf, refusalOf, type Setting, type Strategy } from '../../src/core/strategy.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { locales } from '../../src/i18n/index.ts'
import { additionText, settingHere } from '../../src/ui/methodFacts.ts'
import { lineName, strategyName } from '../../src/ui/words.ts'

const setting: Setting = { classes: 4, dropout: 0.25, augmentation: 'none' }
const e = { pretraining: 'mocoV2' } as const

describe.each(locales)('in %s', locale => {
  const m = catalogues[locale]
  /** what stands in brackets in a name, and more than the features of the images themselves */
  const marked = (name: string) =>
    /[(（](?!pixels|embedding|画素|埋め込み|oracle|オラクル|Entropy|entropy|k-center)/.test(name)

  it.each(strategyIds)('%s says what it adds, in its name and on its card', id => {
    const strategy: Strategy = strategies[id]
    const bases = basesOf(strategy, setting)
    const adds = strategy.recipe !== undefined || bases.some(basis => basis !== 'pixels')
    const text = additionText(m, e, id, bases)
    expect(text !== undefined).toBe(adds)
    expect(marked(strategyName(m, id))).toBe(adds)
    // PT4AL's pretext task is its own, an encoder is the experiment's
    if (bases.includes('pretextLoss')) expect(text).toContain(m.options.pretraining.rotation)
    if (bases.includes('encoder')) expect(text).toContain(m.options.pretraining.mocoV2)
  })

  it.each(selectorIds)('the initial selector %s does, also at the end of a line', id => {
    const { bases = [] } = selectors[id] as { bases?: readonly ('pixels' | 'encoder')[] }
    const adds = bases.some(basis => basis !== 'pixels')
    expect(additionText(m, e, `selector ${id}`, bases) !== undefined).toBe(adds)
    expect(marked(m.selectors[id].name)).toBe(adds)
    const line = id === 'random' ? 'margin' : `margin+${id}`
    const end = lineName(m, line, true)
    // alone, only random sets go without saying
    expect(lineName(m, line, false)).toBe(id === 'random' ? strategyName(m, 'margin') : end)
    expect(/enc\.|rotation|エンコーダー|回転/.test(end)).toBe(adds)
  })

  it('a data set of ready features: said before it is opened', () => {
    const source = { kind: 'stored', fingerprint: 'f', name: 'mine' } as const
    const here = (features: boolean) =>
      settingHere({ ...frozenExperiment, source }, 4, [{ fingerprint: 'f', features }])
    expect(refusalOf(strategies.consistency, here(false))).toBeUndefined()
    const code = refusalOf(strategies.consistency, here(true))!
    expect(code).toBe('needsImages')
    expect(m.refusals[code].length).toBeGreaterThan(5)
    expect(refusalOf(strategies.mcdal, here(true))).toBe('needsNetwork')
  })
})
