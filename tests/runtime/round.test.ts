/**
 * What a round makes of an engine's answers: which test images are right, the losses, the label-free diagnostics, the scores of
 * picks, the seconds. Expected values are computed by hand from probabilities that a script of an engine gives.
 */
import { describe, expect, it } from 'vitest'
import type { Checkpoint, Engine, Replica, Trained } from '../../src/core/engine.ts'
import { giveFeatures } from '../../src/core/features.ts'
import { strategyStream } from '../../src/core/law.ts'
import type { NeedResults } from '../../src/core/needs.ts'
import type { Measurement, Pick as Picked } from '../../src/core/record.ts'
import { strategies } from '../../src/core/strategies/index.ts'
import { margin } from '../../src/core/strategies/margin.ts'
import type { QueryInput, Strategy } from '../../src/core/strategy.ts'
import type { View } from '../../src/core/view.ts'
import type { JobQuery, JobTask } from '../../src/runtime/protocol.ts'
import { runRounds } from '../../src/runtime/round.ts'
import { fakeView } from '../support/fakeEngine.ts'
import { tinyRecipe } from '../support/experiments.ts'

const CLASSES = 3
const task = (change: Partial<JobTask> = {}): JobTask => ({
  id: 't',
  recipe: tinyRecipe,
  seed: 3,
  labelled: Uint32Array.of(1, 4),
  order: Uint32Array.from({ length: 8 }, (_, i) => i),
  queries: [],
  ...change
})

/** Ten test images and a pool of eight, in three classes. */
function viewOf(labels: number[], pool = 8): View {
  const blank = fakeView(pool, labels.length, CLASSES)
  return { ...blank, test: { ...blank.test, labels: Uint16Array.from(labels) } }
}

/** An engine whose every training says what `says` has; what is asked of it is written down. */
class Script {
  readonly log: string[] = []
  trained: Replica[] = []
  /** milliseconds */
  clock = 0
  constructor(
    private readonly says: Partial<Trained> & {
      test?: number[]
      pool?: (row: number) => number[]
      needs?: NeedResults
    } = {}
  ) {}

  readonly engine = {
    train: async (_: unknown, cohort: readonly Replica[], check: Checkpoint) => {
      await check(0, 4 * cohort.length)
      this.clock += 1000 * cohort.length
      await check(3 * cohort.length - 1, 4 * cohort.length)
      this.clock += 500 * cohort.length
      this.trained.push(...cohort)
      return cohort.map(replica => this.of(replica))
    }
  } as unknown as Engine

  private of({ labelled, before }: Replica): Trained {
    const name = labelled.join(' ')
    const { says, log } = this
    const rows = (of: Uint32Array) => {
      this.clock += 10
      return Float32Array.from([...of].flatMap(row => says.pool?.(row) ?? [1, 0, 0]))
    }
    return {
      steps: 7,
      trainLoss: 0.5,
      weights: async () => Float32Array.of(labelled.length, before?.[0] ?? 0),
      startWeights: async () => Float32Array.of(-1),
      testProbabilities: async () => {
        this.clock += 100
        return Float32Array.from(says.test ?? [])
      },
      poolProbabilities: async (of, weights) => {
        log.push(`pool ${of.join(' ')}${weights ? ` by ${weights.join(' ')}` : ''}`)
        return rows(of)
      },
      answer: async (needs, unlabelled, labelledRows) => {
        this.clock += 2000
        log.push(
          `answer ${needs.map(({ kind }) => kind).join(' ')} of ${unlabelled.length} and ${labelledRows.length}`
        )
        return says.needs ?? { probabilities: rows(unlabelled) }
      },
      dispose: () => void log.push(`dispose ${name}`),
      ...says
    } as Trained
  }

  /** Runs tasks, the queries of each as they lie in it; `late` come when the first have been answered. */
  async run(view: View, tasks: JobTask[], late: JobQuery[] = [], check: Checkpoint = () => {}) {
    const measured = new Map<string, Measurement>()
    const picks = new Map<string, Picked>()
    const failed: string[] = []
    const waves = new Map(tasks.map(({ id, queries }) => [id, [queries, late]]))
    await runRounds(this.engine, view, tasks, {
      check,
      now: () => this.clock,
      trained: (id, weights) => void this.log.push(`weights of ${id}: ${weights.join(' ')}`),
      measured: (id, measurement) => {
        measured.set(id, measurement)
        this.log.push(`measured ${id}`)
      },
      picked: (_, key, pick) => void picks.set(key, pick),
      takeQueries: id => waves.get(id)!.shift() ?? [],
      done: id => void this.log.push(`done ${id}`),
      failed: (id, code) => void failed.push(`${id} ${code}`)
    })
    return { measured, picks, failed }
  }
}

