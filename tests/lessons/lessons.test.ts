/** What the page ships as lessons: specs, results and texts belong together, and what the texts say of a result is so. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readText } from '../../src/core/exchange/schema.ts'
import { armsOf, countsOf, seedsOf } from '../../src/core/experiment/parts.ts'
import type { Experiment } from '../../src/core/experiment/table.ts'
import { readExperiment, sameExperiment } from '../../src/core/experiment/read.ts'
import { armKey, lineOf, ofSeeds, type Result } from '../../src/core/result.ts'
import { fold } from '../../src/core/curves.ts'
import { relationOf } from '../../src/core/statistics/across.ts'
import { againstBestSize } from '../../src/core/statistics/sizes.ts'
import { startLosses, worstLosses } from '../../src/core/statistics/startLoss.ts'
import { rankingAt, verdictOf } from '../../src/core/statistics/verdict.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { lessons } from '../../src/lessons/index.ts'
import type { LessonStep } from '../../src/lessons/lesson.ts'
import { SAMPLE } from '../../src/lessons/sample.ts'

const read = (file: string): Result => {
  const document = readText(readFileSync(`src/lessons/results/${file}`, 'utf8'))
  if (!('result' in document)) throw new Error(file)
  return document.result
}
const steps = Object.entries(lessons).flatMap(([lesson, { steps }]) =>
  steps.map((step, i) => ({ place: `${lesson}.${i + 1}`, step: step as LessonStep }))
)
const shownBy = ({ result, seeds }: LessonStep) => (seeds ? ofSeeds(read(result), ...seeds) : read(result))

describe('lessons', () => {
  it.each(steps)('$place: its result is whole, and that of its spec', ({ step }) => {
    const result = read(step.result)
    const { experiment, unknown } = readExperiment(step.spec)
    expect(unknown).toEqual([])
    expect(sameExperiment(result.experiment, experiment!)).toBe(true)
    expect(result.incomplete).toBeUndefined()
    expect(result.numerics.map(n => n.backend)).toEqual(['wasm'])
    const runs = new Map(result.runs.map(run => [`${armKey(run.arm)} ${run.seed}`, run]))
    for (const arm of armsOf(experiment!))
      for (const seed of seedsOf(experiment!))
        expect(runs.get(`${armKey(arm)} ${seed}`)?.points.map(p => p.labelCount)).toEqual(
          countsOf(experiment!, arm)
        )
    if (step.result !== SAMPLE)
      expect(result.runs.every(run => run.points.every(point => point.record))).toBe(true)
  })

  it.each(steps.filter(({ step }) => step.beside))(
    '$place: the curves behind it have the same images and arms in common with it',
    ({ step }) => expect(relationOf(read(step.beside!), shownBy(step))).toBe('common')
  )

  it('all were computed with the same numerics', () => {
    const ids = new Set(steps.flatMap(({ step }) => read(step.result).numerics.map(n => n.id)))
    expect(ids.size).toBe(1)
  })

  it('ship no result that none of them shows', () => {
    const used = new Set(steps.map(({ step }) => step.result))
    expect(readdirSync('src/lessons/results').sort()).toEqual([...used].sort())
  })

  it.each(Object.entries(catalogues))(
    'have a text for each step in %s, and no other',
    (_, { lessons: texts }) => {
      expect(Object.keys(texts.each)).toEqual(Object.keys(lessons))
      for (const [lesson, { steps }] of Object.entries(lessons))
        expect(texts.each[lesson as keyof typeof lessons].steps).toHaveLength(steps.length)
    }
  )
})

describe('some seeds of a result', () => {
  it('are their runs and ceilings alone, without sums over the others', () => {
    const all = read(SAMPLE)
    const part = ofSeeds(all, 7, 2)
    expect(part.runs).toEqual(all.runs.filter(run => run.seed === 7 || run.seed === 8))
    expect(seedsOf(part.experiment)).toEqual([7, 8])
    expect(part.discordances).toBeUndefined()
    expect(ofSeeds(all, 0, 1).ceiling).toEqual(all.ceiling.filter(c => c.seed === 0))
    expect(part.ceiling).toEqual([])
  })
})

/** Everything that the page says in so many words. */
function phrasesOf(messages: unknown): string[] {
  if (typeof messages === 'string') return [messages]
  return messages && typeof messages === 'object' ? Object.values(messages).flatMap(phrasesOf) : []
}

