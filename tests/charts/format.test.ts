import { describe, expect, it } from 'vitest'
import {
  count,
  decimal,
  list,
  percent,
  percentNumber,
  points,
  pValue,
  sentences,
  tickPercent
} from '../../src/charts/format.ts'

describe('numbers of charts', () => {
  it('accuracies have one decimal, ticks as many as they need', () => {
    expect([0.945, 1, 0].map(v => percent(v, 'en'))).toEqual(['94.5%', '100.0%', '0.0%'])
    expect([0.945, 1, 0].map(v => percentNumber(v, 'en'))).toEqual(['94.5', '100.0', '0.0'])
    expect([0.5, 0.985, 0.9875].map(v => tickPercent(v, 'en', 1))).toEqual(['50%', '98.5%', '98.8%'])
    expect(tickPercent(0.9875, 'en', 2)).toBe('98.75%')
  })
  it('differences are in points with their sign, nothing has none', () => {
    expect([0.0384, -0.0041, 0, 0.0001, -0.0001, 0.25].map(v => points(v, 'en'))).toEqual([
      '+3.8',
      '-0.4',
      '0.0',
      '0.0',
      '0.0',
      '+25.0'
    ])
  })
  it('p-values never stand on the other side of the threshold', () => {
    expect([0.000999, 0.001, 0.0012].map(p => pValue(p, 'en'))).toEqual(['<0.001', '0.001', '0.001'])
    expect([0.04996, 0.0499999, 0.05, 0.05004].map(p => pValue(p, 'en'))).toEqual([
      '0.04996',
      '0.0499999',
      '0.050',
      '0.050'
    ])
    // three decimals would be 0.100
    expect(pValue(0.0996, 'en', 0.1)).toBe('0.0996')
  })
  it('counts, and means of counts', () => {
    expect([12345, 7].map(v => count(v, 'en'))).toEqual(['12,345', '7'])
    expect([2.345, 3, 9.96].map(v => decimal(v, 'en'))).toEqual(['2.3', '3', '10'])
  })
})

it('sentences and lists follow the language', () => {
  expect(sentences(['One.', '', 'Two.'], 'en')).toBe('One. Two.')
  expect(sentences(['一。', '', '二。'], 'ja')).toBe('一。二。')
  expect(list(['a', 'b', 'c'], 'en')).toBe('a, b, and c')
  expect(list(['a', 'b'], 'ja')).toBe('a・b')
  expect(list(['a・b', 'c'], 'ja')).toBe('a・b、c')
})