const query = (strategy: string, k: number, rest: Partial<JobQuery> = {}): JobQuery => ({
  key: strategy,
  strategy,
  k,
  bases: {},
  ...rest
})

describe('the measurement', () => {
  // ten images, three classes: right, right by a tie to the lowest, wrong by a tie, right, wrong with probability 0, ...
  const test = [
    ...[0.7, 0.2, 0.1],
    ...[0.4, 0.4, 0.2],
    ...[0.25, 0.375, 0.375],
    ...[0.1, 0.2, 0.7],
    ...[0, 1, 0],
    ...[0.2, 0.5, 0.3],
    ...[0.2, 0.3, 0.5],
    ...[0.5, 0.3, 0.2],
    ...[0.1, 0.8, 0.1],
    ...[0.1, 0.1, 0.8]
  ]
  const labels = [0, 0, 2, 2, 0, 1, 0, 1, 1, 2]
  const right = [0, 1, 3, 5, 8, 9]

  it('has a bit for each test image that is right, the guesses by class, and the mean cross-entropy', async () => {
    const { measured } = await new Script({ test }).run(viewOf(labels), [task()])
    const { correct, predicted, testLoss, labelCount, testSize, steps, trainLoss } = measured.get('t')!
    expect([...correct]).toEqual(
      [0, 1].map(byte => right.reduce((b, i) => (i >> 3 === byte ? b | (1 << (i & 7)) : b), 0))
    )
    expect(predicted).toEqual([3, 4, 3])
    const own = labels.map((label, i) => Math.max(Math.fround(test[3 * i + label]), 1e-30))
    expect(testLoss).toBeCloseTo(own.reduce((sum, p) => sum - Math.log(p), 0) / 10, 10)
    expect([labelCount, testSize, steps, trainLoss]).toEqual([2, 10, 7, 0.5])
  })

  it('has diagnostics of the unlabelled images: the prior against the mean prediction, guesses, confidence', async () => {
    const pool = (row: number) => (row < 6 ? [0.5, 0.25, 0.25] : [0.125, 0.75, 0.125])
    const script = new Script({ test, pool })
    const { measured } = await script.run(viewOf(labels), [task()])
    // rows 0 2 3 5 of the first kind, 6 and 7 of the second
    expect(script.log).toContain('pool 0 2 3 5 6 7')
    const mean = [(4 * 0.5 + 2 * 0.125) / 6, (4 * 0.25 + 2 * 0.75) / 6, (4 * 0.25 + 2 * 0.125) / 6]
    const { diagnostics } = measured.get('t')!
    expect(diagnostics.marginalCrossEntropy).toBeCloseTo(-mean.reduce((s, m) => s + Math.log(m), 0) / 3, 10)
    expect(diagnostics.predictedEntropy).toBeCloseTo(
      -(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3),
      10
    )
    expect(diagnostics.predictedClasses).toBe(2)
    expect(diagnostics.meanConfidence).toBeCloseTo((4 * 0.5 + 2 * 0.75) / 6, 10)
  })

  it('looks at a thousand unlabelled images at most, evenly, and at the labelled ones where all are', async () => {
    const asked = async (pool: number, labelled: Uint32Array) => {
      const script = new Script({ test })
      await script.run(viewOf(labels, pool), [task({ labelled })])
      return script.log
        .find(line => line.startsWith('pool'))!
        .split(' ')
        .slice(1)
        .map(Number)
    }
    const rows = await asked(2502, Uint32Array.of(0, 1))
    expect(rows).toEqual(Array.from({ length: 1000 }, (_, i) => 2 + Math.floor(2.5 * i)))
    expect(await asked(1002, Uint32Array.of(0, 1))).toHaveLength(1000)
    expect(await asked(4, Uint32Array.of(0, 1, 2, 3))).toEqual([0, 1, 2, 3])
  })

  it('a class that nobody predicts is far from the prior, by a finite number', async () => {
    const { measured } = await new Script({ test }).run(viewOf(labels), [task()])
    expect(measured.get('t')!.diagnostics.marginalCrossEntropy).toBeCloseTo((2 * Math.log(1e30)) / 3, 8)
    expect(measured.get('t')!.diagnostics.predictedEntropy).toBeCloseTo(0, 12)
  })

  it('is none where training or the pool’s probabilities gave no number; test images do not decide it', async () => {
    const queries = [query('margin', 1)]
    for (const says of [{ trainLoss: NaN }, { trainLoss: Infinity }, { pool: () => [NaN, NaN, NaN] }]) {
      const script = new Script({ test, ...says })
      const { measured, failed, picks } = await script.run(viewOf(labels), [task({ queries })])
      expect([failed, measured.size, picks.size]).toEqual([['t diverged'], 0, 0])
      expect(script.log.filter(line => line.startsWith('dispose') || line.startsWith('done'))).toEqual([
        'dispose 1 4'
      ])
    }
    const odd = new Script({ test: test.map((p, i) => (i < 3 ? NaN : p)) })
    expect((await odd.run(viewOf(labels), [task()])).failed).toEqual([])
  })
})

