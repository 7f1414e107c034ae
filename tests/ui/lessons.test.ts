/** Opening and leaving lessons: what is on screen, what is drawn behind it, what of the user's own stays. */
import { describe, expect, it } from 'vitest'
import { resultText } from '../../src/core/exchange/schema.ts'
import type { Result } from '../../src/core/result.ts'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { App } from '../../src/state/app.svelte.ts'
import type { KeptDraft } from '../../src/state/keptDraft.ts'
import type { KeptResult } from '../../src/state/keptResult.ts'
import { placeFragment, readPlace, type Place } from '../../src/state/lessonAddress.ts'
import type { Shelf } from '../../src/state/lessons.svelte.ts'
import { english, FakeLaboratory, noPreferences, resultOf } from './fakes.ts'

const sample: Experiment = { ...startExperiment, network: 'reference', initialSizes: [20, 50], seeds: 2 }
const first: Experiment = { ...startExperiment, initialSizes: [50], seeds: 4 }
const second: Experiment = { ...first, mode: 'warm' }
const own: Experiment = { ...first, budget: 200 }
const shelf: Shelf = {
  one: {
    steps: [
      { result: 'a', look: { seeds: true } },
      { result: 'b', beside: 'a', look: { labelCount: 250 } }
    ]
  },
  two: { steps: [{ result: 'a', seeds: [2, 1], look: { facet: 'strategy' } }] },
  lost: { steps: [{ result: 'nowhere' }] },
  mislaid: { steps: [{ result: 'elsewhere' }] }
}

async function open({
  kept,
  result,
  connected = true
}: { kept?: KeptDraft; result?: KeptResult; connected?: boolean } = {}) {
  const files: Record<string, string> = { a: resultText(resultOf(first)), b: resultText(resultOf(second)) }
  const loaded: string[] = []
  const left: (Place | undefined)[] = []
  const addressed: Place[] = []
  const waiting = new Map<string, () => void>()
  let hold = false
  const app = new App(noPreferences(), english, kept, result, undefined, {
    shelf,
    load: async file => {
      loaded.push(file)
      if (hold) await new Promise<void>(resolve => waiting.set(file, resolve))
      if (!files[file]) throw new TypeError('Failed to fetch')
      return files[file]
    },
    reopened: place => void addressed.push(place),
    left: open => void left.push(open)
  })
  const laboratory = new FakeLaboratory()
  if (connected) {
    await app.connect(laboratory)
    app.exchange.offerSample(resultText(resultOf(sample)))
  }
  return { app, laboratory, files, loaded, left, addressed, holdBack: () => (hold = true), waiting }
}
const codes = (app: App) => app.notices.list.map(n => n.code)

const keeping = (result: Result): KeptResult => ({ read: () => result, write: () => {}, forget: () => {} })

describe('an address', () => {
  it('names a lesson and its step', () => {
    expect(readPlace('#lesson=cycles')).toEqual({ lesson: 'cycles', step: 0 })
    expect(readPlace('#lesson=cycles.3')).toEqual({ lesson: 'cycles', step: 2 })
    for (const place of [
      { lesson: 'firstChoice', step: 0 },
      { lesson: 'seeds', step: 11 }
    ])
      expect(readPlace(placeFragment(place))).toEqual(place)
  })
  it('names it also with what follows in a text', () => {
    for (const end of ['.', ',', ').', '”']) {
      const place = readPlace(`#lesson=cycles${end}`)
      expect([end, place]).toEqual([end, { lesson: 'cycles', step: 0 }])
    }
    expect(readPlace('#lesson=cycles.2.')).toEqual({ lesson: 'cycles', step: 1 })
  })
  it('that says something else names none', () => {
    for (const text of [
      '',
      '#',
      '#r1.abc~def',
      '#lesson=',
      '#lesson=a.0',
      '#lesson=a.100',
      '#lesson=a/b',
      '#lesson=a.1.2'
    ])
      expect(readPlace(text)).toBeUndefined()
  })
})

