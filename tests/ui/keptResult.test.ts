/** What was computed here last is on screen again after a reload, unless a link takes it; so are curves kept for comparison. */
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeLink } from '../../src/core/exchange/link.ts'
import { resultText, specText } from '../../src/core/exchange/schema.ts'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { App } from '../../src/state/app.svelte.ts'
import { coverage } from '../../src/state/coverage.ts'
import { keptDraft } from '../../src/state/keptDraft.ts'
import { keptResult } from '../../src/state/keptResult.ts'
import { english, FakeLaboratory, FakeStorage, noPreferences, resultOf } from './fakes.ts'

const KEY = 'dal-playground.result'
const GHOST = 'dal-playground.ghost'
const sample = { ...startExperiment, network: 'reference' as const, seeds: 10 }
const mine: Experiment = { ...startExperiment, initialSizes: [30], budget: 200, seeds: 2 }

let tab: FakeStorage
let browser: FakeStorage
beforeEach(() => {
  tab = new FakeStorage()
  browser = new FakeStorage()
})

/** The page, loaded again at an address: in the same tab, or in another of the browser. */
async function load(hash = '') {
  const as = (storage: FakeStorage) => () => storage as unknown as Storage
  const app = new App(
    noPreferences(),
    english,
    keptDraft(as(tab), () => `https://x/${hash}`, true),
    keptResult('result', [as(tab), as(browser)]),
    keptResult('ghost', [as(tab)])
  )
  const started = app.start(hash)
  app.exchange.offerSample(resultText(resultOf(sample)))
  await started
  const laboratory = new FakeLaboratory()
  await app.connect(laboratory)
  return { app, laboratory }
}

/** Computes an experiment, all of it or up to a label count, and leaves the work in a phase. */
async function compute(phase: 'running' | 'finished' | 'cancelled', upTo = Infinity, hash = '') {
  const { app, laboratory } = await load(hash)
  app.runExperiment(mine)
  laboratory.phase('running')
  laboratory.say({ type: 'result', result: resultOf(mine, upTo) })
  laboratory.phase(phase)
  return { app, laboratory }
}

/** The first `count` images right. */
const bits = (count: number, of: number) =>
  Uint8Array.from({ length: Math.ceil(of / 8) }, (_, i) => (1 << Math.min(8, Math.max(0, count - 8 * i))) - 1)

const unreadable = [
  '{',
  'null',
  '[]',
  '7',
  '{}',
  specText(mine),
  '{"format":"dal-result","version":1}',
  '{"format":"dal-result","version":99}',
  'x'.repeat(2_000_001)
]