describe('trainings of a cohort', () => {
  const test = [1, 0, 0]
  const two = [
    task({ id: 'a', keep: true, queries: [query('margin', 1)] }),
    task({ id: 'b', seed: 4, labelled: Uint32Array.of(0, 2) })
  ]

  it('are measured, then asked, each until nobody asks any more, and let go', async () => {
    const script = new Script({ test })
    const { measured, picks } = await script.run(viewOf([0]), two, [query('entropy', 2)])
    expect(script.trained.map(({ seed }) => seed)).toEqual([3, 4])
    expect([...measured.keys()]).toEqual(['a', 'b'])
    expect([...picks.keys()]).toEqual(['margin', 'entropy'])
    const answer = 'answer probabilities of 6 and 2'
    expect(script.log.filter(line => !line.startsWith('pool'))).toEqual([
      ...['weights of a: 2 0', 'measured a', 'measured b'],
      ...[answer, answer, 'done a', 'dispose 1 4'],
      ...['done b', 'dispose 0 2']
    ])
  })

  it('share the time: of training equally, of what is done for one of them to it; suspensions are nobody’s', async () => {
    const script = new Script({ test, pool: () => [0.5, 0.5, 0] })
    const asked: string[] = []
    const { measured, picks } = await script.run(
      viewOf([0]),
      [{ ...two[0], queries: [query('margin', 1), query('entropy', 1)] }, two[1]],
      [],
      (done, total) => {
        asked.push(`${done}/${total}`)
        script.clock += 60_000
      }
    )
    // whole steps of each training, though the engine counts those of both
    expect(asked).toEqual(['0/4', '2/4'])
    for (const id of ['a', 'b']) {
      expect(measured.get(id)!.seconds.train).toBeCloseTo(1.5, 9)
      expect(measured.get(id)!.seconds.test).toBeCloseTo(0.11, 9)
    }
    // what the two queries have in common is halved
    for (const key of ['margin', 'entropy']) expect(picks.get(key)!.seconds).toBeCloseTo(2.01 / 2, 9)
  })

  it('are let go also where one of them throws', async () => {
    const script = new Script({
      test,
      answer: async () => {
        throw new Error('lost')
      }
    })
    await expect(script.run(viewOf([0]), two)).rejects.toThrow('lost')
    expect(script.log.filter(line => line.startsWith('dispose')).sort()).toEqual([
      'dispose 0 2',
      'dispose 1 4'
    ])
  })
})

