import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExchangeError } from '../../src/core/exchange/errors.ts'
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../../src/core/exchange/base64.ts'
import { readMeasurement, readPick, writeMeasurement, writePick } from '../../src/core/exchange/records.ts'
import {
  readDocument,
  readText,
  resultText,
  specText,
  writeResult,
  writeSpec
} from '../../src/core/exchange/schema.ts'
import { frozenExperiment, startExperiment } from '../../src/core/experiment/table.ts'
import type { Result } from '../../src/core/result.ts'
import { discordances } from '../../src/core/statistics/discordances.ts'
import { experiments, results } from './arbitraries.ts'
import { simulate, small } from './fixtures.ts'

const refusal = (read: () => unknown) => {
  try {
    read()
  } catch (error) {
    if (error instanceof ExchangeError) return [error.code, error.field]
    throw error
  }
  return 'read'
}

describe('base64', () => {
  it('agrees with Node and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), bytes => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64(toBase64(bytes))).toEqual(Uint8Array.from(bytes))
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(Uint8Array.from(bytes))
      })
    )
  })
  it('refuses what is not in the one canonical form', () => {
    for (const text of ['A', 'AA', 'AB==', 'A===', 'AA==AA==', 'AA=A', 'A A=', 'é', 'A-_='])
      expect(fromBase64(text)).toBeUndefined()
    for (const text of ['A', 'AB', 'AA==', 'A+', 'A/', 'A~']) expect(fromBase64Url(text)).toBeUndefined()
  })
})

describe('spec files', () => {
  it('come back, and hold only what differs from the frozen values', () => {
    fc.assert(
      fc.property(experiments, experiment => {
        expect(readText(specText(experiment))).toEqual({ experiment })
      })
    )
    expect(writeSpec(frozenExperiment)).toEqual({ format: 'dal-experiment', version: 1 })
    expect(writeSpec({ ...frozenExperiment, seeds: 5 })).toEqual({
      format: 'dal-experiment',
      version: 1,
      seeds: 5
    })
  })

  it('may be plain rows', () => {
    expect(readText('\ufeff{"seeds": 5}')).toEqual({ experiment: { ...frozenExperiment, seeds: 5 } })
    expect(readText('{}')).toEqual({ experiment: frozenExperiment })
  })

  it.each([
    ['{', 'notJson', ''],
    ['[]', 'notOurs', ''],
    ['null', 'notOurs', ''],
    ['{"name": "some-package", "scripts": {}}', 'notOurs', ''],
    ['{"format": "vega"}', 'notOurs', 'format'],
    ['{"format": "dal-experiment"}', 'wrongType', 'version'],
    ['{"format": "dal-experiment", "version": 0}', 'outOfRange', 'version'],
    ['{"format": "dal-experiment", "version": 2, "seeds": 3}', 'newerVersion', 'version'],
    ['{"seeds": "3"}', 'badRow', 'seeds'],
    ['{"seeds": 0}', 'badRow', 'seeds'],
    ['{"seeds": 3, "seedz": 3}', 'unknownRow', 'seedz'],
    ['{"strategies": ["random", "typiclust"]}', 'unknownName', 'strategies'],
    ['{"network": "huge"}', 'badRow', 'network'],
    ['{"initialSizes": [500]}', 'badRow', 'budget'],
    ['{"seeds": 3, "__proto__": {}}', 'forbiddenKey', '__proto__']
  ])('%s is refused: %s %s', (text, code, field) => {
    expect(refusal(() => readText(text))).toEqual([code, field])
  })

  it('say what is wrong with a row', () => {
    expect(() => readText('{"seeds": 1000}')).toThrow(
      expect.objectContaining({ field: 'seeds', parameters: { problem: 'tooLarge', limit: 100 } })
    )
  })

  it('keep nothing of a source that is not ours', () => {
    const source = { kind: 'synthetic', id: 'shapes', onload: 'x' }
    expect(readDocument({ source })).toMatchObject({
      experiment: { source: { kind: 'synthetic', id: 'shapes' } }
    })
    expect(
      Object.keys((readDocument({ source }) as { experiment: typeof startExperiment }).experiment.source)
    ).toEqual(['kind', 'id'])
  })
})