describe('a lesson', () => {
  it('puts its result on screen, looked at as it says, and its experiment into the settings', async () => {
    const { app } = await open()
    await app.openAddress('#lesson=one')
    expect([app.shown.origin, app.lessons.at]).toEqual(['lesson', { lesson: 'one', step: 0 }])
    expect(app.draft.experiment).toEqual(first)
    expect([app.view.seeds, app.view.facet, app.view.labelCount]).toEqual([true, 'initial', undefined])
    await app.openAddress('#lesson=two')
    expect(app.draft.experiment).toEqual({ ...first, firstSeed: 2, seeds: 1 })
    expect(app.shown.result!.runs.map(r => r.seed)).toEqual(first.strategies.map(() => 2))
    expect([app.view.seeds, app.view.facet]).toEqual([false, 'strategy'])
  })

  it('draws another step behind, in the place of what the user keeps for comparison, which comes back', async () => {
    const { app } = await open()
    app.open('file', resultOf(own))
    app.ghost.keep()
    await app.openAddress('#lesson=one.2')
    expect([app.ghost.result!.experiment, app.ghost.relation]).toEqual([first, 'common'])
    expect(app.view.labelCount).toBe(250)
    await app.openAddress('#lesson=one')
    expect(app.ghost.result!.experiment).toEqual(own)
    await app.openAddress('#lesson=one.2')
    // who lets go wants nothing behind that step
    app.ghost.letGo()
    expect([app.ghost.result, app.ghost.relation]).toEqual([undefined, undefined])
    await app.openAddress('#lesson=one.2')
    expect(app.ghost.result!.experiment).toEqual(first)
    app.ghost.letGo()
    await app.openAddress('')
    expect(app.ghost.result!.experiment).toEqual(own)
    // what is kept in a lesson is one's own from there on
    await app.openAddress('#lesson=one.2')
    app.ghost.letGo()
    app.ghost.keep()
    expect(app.ghost.result).toBe(app.shown.result)
  })

  it('keeps its comparison while its experiment is changed and run', async () => {
    const { app, laboratory } = await open()
    await app.openAddress('#lesson=one.2')
    app.edit({ seeds: 3 })
    app.run()
    laboratory.say({ type: 'result', result: resultOf({ ...second, seeds: 3 }) })
    expect([app.shown.origin, app.lessons.at?.step, app.ghost.relation]).toEqual(['live', 1, 'common'])
  })

  it('leaves a way back to edits whose place it takes', async () => {
    const { app } = await open()
    app.edit({ seeds: 7 })
    const edits = app.draft.experiment
    await app.openAddress('#lesson=one')
    expect(app.aside).toBe(true)
    app.bringBack()
    expect(app.draft.experiment).toEqual(edits)
  })

  it('loads each of its files once, also those of the steps to come', async () => {
    const { app, loaded } = await open()
    await app.openAddress('#lesson=one')
    expect(loaded).toEqual(['a', 'b'])
    for (const place of ['one.2', 'two', 'one']) await app.openAddress(`#lesson=${place}`)
    expect(loaded).toEqual(['a', 'b'])
  })

  it('asks again for a file that did not come, or that was something else', async () => {
    const { app, loaded, files } = await open()
    for (const place of ['lost', 'lost']) await app.openAddress(`#lesson=${place}`)
    files.nowhere = '<!doctype html>'
    await app.openAddress('#lesson=lost')
    expect([loaded, codes(app)]).toEqual([['nowhere', 'nowhere', 'nowhere'], ['lessonMissing']])
    files.nowhere = files.a
    await app.openAddress('#lesson=lost')
    expect([app.shown.origin, codes(app)]).toEqual(['lesson', []])
  })

  it('that is closed gives the screen back to the sample, or to what was computed here', async () => {
    const { app, laboratory } = await open()
    await app.openAddress('#lesson=one')
    await app.openAddress('')
    expect([app.shown.origin, app.lessons.at, app.draft.experiment]).toEqual(['sample', undefined, sample])
    app.runExperiment(own)
    laboratory.say({ type: 'result', result: resultOf(own) })
    await app.openAddress('#lesson=one')
    await app.openAddress('')
    expect([app.shown.origin, app.draft.experiment]).toEqual(['live', own])
  })

  it('is left for a file, a spec, the sample, or another experiment, and the address is told', async () => {
    const ways: ((app: App) => void)[] = [
      app => app.exchange.openTexts([{ name: 'x.json', text: resultText(resultOf(own)) }]),
      app => app.propose(own, 'file'),
      app => app.choose('sample'),
      app => app.runExperiment(own)
    ]
    for (const way of ways) {
      const { app, left } = await open()
      await app.openAddress('#lesson=one.2')
      way(app)
      expect([app.lessons.at, left.length, app.ghost.result]).toEqual([undefined, 1, undefined])
    }
  })

  it('stays when its own experiment is run, and can be chosen again after it was left: the address is told', async () => {
    const { app, addressed } = await open()
    await app.openAddress('#lesson=one.2')
    app.runExperiment(second)
    expect(app.lessons.at).toEqual({ lesson: 'one', step: 1 })
    app.choose('sample')
    app.choose('lesson')
    await expect.poll(() => app.shown.origin).toBe('lesson')
    expect([app.lessons.at, app.ghost.relation]).toEqual([{ lesson: 'one', step: 1 }, 'common'])
    expect(addressed).toEqual([{ lesson: 'one', step: 1 }])
  })

  it('that cannot be had is said, and what was there stays', async () => {
    const { app, left } = await open()
    await app.openAddress('#lesson=lost')
    expect([codes(app), app.shown.origin, app.lessons.at, left.length]).toEqual([
      ['lessonMissing'],
      'sample',
      undefined,
      1
    ])
    expect(app.draft.experiment).toEqual(sample)
    await app.openAddress('#lesson=one')
    expect(codes(app)).toEqual([])
    await app.openAddress('#lesson=lost')
    expect([app.shown.origin, app.lessons.at, app.lessons.loading]).toEqual([
      'lesson',
      { lesson: 'one', step: 0 },
      false
    ])
  })

  it('that this version does not have is said', async () => {
    for (const name of ['three', 'one.3', 'toString']) {
      const { app } = await open()
      await app.openAddress(`#lesson=${name}`)
      expect([codes(app), app.shown.origin, app.lessons.at]).toEqual([['lessonUnknown'], 'sample', undefined])
    }
  })

  it('that comes late does not take the place of what was opened since', async () => {
    const { app, holdBack, waiting } = await open()
    holdBack()
    const late = app.openAddress('#lesson=one.2')
    app.open('file', resultOf(own))
    for (const go of waiting.values()) go()
    await late
    expect([app.shown.origin, app.lessons.at, app.lessons.loading, app.ghost.result]).toEqual([
      'file',
      undefined,
      false,
      undefined
    ])
  })

  it('keeps the sample from taking the screen while it is on its way', async () => {
    const { app, holdBack, waiting } = await open()
    holdBack()
    const coming = app.openAddress('#lesson=two')
    app.exchange.offerSample(resultText(resultOf(sample)))
    for (const go of waiting.values()) go()
    await coming
    expect([app.shown.origin, app.lessons.loading]).toEqual(['lesson', false])
  })

  it('that is closed while it is on its way leaves the sample at hand, whenever that arrives, or what was computed here', async () => {
    const arrivals = { before: ['sample', 'close'], after: ['close', 'sample'] }
    for (const [when, order] of Object.entries(arrivals)) {
      const { app, holdBack } = await open({ connected: false })
      holdBack()
      void app.openAddress('#lesson=one')
      for (const what of order)
        if (what === 'sample') app.exchange.offerSample(resultText(resultOf(sample)))
        else await app.openAddress('')
      expect([when, app.shown.origin, app.draft.experiment, app.edited]).toEqual([
        when,
        'sample',
        sample,
        false
      ])
    }
    const { app, holdBack } = await open({ result: keeping(resultOf(own)), connected: false })
    holdBack()
    void app.start('#lesson=one')
    await app.openAddress('')
    expect([app.shown.origin, app.draft.experiment]).toEqual(['live', own])
  })

  it('of two that cannot be had in quick succession, the one on screen stays, and the address is told', async () => {
    const { app, left } = await open()
    await app.openAddress('#lesson=one')
    await Promise.all(['lost', 'mislaid'].map(place => app.openAddress(`#lesson=${place}`)))
    expect([app.shown.origin, app.lessons.at, app.lessons.loading]).toEqual([
      'lesson',
      { lesson: 'one', step: 0 },
      false
    ])
    expect(left.at(-1)).toEqual({ lesson: 'one', step: 0 })
  })

  it('that was run after an edit is there after a reload, with what was computed', async () => {
    const changed = { ...first, seeds: 3 }
    const { app } = await open({
      kept: { read: () => ({ experiment: changed, waiting: {} }), write: () => {}, forget: () => {} },
      result: keeping(resultOf(changed)),
      connected: false
    })
    await app.start('#lesson=one.2')
    expect([app.lessons.at, app.shown.origin, app.draft.experiment]).toEqual([
      { lesson: 'one', step: 1 },
      'live',
      changed
    ])
  })

  it('that is loaded again does not bring its edits into what was opened since', async () => {
    const { app, holdBack, waiting } = await open({
      kept: {
        read: () => ({ experiment: { ...first, seeds: 3 }, waiting: {} }),
        write: () => {},
        forget: () => {}
      },
      connected: false
    })
    holdBack()
    const started = app.start('#lesson=one')
    app.exchange.openTexts([{ name: 'x.json', text: resultText(resultOf(own)) }])
    for (const go of waiting.values()) go()
    await started
    expect([app.shown.origin, app.draft.experiment]).toEqual(['file', own])
  })

  it('whose name is garbled is said, and that is no longer said once another is open', async () => {
    for (const address of ['#lesson=one.0', '#lesson=one/2', '#lesson=', '#lesson=%6Fne']) {
      const { app, left } = await open()
      await app.openAddress(address)
      expect([address, codes(app), left.length]).toEqual([address, ['lessonUnknown'], 1])
      await app.openAddress('#lesson=one')
      expect(codes(app)).toEqual([])
    }
  })

  it('says no longer what was wrong with a link before it, nor does a file what was wrong with a lesson', async () => {
    const { app } = await open()
    await app.openAddress('#r1.damaged')
    expect(codes(app)).toHaveLength(1)
    await app.openAddress('#lesson=lost')
    expect(codes(app)).toEqual(['lessonMissing'])
    app.exchange.openTexts([{ name: 'x.json', text: resultText(resultOf(own)) }])
    expect(codes(app)).toEqual([])
  })

  it('that comes after the sample offers a way back to edits only if there were any', async () => {
    for (const edits of [undefined, { seeds: 7 }]) {
      const { app, holdBack, waiting } = await open({ connected: false })
      holdBack()
      const coming = app.openAddress('#lesson=two')
      app.exchange.offerSample(resultText(resultOf(sample)))
      if (edits) app.edit(edits)
      expect(app.original).toBe(edits && 'sample')
      for (const go of waiting.values()) go()
      await coming
      expect([app.shown.origin, app.aside]).toEqual(['lesson', !!edits])
    }
  })

  it('makes room for what was computed before it, and stays with what was computed in it', async () => {
    const { app, laboratory } = await open()
    app.runExperiment(own)
    laboratory.say({ type: 'result', result: resultOf(own) })
    laboratory.phase('running')
    for (const back of [() => app.choose('live'), () => app.follow()]) {
      await app.openAddress('#lesson=one.2')
      back()
      expect([app.shown.origin, app.draft.experiment, app.lessons.at, app.ghost.result]).toEqual([
        'live',
        own,
        undefined,
        undefined
      ])
    }
    await app.openAddress('#lesson=one')
    app.edit({ seeds: 3 })
    app.run()
    laboratory.say({ type: 'result', result: resultOf({ ...first, seeds: 3 }) })
    await app.openAddress('#lesson=one.2')
    app.choose('live')
    expect([app.shown.origin, app.lessons.at]).toEqual(['live', { lesson: 'one', step: 1 }])
  })

  it('stays with the same experiment, computed before it', async () => {
    const { app } = await open({ result: keeping(resultOf(second)), connected: false })
    await app.start('#lesson=one.2')
    app.choose('live')
    expect([app.shown.origin, app.lessons.at]).toEqual(['live', { lesson: 'one', step: 1 }])
  })

  it('that this version does not have leaves what was computed here on screen, or the sample that comes after it', async () => {
    const { app } = await open({ result: keeping(resultOf(own)), connected: false })
    await app.start('#lesson=three')
    expect([codes(app), app.shown.origin, app.draft.experiment]).toEqual([['lessonUnknown'], 'live', own])
    const { app: fresh } = await open({ connected: false })
    await fresh.start('#lesson=three')
    fresh.exchange.offerSample(resultText(resultOf(sample)))
    expect([codes(fresh), fresh.shown.origin, fresh.draft.experiment]).toEqual([
      ['lessonUnknown'],
      'sample',
      sample
    ])
  })
})