describe('queries', () => {
  it('are shown what a strategy may know: its own draws by the law, labels of what is labelled, of the rest as an oracle', async () => {
    const seen: QueryInput[] = []
    const spy = (change: Partial<Strategy>): Strategy => ({
      ...margin,
      query: input => {
        seen.push(input)
        return { picks: input.unlabelled.slice(0, input.k) }
      },
      ...change
    })
    const own = { plain: spy({ id: 'plain' }), cheat: spy({ id: 'cheat', oracle: true, staged: true }) }
    Object.assign(strategies, own)
    try {
      const view = viewOf([0])
      const given = { key: 'k', features: { size: 1, values: new Float32Array(8) } }
      giveFeatures(view, given)
      const queries = [
        query('plain', 2),
        query('cheat', 3, { stage: { round: 2, rounds: 5 }, bases: { encoder: 'k' } })
      ]
      await new Script({ test: [1, 0, 0] }).run(view, [task({ queries })])
    } finally {
      for (const id of Object.keys(own)) delete (strategies as Record<string, Strategy>)[id]
    }
    const [plain, cheat] = seen
    const unlabelled = Uint32Array.of(0, 2, 3, 5, 6, 7)
    for (const [input, id] of [
      [plain, 'plain'],
      [cheat, 'cheat']
    ] as const) {
      expect(input).toMatchObject({
        classes: 3,
        unlabelled,
        labelled: Uint32Array.of(1, 4),
        order: task().order
      })
      expect(input.stream.key).toEqual(strategyStream(3, 2, id).key)
      // row i has the label 7 i mod 3
      expect([...(input.labels as Uint32Array)]).toEqual([1, 1])
      expect(input.needs.probabilities).toHaveLength(6 * 3)
    }
    expect([plain.k, plain.oracle, plain.stage, plain.needs.features]).toEqual([2, undefined, undefined, {}])
    expect([cheat.k, [...(cheat.oracle as Uint32Array)], cheat.stage]).toEqual([
      3,
      [0, 2, 0, 2, 0, 1],
      { round: 2, rounds: 5 }
    ])
    expect(cheat.needs.features!.encoder).toEqual({ size: 1, values: new Float32Array(8) })
  })

  it('are given the scores of what they picked, in picking order', async () => {
    // rows 0 2 3 5 6 7: the larger the row, the less sure
    const pool = (row: number) => [0.9 - 0.05 * row, 0.1 + 0.05 * row, 0]
    const script = new Script({ pool, test: [1, 0, 0] })
    const { picks } = await script.run(viewOf([0]), [task({ queries: [query('margin', 3)] })])
    expect([...picks.get('margin')!.picks]).toEqual([7, 6, 5])
    const scores = [7, 6, 5].map(row => Math.fround(0.1 + 0.05 * row) - Math.fround(0.9 - 0.05 * row))
    ;[...picks.get('margin')!.scores!].forEach((score, i) => expect(score).toBeCloseTo(scores[i], 6))
  })

  it('of several strategies are answered together, each by what it needs', async () => {
    const script = new Script({ test: [1, 0, 0] })
    const { picks } = await script.run(viewOf([0]), [
      task({ queries: [query('margin', 1), query('leastConfidence', 6), query('random', 2)] })
    ])
    expect(script.log.filter(line => line.startsWith('answer'))).toEqual(['answer probabilities of 6 and 2'])
    expect([...picks.get('random')!.picks]).toEqual([0, 2])
    expect(picks.get('random')!.scores).toBeUndefined()
    expect([...picks.get('leastConfidence')!.picks]).toEqual([0, 2, 3, 5, 6, 7])
  })

  it('that look back are told what the weights of the round before say, kept or trained again; else those it began with', async () => {
    const asked = async (before?: JobQuery['before']) => {
      const script = new Script({ test: [1, 0, 0] })
      await script.run(viewOf([0]), [task({ queries: [query('tod', 1, before && { before })] })])
      return [script.trained.length, ...script.log.filter(line => / by /.test(line))]
    }
    const rows = 'pool 0 2 3 5 6 7'
    expect(await asked()).toEqual([1, `${rows} by -1`])
    const history = [Uint32Array.of(1)]
    expect(await asked({ history, weights: Float32Array.of(8) })).toEqual([1, `${rows} by 8`])
    expect(await asked({ history })).toEqual([2, `${rows} by 1 0`])
  })

  it('by TOD take the least change beside a network that never learned, else the most', async () => {
    const now = Float32Array.from([0, 2, 3, 5, 6, 7].flatMap(row => [0.1 * row, 1 - 0.1 * row, 0]))
    const ask = async (before?: JobQuery['before']) => {
      const script = new Script({ test: [1, 0, 0], pool: () => [0, 1, 0], needs: { probabilities: now } })
      const { picks } = await script.run(viewOf([0]), [
        task({ queries: [query('tod', 2, before && { before })] })
      ])
      return [...picks.get('tod')!.picks]
    }
    expect(await ask()).toEqual([0, 2])
    expect(await ask({ history: [], weights: Float32Array.of(8) })).toEqual([7, 6])
  })
})

describe('a training that goes on from another one', () => {
  const goesOn = (change: Partial<JobTask>) =>
    task({
      labelled: Uint32Array.of(1, 4, 6, 7),
      recipe: { ...task().recipe, mode: { kind: 'warm' } },
      ...change
    })
  const history = [Uint32Array.of(4), Uint32Array.of(1, 4)]

  it('begins with the weights it is given', async () => {
    const script = new Script({ test: [1, 0, 0] })
    await script.run(viewOf([0]), [goesOn({ history, before: Float32Array.of(9) })])
    expect(script.trained.map(({ before }) => before && [...before])).toEqual([[9]])
  })

  it('or goes the whole way again, each round from the weights of the one before', async () => {
    const script = new Script({ test: [1, 0, 0] })
    await script.run(viewOf([0]), [goesOn({ history })])
    expect(script.trained.map(({ labelled, before }) => [[...labelled], before && [...before]])).toEqual([
      [[4], undefined],
      [
        [1, 4],
        [1, 0]
      ],
      [
        [1, 4, 6, 7],
        [2, 1]
      ]
    ])
    // what is on the way is let go at once
    expect(script.log.filter(line => line.startsWith('dispose'))).toEqual([
      'dispose 4',
      'dispose 1 4',
      'dispose 1 4 6 7'
    ])
  })
})