describe('measurements and picks', () => {
  it('come back whole, with losses that are not finite', () => {
    const [run] = simulate(small).runs
    const { measurement } = run.points[0].record!
    for (const trainLoss of [0.1, 1 / 3, NaN, Infinity, -Infinity, 5e-324]) {
      const m = { ...measurement, trainLoss }
      expect(readMeasurement(JSON.parse(JSON.stringify(writeMeasurement(m))))).toEqual(m)
    }
    const p = {
      picks: new Uint32Array([5, 4294967295, 0]),
      scores: new Float32Array([0.1, -0, NaN]),
      seconds: 0.5
    }
    const back = readPick(JSON.parse(JSON.stringify(writePick(p))))
    expect(back.picks).toEqual(p.picks)
    expect([...back.scores!].map(x => x + 0)).toEqual([...p.scores].map(x => x + 0))
    expect(readPick(writePick({ picks: p.picks, seconds: 1 }))).toEqual({ picks: p.picks, seconds: 1 })
  })
  it('that contradict themselves are refused', () => {
    const json = writeMeasurement(simulate(small).runs[0].points[0].record!.measurement)
    expect(refusal(() => readMeasurement({ ...json, correct: 'AAAA' }, 'at'))).toEqual([
      'inconsistent',
      'at.correct'
    ])
    expect(refusal(() => readMeasurement({ ...json, correct: '?' }))).toEqual(['wrongType', 'correct'])
    expect(refusal(() => readMeasurement({ ...json, predicted: [1] }))).toEqual(['inconsistent', 'correct'])
    expect(refusal(() => readMeasurement({ ...json, steps: -1 }))).toEqual(['outOfRange', 'steps'])
    expect(refusal(() => readMeasurement({ ...json, testLoss: null }))).toEqual(['wrongType', 'testLoss'])
    expect(refusal(() => readPick({ picks: [1, 1], seconds: 1 }))).toEqual(['inconsistent', 'picks'])
  })
})

