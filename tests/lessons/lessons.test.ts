/** What the page ships as lessons: specs, results and texts belong together, and what the texts say of a result is so. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readText } from '../../src/core/exchange/schema.ts'
import { armsOf, countsOf, seedsOf } from '../../src/core/experiment/parts.ts'
import { readExperiment, sameExperiment } from '../../src/core/experiment/read.ts'
import { armKey, lineOf, ofSeeds, type Result } from '../../src/core/result.ts'
import { relationOf } from '../../src/core/statistics/across.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { lessons } from '../../src/lessons/index.ts'
import type { LessonStep } from '../../src/lessons/lesson.ts'
import { SAMPLE } from '../../src/lessons/sample.ts'

const read = (file: string): Result => {
  const document = readText(readFileSync(`public/${file}`, 'utf8'))
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
    expect(readdirSync('public/lessons').map(file => `lessons/${file}`)).toEqual(
      [...used].filter(file => file !== SAMPLE).sort()
    )
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

/** Mean accuracy in per cent, from the counts. */
function meanAt(result: Result, line: string, initialSize: number, labelCount: number): number {
  const counts = result.runs
    .filter(run => run.arm.initialSize === initialSize && lineOf(run.arm) === line)
    .map(run => run.points.find(p => p.labelCount === labelCount)!.correct)
  return (100 * counts.reduce((a, b) => a + b, 0)) / counts.length / result.dataset.testSize
}
const stepOf = (lesson: keyof typeof lessons, step: number) =>
  shownBy(lessons[lesson].steps[step - 1] as LessonStep)
/** Student's t of the difference of two lines, paired by seed. */
function pairedT(result: Result, a: string, b: string, initialSize: number, labelCount: number): number {
  const of = (line: string) =>
    result.runs
      .filter(run => run.arm.initialSize === initialSize && lineOf(run.arm) === line)
      .sort((x, y) => x.seed - y.seed)
      .map(run => run.points.find(p => p.labelCount === labelCount)!.correct)
  const [x, y] = [of(a), of(b)]
  const d = x.map((value, i) => value - y[i])
  const mean = d.reduce((s, v) => s + v, 0) / d.length
  const variance = d.reduce((s, v) => s + (v - mean) ** 2, 0) / (d.length - 1)
  return mean / Math.sqrt(variance / d.length)
}

