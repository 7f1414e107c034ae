/** A row of the table that decides images or trainings is read by what makes their keys: none is shown and does nothing. */
import { describe, expect, it } from 'vitest'
import { knobsOf, pretrainingOf, recipeOf } from '../../src/core/experiment/parts.ts'
import {
  rowNames,
  startExperiment,
  table,
  type Experiment,
  type Row
} from '../../src/core/experiment/table.ts'
import { canonical } from '../../src/core/keys.ts'

/** What the keys of a training hold: its images, its recipe, its encoder. */
const meaning = (e: Experiment) => {
  const pretraining = pretrainingOf(e)
  const recipe = recipeOf(e, { encoder: canonical(pretraining ?? null) })
  return canonical({ source: e.source, knobs: knobsOf(e), recipe })
}

/** Every row is in force: those too that count only beside another one. */
const everything: Experiment = {
  ...startExperiment,
  imbalance: 'step',
  mode: 'fineTune',
  unlabelled: 'meanTeacher'
}

/** Other values of a row. */
function others(row: Row, value: unknown): unknown[] {
  switch (row.kind) {
    case 'choice':
      return row.options.filter(option => option !== value)
    case 'integer':
      return [row.min, row.max].filter(v => v !== value)
    case 'real':
      return [row.min, row.max].filter(v => v !== value)
    case 'integers':
      return [[0, 1]]
    case 'source':
      return [{ kind: 'synthetic', id: 'shapes' }]
    case 'names':
      return []
  }
}

const deciding = rowNames.filter(name => table[name].scope !== 'protocol')

describe('a row that decides', () => {
  it.each(deciding)('%s changes what it decides', name => {
    const values = others(table[name], everything[name])
    expect(values.length).toBeGreaterThan(0)
    for (const value of values)
      expect(meaning({ ...everything, [name]: value })).not.toBe(meaning(everything))
  })
})