describe('what was computed here', () => {
  it.each(['finished', 'cancelled'] as const)(
    'is on screen again after it was %s, as covered as it is',
    async phase => {
      await compute(phase, 100)
      const { app, laboratory } = await load()
      expect([app.shown.origin, app.edited, app.original]).toEqual(['live', false, undefined])
      expect(app.shown.result).toEqual(resultOf(mine, 100))
      const covered = coverage(app.draft.experiment, app.shown.result).get(30)!
      expect(covered).toBeGreaterThan(0)
      expect(covered).toBeLessThan(1)
      expect(app.shown.available).toEqual(['live', 'sample'])
      expect(laboratory.runs).toEqual([])
    }
  )

  it('is kept in the middle of it when the page goes, and not before it has a point', async () => {
    const { app } = await compute('running', 100)
    expect(tab.kept.has(KEY)).toBe(false)
    app.keepResults()
    expect((await load()).app.shown.result).toEqual(resultOf(mine, 100))
    const { app: again } = await compute('running', 0)
    again.keepResults()
    expect((await load()).app.shown.result).toEqual(resultOf(mine, 100))
  })

  it('is there in a tab that is opened later; a tab shows its own', async () => {
    await compute('finished')
    const first = tab
    tab = new FakeStorage()
    const { app, laboratory } = await load()
    expect(app.shown.result).toEqual(resultOf(mine))
    app.runExperiment(sample)
    laboratory.say({ type: 'result', result: resultOf(sample, 50) })
    laboratory.phase('finished')
    expect((await load()).app.shown.result).toEqual(resultOf(sample, 50))
    tab = first
    expect((await load()).app.shown.result).toEqual(resultOf(mine))
  })

  it('comes with the edits that were made to it since', async () => {
    const { app } = await compute('cancelled')
    app.edit({ seeds: 5 })
    const { app: again } = await load()
    expect([again.shown.origin, again.draft.experiment.seeds, again.original]).toEqual(['live', 5, 'live'])
    again.startAgain()
    expect([again.draft.experiment, again.edited]).toEqual([mine, false])
  })

  it('waits behind a result that a link brings', async () => {
    await compute('finished')
    const { app } = await load(await encodeLink({ result: resultOf(sample) }))
    expect([app.shown.origin, app.draft.experiment]).toEqual(['link', sample])
    app.choose('live')
    expect([app.shown.result, app.draft.experiment]).toEqual([resultOf(mine), mine])
  })

  it('waits behind a proposal, unless it is what was computed of it, with or without edits', async () => {
    const other = await encodeLink({ experiment: { ...mine, seeds: 3 } })
    await compute('finished')
    const { app } = await load(other)
    expect([app.shown.origin, app.proposed]).toEqual(['sample', 'link'])
    app.edit({ seeds: 2 })
    for (let i = 0; i < 2; i++) {
      const { app: again } = await load(other)
      expect([again.shown.origin, again.proposed, again.draft.experiment]).toEqual(['live', undefined, mine])
    }
    const link = await encodeLink({ experiment: mine })
    const { app: own } = await load(link)
    expect([own.shown.origin, own.proposed]).toEqual(['live', undefined])
    // edits since do not take it away
    own.edit({ seeds: 7 })
    const { app: edited } = await load(link)
    expect([edited.shown.origin, edited.draft.experiment]).toEqual(['live', { ...mine, seeds: 7 }])
  })

  it('is all of an experiment where every point and the ceiling are there, whatever brings the experiment', async () => {
    const ceiling = [{ seed: 0, numericsId: resultOf(mine).numerics[0].id, correct: 900, labelCount: 2000 }]
    const links = [
      '',
      await encodeLink({ experiment: mine }),
      await encodeLink({ result: { ...resultOf(mine), ceiling } })
    ]
    const completeAfter = async (upTo: number, withCeiling: boolean) => {
      const { app, laboratory } = await compute('cancelled', upTo)
      if (withCeiling) laboratory.say({ type: 'result', result: { ...resultOf(mine, upTo), ceiling } })
      app.keepResults()
      const opened = await Promise.all(links.map(async hash => (await load(hash)).app))
      return opened.map(app => app.complete !== undefined)
    }
    expect(await completeAfter(Infinity, true)).toEqual([true, true, true])
    expect(await completeAfter(Infinity, false)).toEqual([false, false, false])
    expect(await completeAfter(100, true)).toEqual([false, false, false])
    await completeAfter(Infinity, true)
    const { app } = await load()
    app.edit({ seeds: 3 })
    expect(app.complete).toBeUndefined()
  })

  it('takes the screen where it is what a link with results was edited into', async () => {
    const hash = await encodeLink({ result: resultOf(sample) })
    const { app, laboratory } = await load(hash)
    app.edit(mine)
    app.runExperiment(mine)
    laboratory.phase('running')
    laboratory.say({ type: 'result', result: resultOf(mine) })
    laboratory.phase('finished')
    const { app: again } = await load(hash)
    expect([again.shown.origin, again.edited]).toEqual(['live', false])
  })

  it('takes the place of what a link had brought after a step back, as after a reload', async () => {
    await compute('finished')
    const { app } = await load(await encodeLink({ result: resultOf(sample) }))
    await app.exchange.openHash('')
    expect([app.shown.origin, app.draft.experiment]).toEqual(['live', mine])
  })

  it('is not taken for the experiment that is computed now', async () => {
    await compute('finished')
    const { app, laboratory } = await load()
    const next = { ...mine, seeds: 3, mode: 'warm' as const }
    app.runExperiment(next)
    laboratory.phase('running')
    expect([app.shown.origin, app.stale]).toEqual(['live', true])
    app.choose('sample')
    app.follow()
    expect([app.draft.experiment, app.stale]).toEqual([next, true])
    laboratory.say({ type: 'result', result: resultOf(next, 30) })
    expect([app.shown.result?.experiment, app.stale]).toEqual([next, false])
  })

  it('takes the screen where the link cannot be read', async () => {
    await compute('finished')
    const { app } = await load('#r1.broken')
    expect([app.shown.origin, app.draft.experiment]).toEqual(['live', mine])
    expect(app.notices.list).toHaveLength(1)
  })

  it('is nothing for whoever comes for the first time', async () => {
    expect((await load()).app.shown.origin).toBe('sample')
  })

  it.each(unreadable)('that cannot be read is ignored and forgotten (%#)', async text => {
    tab.setItem(KEY, text)
    browser.setItem(KEY, text)
    const { app } = await load()
    expect([app.shown.origin, app.notices.list, tab.kept.has(KEY), browser.kept.has(KEY)]).toEqual([
      'sample',
      [],
      false,
      false
    ])
  })

  it('keeps its curves where its records take too much room', () => {
    const { read, write } = keptResult('result', [() => tab as unknown as Storage])
    const large = resultOf({ ...mine, initialSizes: [20, 30, 40], querySize: 10, seeds: 100 })
    for (const run of large.runs)
      for (const [i, point] of run.points.entries())
        point.record = {
          labelCount: point.labelCount,
          trainingKey: (run.seed * 1000 + point.labelCount).toString(16).padStart(64, `${i}`),
          classCounts: [point.labelCount, 0],
          added: Uint32Array.from(
            { length: point.labelCount - (run.points[i - 1]?.labelCount ?? 0) },
            (_, row) => point.labelCount - 1 - row
          ),
          measurement: {
            labelCount: point.labelCount,
            correct: bits(point.correct, large.dataset.testSize),
            testSize: large.dataset.testSize,
            predicted: [large.dataset.testSize, 0],
            steps: 200,
            trainLoss: 0,
            testLoss: 0,
            diagnostics: {
              marginalCrossEntropy: 0,
              predictedEntropy: 0,
              predictedClasses: 1,
              meanConfidence: 1
            },
            seconds: { train: 1, test: 1 }
          }
        }
    write(large)
    expect(tab.kept.get(KEY)!.length).toBeLessThan(2_000_000)
    expect(read()!.runs.some(r => r.points.some(p => p.record))).toBe(false)
    expect(read()!.runs.map(r => r.points.map(p => p.correct))).toEqual(
      large.runs.map(r => r.points.map(p => p.correct))
    )
    expect(read()!.dataset).toEqual(large.dataset)
  })

  it('lasts as long as the page where the browser keeps nothing, or has no room', async () => {
    tab.setItem = browser.setItem = () => {
      throw new Error('full')
    }
    await compute('finished')
    expect((await load()).app.shown.origin).toBe('sample')
  })
})