describe('what the texts say', () => {
  it('seeds: Consistency from 50 is far above Random and above Margin in one seed, below Random with k-center in another', () => {
    const [one, other, all] = [1, 2, 3].map(step => stepOf('seeds', step))
    const at = (result: Result, line: string) => meanAt(result, line, 50, 300)
    expect(at(one, 'consistency') - at(one, 'random')).toBeGreaterThan(5)
    expect(at(one, 'consistency')).toBeGreaterThan(at(one, 'margin'))
    expect(at(other, 'consistency')).toBeLessThan(at(other, 'random'))
    expect(at(other, 'kCenter')).toBeLessThan(at(other, 'random'))
    // between two seeds of one strategy lies more than between the means of the strategies
    const counts = all.runs
      .filter(run => run.arm.strategy === 'consistency' && run.arm.initialSize === 50)
      .map(run => run.points.at(-1)!.correct / 10)
    const means = all.experiment.strategies.map(line => at(all, line))
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
    expect(spread(counts)).toBeGreaterThan(spread(means.slice(1)))
  })

  it('luck: from 34 to 52 per cent at 20 labels, forgotten at 50; Margin is ahead in all fifty, by .9 to 6.6 points', () => {
    const result = stepOf('luck', 1)
    const at = (line: string, n: number) =>
      result.runs
        .filter(run => run.arm.strategy === line)
        .sort((a, b) => a.seed - b.seed)
        .map(run => run.points.find(p => p.labelCount === n)!.correct / 10)
    const start = at('random', 20)
    expect([start.length, Math.round(Math.min(...start)), Math.round(Math.max(...start))]).toEqual([
      50, 34, 52
    ])
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
      for (const result of [without, withThem])
        expect(meanAt(result, 'entropy', size, 300)).toBeGreaterThan(meanAt(result, 'consistency', size, 300))
      for (const line of ['random', 'entropy', 'consistency'])
        expect(meanAt(withThem, line, size, 300)).toBeGreaterThan(meanAt(without, line, size, 300))
    }
  })

  it('below: on Shapes Entropy is below Random and k-center above it from 100; on Digits Entropy is ahead and k-center level', () => {
    const [shapes, digits] = [stepOf('below', 1), read(SAMPLE)]
    for (const size of [20, 100]) {
      // with 19 and 9 degrees of freedom
      expect(pairedT(shapes, 'entropy', 'random', size, 200)).toBeLessThan(-3)
      expect(pairedT(digits, 'entropy', 'random', size, 300)).toBeGreaterThan(4)
      expect(
        Math.abs(meanAt(digits, 'kCenter', size, 300) - meanAt(digits, 'random', size, 300))
      ).toBeLessThan(2)
    }
    expect(pairedT(shapes, 'kCenter', 'random', 100, 200)).toBeGreaterThan(3)
  })

  it('cycles: one query makes Entropy and BALD no better than Random, five all three by two points, ten hardly more', () => {
    const [one, five, ten] = [1, 2, 3].map(step => stepOf('cycles', step))
    const at = (result: Result, line: string, n = 300) => meanAt(result, line, 50, n)
    for (const result of [five, ten]) expect(at(result, 'random')).toBe(at(one, 'random'))
    for (const line of ['entropy', 'bald']) expect(at(one, line)).toBeLessThan(at(one, 'random'))
    for (const line of ['margin', 'entropy', 'bald']) {
      expect(at(five, line) - at(five, 'random')).toBeGreaterThan(2)
      expect(Math.abs(at(ten, line) - at(five, line))).toBeLessThan(1)
    }
    for (const line of ten.experiment.strategies) expect(at(ten, line, 225)).toBeLessThan(at(ten, line, 200))
  })

  it('steps: 20 labels get 30 steps and half the accuracy, and Entropy is far below Random; more steps mend most of it', () => {
    const [few, enough] = [stepOf('steps', 1), stepOf('steps', 2)]
    const { measurement } = few.runs[0].points[0].record!
    expect([measurement.labelCount, measurement.steps]).toEqual([20, 30])
    const ratio = meanAt(enough, 'random', 20, 20) / meanAt(few, 'random', 20, 20)
    expect(ratio).toBeGreaterThan(1.8)
    expect(ratio).toBeLessThan(2)
    for (const n of [50, 100]) {
      const [before, after] = [few, enough].map(r => meanAt(r, 'random', 20, n) - meanAt(r, 'entropy', 20, n))
      expect(before).toBeGreaterThan(10)
      expect(after).toBeLessThan(before / 2)
    }
  })

  it('pretraining: Random gains too, k-center falls behind it, and fine-tuning is behind at 20 labels and level at 200', () => {
    const [scratch, linear, fineTuned] = [1, 2, 3].map(step => stepOf('pretraining', step))
    for (const size of [20, 50, 100]) {
      const lead = (result: Result) =>
        meanAt(result, 'kCenter', size, 200) - meanAt(result, 'random', size, 200)
      expect(lead(linear)).toBeLessThan(-2)
      expect(lead(fineTuned)).toBeGreaterThan(-0.5)
      for (const line of ['random', 'margin', 'entropy'])
        expect(meanAt(fineTuned, line, size, 200) - meanAt(linear, line, size, 200)).toBeGreaterThan(-0.5)
    }
    expect(meanAt(linear, 'random', 20, 20) - meanAt(fineTuned, 'random', 20, 20)).toBeGreaterThan(3)
    for (const size of [20, 50, 100])
      for (const n of [size, 200])
        expect(meanAt(linear, 'random', size, n)).toBeGreaterThan(meanAt(scratch, 'random', size, n))
  })

  it('firstChoice: at 20 labels TypiClust is far ahead of random and k-center behind, at 200 the lead has melted away', () => {
    const result = stepOf('firstChoice', 1)
    const lead = (selector: string, n: number) =>
      meanAt(result, `random+${selector}`, 20, n) - meanAt(result, 'random', 20, n)
    expect(lead('typiClust:encoder', 20)).toBeGreaterThan(15)
    expect(lead('balanced', 20)).toBeGreaterThan(3)
    expect(lead('kCenter:pixels', 20)).toBeLessThan(-3)
    for (const selector of ['typiClust:encoder', 'balanced', 'kCenter:pixels'])
      expect(Math.abs(lead(selector, 200))).toBeLessThan(1.5)
    for (const selector of ['', '+typiClust:encoder', '+balanced', '+kCenter:pixels'])
      expect(meanAt(result, `margin${selector}`, 20, 200)).toBeGreaterThan(
        meanAt(result, 'random+typiClust:encoder', 20, 200)
      )
  })

  it('imbalance: every strategy is far ahead of Random', () => {
    const result = stepOf('imbalance', 1)
    for (const size of [50, 100])
      for (const line of result.experiment.strategies.slice(1))
        expect(meanAt(result, line, size, 300) - meanAt(result, 'random', size, 300)).toBeGreaterThan(15)
  })
})
