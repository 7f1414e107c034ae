/** The components, rendered as a server would: what they hold before anybody measures or points. */
import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import type { ChartMessages } from '../../src/charts/messages.ts'
import { fold } from '../../src/core/curves.ts'
import { charts as en } from '../../src/i18n/charts.en.ts'
import { charts as ja } from '../../src/i18n/charts.ja.ts'
import LearningCurves from '../../src/ui/charts/LearningCurves.svelte'
import Sensitivity from '../../src/ui/charts/Sensitivity.svelte'
import { fixture, nameOf } from './fixture.ts'

const catalogues: Record<string, ChartMessages> = { en, ja }
const whole = fixture({ seeds: 3, testSize: 200 })
const shared = { curves: fold(whole), n: 300, strategyName: nameOf }

describe.each(Object.keys(catalogues))('components in %s', locale => {
  const messages = catalogues[locale]

  it('learning curves: a figure with a title, a summary, a chart to read by keys and one slider', () => {
    const { body } = render(LearningCurves, { props: { ...shared, messages, locale, onToggle: () => {} } })
    expect(body).toContain(messages.learning.title)
    expect(body).toContain('<figure')
    expect(body.match(/role="application"/g)).toHaveLength(1)
    expect(body.match(/role="slider"/g)).toHaveLength(1)
    expect(body).toContain(`aria-valuetext="${messages.countOfLabels('300')}"`)
    expect(body).toContain('aria-live="polite"')
    expect(body.match(/aria-pressed="true"/g)).toHaveLength(6)
    expect(body).toContain('aria-expanded="false"')
  })

  it('sensitivity: the same around it, and why random does not move', () => {
    const { body } = render(Sensitivity, { props: { ...shared, messages, locale } })
    expect(body).toContain(messages.sensitivity.title('300'))
    expect(body).toContain(messages.sensitivity.randomFlat)
    expect(body).toMatch(/aria-describedby="(\S+)-summary \1-notes"/)
    expect(body).not.toContain('role="slider"')
  })

  it('say when runs of other numerics were left out', () => {
    const other = fixture({ seeds: 1, testSize: 200, numericsId: 'n2' })
    const mixed = fold({ ...whole, runs: [...whole.runs, ...other.runs] })
    const { body } = render(LearningCurves, { props: { ...shared, curves: mixed, messages, locale } })
    expect(body).toContain(messages.mixed(whole.runs.length, other.runs.length))
  })
})

describe('components', () => {
  it('have no style attribute in their markup that a strict policy would refuse', () => {
    const { body } = render(Sensitivity, { props: { ...shared, messages: en, locale: 'en' } })
    expect(body).not.toMatch(/ style="/)
  })

  it('show an empty result as empty', () => {
    const empty = fold({ ...whole, runs: [], ceiling: [] })
    const { body } = render(LearningCurves, {
      props: { ...shared, curves: empty, messages: en, locale: 'en' }
    })
    expect(body).toContain(en.summary.empty)
  })
})