describe('curves kept for comparison', () => {
  const warm = { ...mine, mode: 'warm' as const }

  it('are there again, and gone once they are let go of', async () => {
    const { app } = await compute('finished')
    app.ghost.keep()
    app.edit(warm)
    const { app: again, laboratory } = await load()
    expect([again.ghost.result, again.ghost.relation]).toEqual([resultOf(mine), 'same'])
    again.run()
    laboratory.say({ type: 'result', result: resultOf(warm) })
    laboratory.phase('finished')
    const { app: compared } = await load()
    expect([compared.ghost.result, compared.ghost.relation]).toEqual([resultOf(mine), 'common'])
    compared.ghost.letGo()
    expect([tab.kept.has(GHOST), (await load()).app.ghost.result]).toEqual([false, undefined])
  })

  it('are those of a link or of the sample as well, with the verdicts they came with', async () => {
    const { app } = await load(await encodeLink({ result: resultOf(mine) }))
    app.ghost.keep()
    expect((await load()).app.ghost.result).toEqual(app.ghost.result)
    app.choose('sample')
    app.ghost.keep()
    expect((await load()).app.ghost.result).toEqual(resultOf(sample))
  })

  it('are of this tab alone: what another opens is not drawn over', async () => {
    const { app } = await compute('finished')
    app.ghost.keep()
    tab = new FakeStorage()
    expect((await load()).app.ghost.result).toBeUndefined()
  })

  it('are kept whole where they were kept in mid-run, also over a reload in the middle', async () => {
    const { app, laboratory } = await compute('running', 50)
    app.ghost.keep()
    laboratory.say({ type: 'result', result: resultOf(mine, 100) })
    app.keepResults()
    const { app: again, laboratory: second } = await load()
    expect(again.ghost.result).toEqual(resultOf(mine, 100))
    again.runExperiment(mine)
    second.say({ type: 'result', result: resultOf(mine) })
    second.phase('finished')
    // what is run next is another's
    again.edit({ mode: 'warm' })
    second.say({ type: 'result', result: resultOf(warm) })
    second.say({ type: 'result', result: resultOf(mine, 30) })
    second.phase('finished')
    expect([again.ghost.result, (await load()).app.ghost.result]).toEqual([resultOf(mine), resultOf(mine)])
  })

  it('do not grow where they are not what was computed here', async () => {
    await compute('finished', 50)
    const { app } = await load(await encodeLink({ result: resultOf(mine, 100) }))
    app.ghost.keep()
    const { app: again, laboratory } = await load()
    again.runExperiment(mine)
    laboratory.say({ type: 'result', result: resultOf(mine) })
    expect(again.ghost.result).toEqual(app.ghost.result)
  })

  it.each(unreadable)('that cannot be read are ignored and forgotten (%#)', async text => {
    tab.setItem(GHOST, text)
    const { app } = await load()
    expect([app.ghost.result, app.notices.list, tab.kept.has(GHOST)]).toEqual([undefined, [], false])
  })

  it('last as long as the page where there is no room for them', async () => {
    const { app } = await compute('finished')
    tab.setItem = () => {
      throw new Error('full')
    }
    app.ghost.keep()
    expect(app.ghost.result).toEqual(resultOf(mine))
    expect((await load()).app.ghost.result).toBeUndefined()
  })
})
