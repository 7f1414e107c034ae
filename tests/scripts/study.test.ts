/** The study's own arithmetic: verdicts out of intervals, coverage, evenness, and a report that holds what came out. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { above, difference, estimate, together, type Entry, type Finding } from '../../scripts/study/entry.ts'
import { expectedClasses } from '../../scripts/study/entries/coverage.ts'
import { entries } from '../../scripts/study/entries/index.ts'
import { readOptions } from '../../scripts/study/options.ts'
import { studyHtml, studyJson, studyMarkdown, type Outcome } from '../../scripts/study/report.ts'
import { balancedAccuracy, evenness } from '../../scripts/study/runs.ts'

describe('verdicts', () => {
  it('are what the whole interval says', () => {
    expect(above({ low: 0.021, high: 0.04 }, 0.02)).toBe('holds')
    expect(above({ low: 0.02, high: 0.04 }, 0.02)).toBe('holds')
    expect(above({ low: -0.01, high: 0.01 }, 0.02)).toBe('fails')
    expect(above({ low: 0.01, high: 0.03 }, 0.02)).toBe('undecided')
    // passes that are all equal have a variance of 0, and that is not above 0
    expect(above({ low: 0, high: 0 }, 0)).toBe('fails')
  })

  it('of several parts: one that fails is enough, all must hold', () => {
    expect(together(['holds', 'holds'])).toBe('holds')
    expect(together(['holds', 'undecided'])).toBe('undecided')
    expect(together(['holds', 'fails', 'undecided'])).toBe('fails')
    expect(together([])).toBe('undecided')
  })

  it('need two seeds', () => {
    expect(estimate('x', 'number', [3], 0)).toMatchObject({ verdict: 'undecided', interval: undefined })
    expect(difference('x', undefined)).toMatchObject({ verdict: 'undecided', seeds: 0 })
    expect(estimate('x', 'number', [3, 3.1, 2.9], 0).verdict).toBe('holds')
  })
})

it('the classes that random draws see on average: all ways to draw are counted', () => {
  // pool of 4: classes 0 0 1 2; of the six pairs one has one class and five have two
  expect(expectedClasses([2, 1, 1], 2)).toBeCloseTo(11 / 6, 12)
  expect(expectedClasses([5, 5], 10)).toBe(2)
  expect(expectedClasses([3, 3], 1)).toBeCloseTo(1, 12)
})

it('evenness is 1 of the flat histogram, 0 of one class, and does not depend on the order', () => {
  expect(evenness([7, 7, 7])).toBeCloseTo(1, 12)
  expect(evenness([9, 0, 0])).toBe(0)
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 2, maxLength: 9 }), counts => {
      fc.pre(counts.some(Boolean))
      expect(evenness(counts.toReversed())).toBeCloseTo(evenness(counts), 10)
    })
  )
})

it('balanced accuracy is the mean over the classes', () => {
  // class 0: 3 of 4 right, class 1: 0 of 1, class 2 is not in the test part
  expect(balancedAccuracy(Uint8Array.of(0b00111), [0, 0, 0, 0, 1], 3)).toBeCloseTo(3 / 8, 12)
})

describe('the report', () => {
  const entry: Entry = {
    name: 'example',
    claim: 'A < B',
    rule: 'by | looking',
    sets: ['digits', 'mnist'],
    seeds: 3,
    run: () => Promise.reject(new Error('not run'))
  }
  const finding: Finding = {
    verdict: 'fails',
    said: 'It is <not> so.',
    estimates: [
      difference('B − A', {
        difference: 0.034,
        interval: { low: 0.01, high: 0.058 },
        p: 0.01,
        seeds: 3,
        errors: []
      })
    ]
  }
  const outcomes: Outcome[] = [
    { entry, set: 'digits', seeds: 3, seconds: 90, finding },
    { entry, set: 'mnist', seeds: 3, seconds: 0, finding: { missing: 'give its files with --mnist' } }
  ]
  const study = { quick: true, app: '1', arithmetic: 'wasm', made: '2026-01-02T03:04:05Z', outcomes }

  it('holds verdict, numbers and figures as JSON, Markdown and a page that loads nothing', () => {
    const [first, second] = JSON.parse(studyJson(study)).entries
    expect(first).toMatchObject({ name: 'example', set: 'digits', verdict: 'fails', seconds: 90 })
    expect(first.estimates[0]).toMatchObject({ value: 0.034, interval: { low: 0.01, high: 0.058 } })
    expect(second.missing).toMatch(/--mnist/)
    expect(studyMarkdown(study)).toContain('| B − A | +3.4 | +1.0 to +5.8 | 0.0 | 3 |')
    const html = studyHtml(study)
    expect(html).toContain('It is &lt;not&gt; so.')
    expect(html.match(/<svg/g)).toHaveLength(2)
    expect(html.match(/<\/svg>/g)).toHaveLength(2)
    expect(html).not.toMatch(/src=|url\(|<script|<link/)
  })
})

it('names of entries are told apart, and wrong options are refused by name', () => {
  expect(new Set(entries.map(e => e.name)).size).toBe(entries.length)
  expect(() => readOptions(['--sets', 'mars'])).toThrow('mars')
  expect(() => readOptions(['--seeds', '0'])).toThrow('--seeds')
})