describe('what the texts point at', () => {
  it.each(Object.entries(catalogues))('is on the page under that name, in %s', (_, messages) => {
    const { lessons: texts, ...rest } = messages
    const names = new Set([...phrasesOf(rest), rest.charts.from('50')])
    const quoted = phrasesOf(texts.each).flatMap(text => text.match(/(?<=[“「])[^”」]+(?=[”」])/g) ?? [])
    expect(quoted.length).toBeGreaterThan(15)
    expect(quoted.filter(name => !names.has(name))).toEqual([])
  })

  it.each([
    ['sizes', { initialSizes: [10, 20, 50, 100, 150, 200] }],
    ['below', { initialSizes: [20, 100, 300], budget: 500 }],
    ['cycles', { querySize: 10 }],
    ['steps', { stepsFloor: 1000 }],
    ['imbalance', { imbalanceRatio: 0.01 }],
    ['imbalance', { classWeights: 'balanced' }]
  ] as [keyof typeof lessons, Partial<Experiment>][])('can be set: %s, %j', (lesson, change) => {
    const { spec } = lessons[lesson].steps.at(-1) as LessonStep
    const { experiment, problems } = readExperiment({ ...spec, ...change })
    expect(problems).toEqual([])
    if (change.querySize) expect(countsOf(experiment!, armsOf(experiment!)[0])).toHaveLength(26)
  })
})

/** Accuracies in per cent, from the counts, by seed. */
const accuracies = (result: Result, line: string, initialSize: number, labelCount: number): number[] =>
  result.runs
    .filter(run => run.arm.initialSize === initialSize && lineOf(run.arm) === line)
    .sort((a, b) => a.seed - b.seed)
    .map(run => (100 * run.points.find(p => p.labelCount === labelCount)!.correct) / result.dataset.testSize)
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length
const meanAt = (...at: Parameters<typeof accuracies>) => mean(accuracies(...at))
const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
const stepOf = (lesson: keyof typeof lessons, step: number) =>
  shownBy(lessons[lesson].steps[step - 1] as LessonStep)
/** Student's t of numbers that belong to each other, seed by seed. */
function pairedT(x: number[], y: number[]): number {
  const d = x.map((value, i) => value - y[i])
  const variance = d.reduce((s, v) => s + (v - mean(d)) ** 2, 0) / (d.length - 1)
  return mean(d) / Math.sqrt(variance / d.length)
}
/** The verdicts of the page on lines against Random, from one initial size. */
const verdicts = (result: Result, lines: string[], initialSize: number, labelCount: number) =>
  lines.map(line => verdictOf(fold(result), line, initialSize, labelCount))