describe('result files', () => {
  it('come back with every record', () => {
    fc.assert(
      fc.property(results, result => {
        expect(readText(resultText(result, '1.2.3'))).toEqual({ result })
      }),
      { numRuns: 40 }
    )
  })

  it('come back with sums instead of records', () => {
    const result = { ...simulate(small, { records: false }), discordances: discordances(simulate(small)) }
    expect(result.discordances.length).toBeGreaterThan(0)
    expect(readText(resultText(result))).toEqual({ result })
  })

  it('hold a training once, whoever shares it', () => {
    const file = writeResult(simulate(small), '1.2.3')
    const points = file.runs.flatMap(run => run.points)
    const keys = new Set(points.map(p => p.record!.trainingKey))
    expect(Object.keys(file.measurements!).sort()).toEqual([...keys].sort())
    expect(keys.size).toBeLessThan(points.length)
    expect(file.app).toBe('1.2.3')
  })

  it('of which this version knows only a part are not written again', () => {
    expect(refusal(() => writeResult({ ...simulate(small), unknown: ['x'] }))).toEqual([
      'laterVersion',
      'experiment'
    ])
  })

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- files that are wrong have no type
  type Change = [what: string, change: (file: any) => void, code: string, field: string]
  const changes: Change[] = [
    ['no experiment', f => delete f.experiment, 'wrongType', 'experiment'],
    ['a later version', f => (f.version = 2), 'newerVersion', 'version'],
    ['a wrong row', f => (f.experiment.budget = -5), 'badRow', 'budget'],
    ['a pool of text', f => (f.dataset.poolSize = 'many'), 'wrongType', 'dataset.poolSize'],
    ['a fingerprint that is none', f => (f.dataset.fingerprint = 'abc'), 'wrongType', 'dataset.fingerprint'],
    ['no classes', f => (f.dataset.classNames = []), 'wrongType', 'dataset.classNames'],
    ['a long name', f => (f.dataset.name = 'x'.repeat(201)), 'tooMany', 'dataset.name'],
    ['a disguised name', f => (f.dataset.classNames[3] = 'a\u202e'), 'unsafeText', 'dataset.classNames.3'],
    ['a majority beyond the test set', f => (f.dataset.majority = 101), 'inconsistent', 'dataset.majority'],
    ['a majority below an even part', f => (f.dataset.majority = 9), 'inconsistent', 'dataset.majority'],
    ['a majority of nothing', f => (f.dataset.majority = 0), 'outOfRange', 'dataset.majority'],
    ['numerics twice', f => f.numerics.push(f.numerics[0]), 'repeated', 'numerics'],
    ['an unknown backend', f => (f.numerics[0].backend = 'abacus'), 'wrongType', 'numerics.0.backend'],
    ['runs that are no list', f => (f.runs = {}), 'wrongType', 'runs'],
    [
      'a run of an arm that is not asked for',
      f => (f.runs[1].arm.strategy = 'bald'),
      'notListed',
      'runs.1.arm.strategy'
    ],
    [
      'an initial size that is not asked for',
      f => (f.runs[1].arm.initialSize = 30),
      'notListed',
      'runs.1.arm.initialSize'
    ],
    ['an arm of a later version', f => (f.runs[0].arm.recipe = 'warm'), 'wrongType', 'runs.0.arm.recipe'],
    [
      'an arm of a selector that is not in the experiment',
      f => (f.runs[0].arm.selector = 'typical'),
      'notListed',
      'runs.0.arm.selector'
    ],
    ['a seed that is not asked for', f => (f.runs[1].seed = 3), 'notListed', 'runs.1.seed'],
    ['a seed that is no integer', f => (f.runs[1].seed = 0.5), 'wrongType', 'runs.1.seed'],
    ['numerics that are not listed', f => (f.runs[2].numericsId = 'gpu-1'), 'notListed', 'runs.2.numericsId'],
    ['the same run twice', f => f.runs.push(f.runs[0]), 'repeated', 'runs.18'],
    [
      'more right than there are',
      f => (f.runs[0].points[1].correct = 101),
      'outOfRange',
      'runs.0.points.1.correct'
    ],
    ['a negative count', f => (f.runs[0].points[1].correct = -1), 'outOfRange', 'runs.0.points.1.correct'],
    [
      'a count that the bits deny',
      f => f.runs[0].points[1].correct++,
      'inconsistent',
      'runs.0.points.1.correct'
    ],
    ['label counts that fall', f => f.runs[0].points.reverse(), 'notAscending', 'runs.0.points.1.labelCount'],
    [
      'a label count beside the grid',
      f => (f.runs[0].points[0].labelCount = 21),
      'notListed',
      'runs.0.points.0.labelCount'
    ],
    [
      'a record of another round',
      f => (f.runs[0].points[0].record = f.runs[0].points[1].record),
      'inconsistent',
      'runs.0.points.0.record.labelCount'
    ],
    [
      'a training that is not there',
      f => (f.runs[0].points[0].record.trainingKey = '0'.repeat(32)),
      'notListed',
      'runs.0.points.0.record.trainingKey'
    ],
    [
      'class counts that do not add up',
      f => f.runs[0].points[0].record.classCounts[0]++,
      'inconsistent',
      'runs.0.points.0.record.classCounts'
    ],
    [
      'too few rows added',
      f => f.runs[0].points[0].record.added.pop(),
      'inconsistent',
      'runs.0.points.0.record.added'
    ],
    [
      'a row labelled twice',
      f => (f.runs[0].points[1].record.added[0] = f.runs[0].points[0].record.added[0]),
      'repeated',
      'runs.0.points.1.record.added'
    ],
    [
      'a row outside the pool',
      f => (f.runs[0].points[0].record.added[0] = 400),
      'outOfRange',
      'runs.0.points.0.record.added'
    ],
    ['a ceiling twice', f => f.ceiling.push(f.ceiling[0]), 'repeated', 'ceiling.1'],
    [
      'a ceiling of a seed that is not asked for',
      f => (f.ceiling[0].seed = 77),
      'notListed',
      'ceiling.0.seed'
    ],
    [
      'a ceiling of another label count',
      f => f.ceiling.push({ ...f.ceiling[0], seed: 1, labelCount: 3 }),
      'inconsistent',
      'ceiling.1.labelCount'
    ],
    [
      'a strategy that would be another arm',
      f => f.experiment.strategies.push('random+kMeansPixels'),
      'badRow',
      'strategies'
    ],
    ['a strategy of unsafe text', f => f.experiment.strategies.push('a\u202eb'), 'badRow', 'strategies'],
    ['a ceiling above all', f => (f.ceiling[0].correct = 101), 'outOfRange', 'ceiling.0.correct'],
    ['sums of nothing', f => (f.discordances[0].labelCount = 21), 'notListed', 'discordances.0'],
    ['sums that cannot be', f => f.discordances[0].cells++, 'inconsistent', 'discordances.0'],
    [
      'sums of one seed twice',
      f => (f.discordances[0].seeds = [0, 0, 1]),
      'notAscending',
      'discordances.0.seeds'
    ],
    ['the same sums twice', f => (f.discordances[1] = f.discordances[0]), 'repeated', 'discordances.1'],
    ['a forbidden key', f => (f.measurements = JSON.parse('{"__proto__":{}}')), 'forbiddenKey', '__proto__'],
    ['too many runs', f => (f.runs = new Array(20_001).fill({ ...f.runs[0], points: [] })), 'tooMany', 'runs']
  ]
  it.each(changes)('%s: refused', (_, change, code, field) => {
    const result = simulate(small)
    const file = JSON.parse(resultText({ ...result, discordances: discordances(result) }))
    change(file)
    expect(refusal(() => readDocument(file))).toEqual([code, field])
  })

  it('of later names and rows are shown and say what is unknown', () => {
    const file = JSON.parse(resultText(simulate(small)))
    file.experiment = { ...file.experiment, optimiser: 'lion', augmentation: 'mixup' }
    file.somethingNew = [1, 2, 3]
    const { result } = readDocument(file) as { result: Result }
    expect(result.unknown).toEqual(['optimiser', 'augmentation: mixup'])
    expect(result.runs).toEqual(simulate(small).runs)
  })

  it('of any shape give a result or a typed refusal', () => {
    const file = JSON.parse(resultText(simulate(small)))
    const keys = Object.keys(file)
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const outcome = refusal(() => readDocument({ ...file, [key]: value }))
        expect(outcome === 'read' || Array.isArray(outcome)).toBe(true)
      }),
      { numRuns: 300 }
    )
  })
})