describe('what the texts say', () => {
  it('sizes: Random is the same from all starts, Margin’s lead from 200 half of that from 50; that the size matters is decided for none; what it costs at most', () => {
    const result = stepOf('sizes', 1)
    for (const size of [20, 100, 200])
      expect(accuracies(result, 'random', size, 300)).toEqual(accuracies(result, 'random', 50, 300))
    expect(result.runs.find(run => run.arm.initialSize === 200)!.points.map(p => p.labelCount)).toEqual([
      200, 250, 300
    ])
    const [few, many] = [50, 200].map(
      size => meanAt(result, 'margin', size, 300) - meanAt(result, 'random', size, 300)
    )
    expect(many / few).toBeGreaterThan(0.4)
    expect(many / few).toBeLessThan(0.6)
    const sizes = againstBestSize(fold(result), 300)
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.filter(size => size.below)).toEqual([])
    // at most about 3 points from 20 or 50, about 4 from 100 or 200
    const most = new Map(worstLosses(startLosses(fold(result), 300)).map(l => [l.initialSize, 100 * l.limit]))
    for (const [size, points] of [
      [20, 3],
      [50, 3],
      [100, 4],
      [200, 4]
    ])
      expect(Math.abs(most.get(size)! - points)).toBeLessThan(0.2)
  })

  it('seeds: Consistency from 50 is far above Random and a little above Margin in one seed, below Random with k-center in another', () => {
    const [one, other, all] = [1, 2, 3].map(step => stepOf('seeds', step))
    const at = (result: Result, line: string) => meanAt(result, line, 50, 300)
    expect(at(one, 'consistency') - at(one, 'random')).toBeGreaterThan(5)
    expect(at(one, 'consistency') - at(one, 'margin')).toBeGreaterThan(0)
    expect(at(one, 'consistency') - at(one, 'margin')).toBeLessThan(1)
    expect(at(other, 'consistency')).toBeLessThan(at(other, 'random'))
    expect(at(other, 'kCenter')).toBeLessThan(at(other, 'random'))
    // two seeds of one strategy lie further apart than the means of any two strategies
    const seeds = spread(accuracies(all, 'kCenter', 50, 300))
    expect(seeds).toBeGreaterThan(4.5)
    expect(seeds).toBeLessThan(5)
    expect(spread(all.experiment.strategies.map(line => at(all, line)))).toBeLessThan(4)
    // some verdicts are not decided, as the proposal takes for granted
    expect(verdicts(all, ['margin', 'kCenter'], 50, 300)).toEqual(['aboveRandom', 'undecided'])
  })

  it('luck: from 34 to 52 per cent at 20 labels, forgotten at 50; Margin is ahead in all fifty, by .9 to 6.6 points', () => {
    const result = stepOf('luck', 1)
    const at = (line: string, n: number) => accuracies(result, line, 20, n)
    const start = at('random', 20)
    expect([start.length, Math.round(Math.min(...start)), Math.round(Math.max(...start))]).toEqual([
      50, 34, 52
    ])
    expect(seedsOf(result.experiment)[0]).toBe(0)
    expect([start.indexOf(Math.min(...start)), start.indexOf(Math.max(...start))]).toEqual([8, 36])
    for (const line of ['random', 'margin']) {
      const later = at(line, 50)
      // of the pairs of draws, in how many the luckier one is ahead
      let ahead = 0
      let pairs = 0
      for (let i = 0; i < 50; i++)
        for (let j = 0; j < i; j++) {
          const [before, after] = [start[i] - start[j], later[i] - later[j]]
          if (!before || !after) continue
          pairs++
          ahead += Number(before > 0 === after > 0)
        }
      expect(Math.abs(ahead / pairs - 0.5)).toBeLessThan(0.05)
    }
    const [random, margin] = [at('random', 300), at('margin', 300)]
    const lead = margin.map((value, i) => value - random[i])
    expect(Math.min(...lead)).toBeGreaterThan(0)
    expect(Math.min(...lead)).toBeLessThan(1)
    expect(Math.max(...lead)).toBeGreaterThan(6)
  })

  it('slide: Entropy is ahead of Consistency from both starts, and unlabelled images lift all three', () => {
    const [without, withThem] = [stepOf('slide', 1), stepOf('slide', 2)]
    for (const size of [50, 100]) {
      const at = (result: Result, line: string) => accuracies(result, line, size, 300)
      // with 9 degrees of freedom
      for (const result of [without, withThem])
        expect(pairedT(at(result, 'entropy'), at(result, 'consistency'))).toBeGreaterThan(3)
      for (const line of ['random', 'entropy', 'consistency'])
        expect(pairedT(at(withThem, line), at(without, line))).toBeGreaterThan(3)
    }
  })

  it('below: on Shapes Entropy is below Random and k-center above it from 100; on Digits Entropy is ahead and k-center level', () => {
    const [shapes, digits] = [stepOf('below', 1), stepOf('pretraining', 1)]
    // from scratch, so that the rows of a pretraining make no difference
    const { source, seeds, initialSizes, pretrainingBatch } = shapes.experiment
    expect(
      sameExperiment(
        { ...digits.experiment, source, seeds, initialSizes, pretrainingBatch },
        shapes.experiment
      )
    ).toBe(true)
    expect(shapes.experiment.mode).toBe('scratch')
    expect(verdicts(shapes, ['entropy', 'kCenter'], 20, 200)).toEqual(['belowRandom', 'undecided'])
    expect(verdicts(shapes, ['entropy', 'kCenter'], 100, 200)).toEqual(['belowRandom', 'aboveRandom'])
    expect(verdicts(shapes, ['margin'], 100, 200)).toEqual(['undecided'])
    for (const size of [20, 100]) {
      const at = (line: string) => accuracies(digits, line, size, 200)
      expect(pairedT(at('entropy'), at('random'))).toBeGreaterThan(4)
      expect(verdicts(digits, ['entropy', 'kCenter'], size, 200)).toEqual(['aboveRandom', 'undecided'])
      expect(Math.abs(mean(at('kCenter')) - mean(at('random')))).toBeLessThan(1)
    }
    for (const n of [20, 50, 100]) expect(meanAt(shapes, 'entropy', 20, n)).toBeLessThan(50)
  })

  it('cycles: one query makes Entropy and BALD no better than Random, five all three by two points, ten hardly more', () => {
    const [one, five, ten] = [1, 2, 3].map(step => stepOf('cycles', step))
    const at = (result: Result, line: string, n = 300) => meanAt(result, line, 50, n)
    for (const result of [five, ten]) expect(at(result, 'random')).toBe(at(one, 'random'))
    for (const line of ['entropy', 'bald']) expect(at(one, line)).toBeLessThan(at(one, 'random'))
    const uncertain = ['margin', 'entropy', 'bald']
    for (const result of [five, ten])
      expect(new Set(verdicts(result, uncertain, 50, 300))).toEqual(new Set(['aboveRandom']))
    for (const line of uncertain) {
      expect(at(five, line) - at(five, 'random')).toBeGreaterThan(2)
      expect(Math.abs(at(ten, line) - at(five, line))).toBeLessThan(1)
      const path = [50, 100, 150, 200, 250].map(n => at(five, line, n))
      expect(path).toEqual([...path].sort((a, b) => a - b))
    }
    expect([five, ten].map(result => result.runs[0].points.length)).toEqual([6, 11])
    expect(225 % ten.experiment.batchSize).toBe(1)
    for (const line of ten.experiment.strategies) expect(at(ten, line, 225)).toBeLessThan(at(ten, line, 200))
  })

  it('cycles: even batches take the dip away, and lift the uncertainty strategies where an epoch left few images over', () => {
    const [ten, even] = [3, 4].map(step => stepOf('cycles', step))
    const at = (result: Result, line: string, n: number) => meanAt(result, line, 50, n)
    for (const line of even.experiment.strategies)
      expect(at(even, line, 225)).toBeGreaterThanOrEqual(at(even, line, 200))
    expect(100 % 32).toBe(4)
    for (const line of ['margin', 'entropy', 'bald']) {
      const gain = (n: number) => at(even, line, n) - at(ten, line, n)
      expect(gain(225)).toBeGreaterThan(3)
      expect(gain(225)).toBeLessThan(6)
      expect(gain(100)).toBeGreaterThan(2)
      expect(gain(100)).toBeLessThan(4)
      expect(Math.abs(gain(300))).toBeLessThan(1)
    }
  })

  it('steps: 20 labels get 30 steps and half the accuracy, and Entropy is far below Random; more steps mend most of it', () => {
    const [few, enough] = [stepOf('steps', 1), stepOf('steps', 2)]
    const steps = (result: Result) =>
      new Map(
        result.runs.flatMap(run => run.points.map(p => [p.labelCount, p.record!.measurement.steps] as const))
      )
    expect([20, 200].map(n => steps(few).get(n))).toEqual([30, 210])
    expect(Math.min(...steps(enough).values())).toBe(200)
    const ratio = meanAt(enough, 'random', 20, 20) / meanAt(few, 'random', 20, 20)
    expect(ratio).toBeGreaterThan(1.8)
    expect(ratio).toBeLessThan(2)
    for (const n of [50, 100]) {
      const [before, after] = [few, enough].map(r => meanAt(r, 'random', 20, n) - meanAt(r, 'entropy', 20, n))
      expect(before).toBeGreaterThan(10)
      expect(after).toBeLessThan(before / 2)
    }
  })

  it('pretraining: from 43 to 59 per cent at 20 labels; all gain, k-center falls behind Random, and fine-tuning is behind at 20 labels and level at 200', () => {
    const [scratch, linear, fineTuned] = [1, 2, 3].map(step => stepOf('pretraining', step))
    const lines = ['random', 'margin', 'entropy', 'kCenter']
    expect([scratch, linear].map(result => Math.round(meanAt(result, 'random', 20, 20)))).toEqual([43, 59])
    expect(Math.abs(meanAt(linear, 'random', 20, 100) - meanAt(scratch, 'random', 20, 200))).toBeLessThan(0.5)
    for (const size of [20, 50, 100]) {
      expect(verdicts(linear, lines.slice(1), size, 200)).toEqual([
        'aboveRandom',
        'aboveRandom',
        'belowRandom'
      ])
      expect(verdicts(fineTuned, ['kCenter'], size, 200)).toEqual(['undecided'])
      expect(meanAt(fineTuned, 'kCenter', size, 200)).toBeGreaterThanOrEqual(
        meanAt(fineTuned, 'random', size, 200)
      )
      for (const line of lines) {
        expect(meanAt(linear, line, size, size)).toBeGreaterThan(meanAt(scratch, line, size, size))
        expect(meanAt(linear, line, size, 200)).toBeGreaterThan(meanAt(scratch, line, size, 200))
        expect(meanAt(fineTuned, line, size, 200) - meanAt(linear, line, size, 200)).toBeGreaterThan(-0.5)
      }
    }
    expect(
      pairedT(accuracies(linear, 'random', 20, 20), accuracies(fineTuned, 'random', 20, 20))
    ).toBeGreaterThan(4)
  })

  it('firstChoice: at 20 labels TypiClust has 61 per cent, random 43, k-center 36 and seven classes; at 200 the lead has melted away', () => {
    const result = stepOf('firstChoice', 1)
    const selectors = ['', '+balanced', '+kCenter:pixels', '+typiClust:encoder']
    const at20 = selectors.map(selector => Math.round(meanAt(result, `random${selector}`, 20, 20)))
    expect(at20).toEqual([43, 51, 36, 61])
    expect(
      ['balanced', 'kCenter:pixels', 'typiClust:encoder'].map(selector =>
        verdictOf(fold(result), `random+${selector}`, 20, 20)
      )
    ).toEqual(['aboveRandom', 'belowRandom', 'aboveRandom'])
    for (const run of result.runs)
      if (run.arm.initialSize === 20 && run.arm.selector === 'kCenter:pixels')
        expect(run.points[0].record!.classCounts.filter(count => count > 0)).toHaveLength(7)
    for (const size of [20, 50]) {
      expect(spread(selectors.map(s => meanAt(result, `random${s}`, size, 200)))).toBeLessThan(2)
      for (const selector of selectors)
        expect(meanAt(result, `margin${selector}`, size, 200)).toBeGreaterThan(
          meanAt(result, `random${selector}`, size, 200)
        )
    }
    // in the first rounds it helps Random: still with 50 labels, no longer with 150
    const lead = (n: number) =>
      meanAt(result, 'random+typiClust:encoder', 20, n) - meanAt(result, 'random', 20, n)
    expect(lead(50)).toBeGreaterThan(1)
    expect(lead(150)).toBeLessThan(0)
  })

  it('imbalance: every strategy is far ahead of Random and labels three times as many of the rare ones; which is best is not decided', () => {
    const result = stepOf('imbalance', 1)
    for (const size of [50, 100]) {
      const rare = (line: string) =>
        mean(
          result.runs
            .filter(run => run.arm.initialSize === size && run.arm.strategy === line)
            .map(run =>
              run.points
                .at(-1)!
                .record!.classCounts.slice(5)
                .reduce((a, b) => a + b, 0)
            )
        )
      expect(Math.round(rare('random'))).toBe(26)
      for (const line of result.experiment.strategies.slice(1)) {
        expect(meanAt(result, line, size, 300) - meanAt(result, 'random', size, 300)).toBeGreaterThan(15)
        expect(rare(line)).toBeGreaterThan(3 * rare('random'))
      }
      const ranking = rankingAt(fold(result), size, 300)
      expect(ranking).toMatchObject({ kind: 'undecided', leader: 'cbalEntropy' })
      expect(ranking.kind === 'undecided' && ranking.rivals).toContain('entropy')
      const ahead = meanAt(result, 'cbalEntropy', size, 300) - meanAt(result, 'entropy', size, 300)
      expect(ahead).toBeGreaterThan(0.4)
      expect(ahead).toBeLessThan(0.7)
    }
  })
})
