import { describe, expect, it } from 'vitest'
import { resultText, specText } from '../../src/core/exchange/schema.ts'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { App } from '../../src/state/app.svelte.ts'
import { choices, english, FakeLaboratory, found, noPreferences, openApp, plan, resultOf } from './fakes.ts'

const sample = { ...startExperiment, network: 'reference' as const, initialSizes: [20, 50], seeds: 2 }
const named = (text: string, name = 'one.json') => ({ name, text })
const other = { ...startExperiment, initialSizes: [30], budget: 200, seeds: 1 }

describe('what is on screen', () => {
  it('is the sample at first, and its experiment is the one being edited', async () => {
    const { app } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect(app.shown.origin).toBe('sample')
    expect(app.draft.experiment).toEqual(sample)
  })

  it('stays when the sample comes later than a file, which can be left for the sample', async () => {
    const { app } = await openApp()
    app.exchange.openTexts([named(resultText(resultOf(other)))])
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect(app.shown.origin).toBe('file')
    expect(app.draft.experiment).toEqual(other)
    app.choose('sample')
    expect(app.draft.experiment).toEqual(sample)
  })

  it('becomes what is computed here with the first point, not before', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    app.runExperiment(other)
    expect(laboratory.runs).toEqual([other])
    laboratory.say({ type: 'result', result: resultOf(other, 0) })
    expect([app.shown.origin, app.shown.waiting]).toEqual(['sample', true])
    laboratory.say({ type: 'result', result: resultOf(other, 30) })
    expect([app.shown.origin, app.shown.waiting]).toEqual(['live', false])
    expect(app.shown.available).toEqual(['live', 'sample'])
  })

  it('is not said to be of another experiment while the very same is run again', async () => {
    const { app, laboratory } = await openApp()
    app.open('link', resultOf(sample))
    app.runExperiment(sample)
    laboratory.phase('running')
    expect([app.shown.waiting, app.stale]).toEqual([true, false])
    app.edit({ seeds: 3 })
    expect(app.stale).toBe(true)
  })

  it('leaves a way back to edits whose place it takes, and so does the demo', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    app.open('link', resultOf(other))
    expect(app.aside).toBe(false)
    app.edit({ seeds: 4, budget: 250 })
    const edits = app.draft.experiment
    app.choose('sample')
    app.choose('sample')
    expect([app.draft.experiment, app.aside]).toEqual([sample, true])
    app.choose('link')
    app.bringBack()
    expect([app.draft.experiment, app.aside, app.original]).toEqual([edits, false, 'link'])
    // the demo: it goes on while the edits are looked at again
    app.runExperiment(sample)
    laboratory.phase('running')
    expect([app.draft.experiment, app.aside]).toEqual([sample, true])
    app.bringBack()
    expect([app.draft.experiment, app.elsewhere, laboratory.runs]).toEqual([edits, true, [sample]])
    // undone, they can be brought back once more; run, they are what is computed, and no longer aside
    app.startAgain()
    expect(app.aside).toBe(true)
    app.bringBack()
    app.run()
    expect([laboratory.runs.at(-1), app.aside]).toEqual([edits, false])
    app.edit({ seeds: 5 })
    expect(app.aside).toBe(false)
  })

  it('is not taken away by a computation that goes on behind it', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    app.runExperiment(other)
    laboratory.say({ type: 'result', result: resultOf(other, 30) })
    app.choose('sample')
    laboratory.say({ type: 'result', result: resultOf(other) })
    expect(app.shown.origin).toBe('sample')
  })
})

describe('editing', () => {
  it('computes only what is computed here already', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect(app.edited).toBe(false)
    app.edit({ initialSizes: [20, 30, 50] })
    expect(laboratory.runs).toEqual([])
    expect(app.edited).toBe(true)
    app.run()
    laboratory.phase('running')
    app.edit({ initialSizes: [20, 50] })
    expect(laboratory.runs.map(e => e.initialSizes)).toEqual([
      [20, 30, 50],
      [20, 50]
    ])
  })

  it('computes nothing while a value is wrong, and the whole once it is mended', async () => {
    const { app, laboratory } = await openApp()
    app.runExperiment(other)
    laboratory.phase('running')
    app.edit({ initialSizes: [30, 500] })
    expect(laboratory.runs).toHaveLength(1)
    app.edit({ budget: 500 })
    expect(laboratory.runs[1]).toMatchObject({ initialSizes: [30, 500], budget: 500 })
  })

  it('of what is computed is no change to go back from after a cancel', async () => {
    const { app, laboratory } = await openApp()
    app.run()
    laboratory.phase('running')
    app.edit({ initialSizes: [30, 50] })
    laboratory.phase('cancelled')
    expect(app.original).toBeUndefined()
    app.edit({ seeds: 4 })
    expect(app.original).toBe('live')
    app.startAgain()
    expect(app.draft.experiment).toMatchObject({ initialSizes: [30, 50], seeds: 3 })
  })

  it('that cannot be computed leaves what was computed before as that, and can be run', async () => {
    const { app, laboratory } = await openApp()
    app.run()
    const before = app.draft.experiment
    laboratory.phase('finished')
    laboratory.say({ type: 'result', result: resultOf(before) })
    app.edit({ mode: 'linear' })
    expect(app.following).toBe(true)
    // its pretraining was called off
    laboratory.say({ type: 'refused', stands: before })
    expect([app.following, app.edited, app.original]).toEqual([false, true, 'live'])
    app.startAgain()
    expect([app.draft.experiment, app.following]).toEqual([before, true])
    // while something else is computed, what is edited is not taken for it
    app.run()
    laboratory.phase('running')
    app.edit({ mode: 'linear' })
    laboratory.say({ type: 'refused', stands: before })
    expect(app.elsewhere).toBe(true)
    app.follow()
    expect([app.draft.experiment, app.elsewhere]).toEqual([before, false])
  })

  it('of what was called off leaves that behind, until it is undone', async () => {
    const { app, laboratory } = await openApp()
    expect(app.another).toBe(false)
    app.run()
    laboratory.phase('cancelled')
    expect(app.another).toBe(false)
    app.edit({ seeds: 4 })
    expect(app.another).toBe(true)
    app.startAgain()
    expect(app.another).toBe(false)
  })

  it('leaves a pause alone; to run something ends it', async () => {
    const { app, laboratory } = await openApp()
    app.run()
    laboratory.phase('paused')
    laboratory.goesOn.length = laboratory.asked.length = 0
    app.edit({ seeds: 4 })
    app.runExperiment({ ...app.draft.experiment, seeds: 5 })
    // what is paused does not go on in its place
    expect([laboratory.goesOn, laboratory.asked]).toEqual([[false, true], []])
  })

  it('computes nothing after a cancel, or while another result is looked at', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    app.runExperiment(other)
    laboratory.say({ type: 'result', result: resultOf(other) })
    laboratory.phase('finished')
    app.choose('sample')
    app.edit({ seeds: 5 })
    expect(laboratory.runs).toHaveLength(1)
    app.choose('live')
    laboratory.phase('cancelled')
    app.edit({ seeds: 5 })
    expect(laboratory.runs).toHaveLength(1)
  })
})

describe('the laboratory', () => {
  it('is given what was asked for before it stood', async () => {
    const app = new App(noPreferences(), english)
    app.runExperiment(other)
    expect(app.laboratory.phase).toBe('preparing')
    const laboratory = new FakeLaboratory()
    await app.connect(laboratory)
    expect(laboratory.runs).toEqual([other])
  })

  it('that finds no backend says so, and the page goes on', async () => {
    const laboratory = new FakeLaboratory()
    laboratory.opening = Promise.reject(Object.assign(new Error('none'), { code: 'noBackend' }))
    const { app } = await openApp(laboratory)
    expect(app.notices.list).toMatchObject([{ code: 'noBackend', level: 'error' }])
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect(app.shown.origin).toBe('sample')
  })

  it('that found no backend is asked again, and the other backends can be chosen', async () => {
    const laboratory = new FakeLaboratory()
    laboratory.opening = Promise.reject(Object.assign(new Error('none'), { code: 'noBackend' }))
    const { app } = await openApp(laboratory)
    expect(app.laboratory.choices).toEqual(['wasm', 'cpu'])
    app.runExperiment(other)
    expect([laboratory.runs, app.laboratory.phase]).toEqual([[other], 'preparing'])
    laboratory.say({ type: 'notice', notice: { code: 'noBackend' } })
    expect(app.laboratory.phase).toBe('idle')
    // one is found after all: it is not said any longer that there is none
    expect(app.notices.list.map(n => n.code)).toEqual(['noBackend'])
    laboratory.say({
      type: 'backend',
      description: { backend: 'cpu', detail: '', numericsId: 'cpu-0', stepMilliseconds: 1 },
      workers: 1
    })
    expect(app.notices.list).toEqual([])
  })

  it('that computes something else than what is edited says so, and there is a way back', async () => {
    const { app, laboratory } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    app.runExperiment(other)
    laboratory.phase('running')
    app.choose('sample')
    expect([app.elsewhere, app.draft.experiment]).toEqual([true, sample])
    app.follow()
    expect([app.elsewhere, app.draft.experiment]).toEqual([false, other])
  })

  it('is not taken for another one where a link or a file brings the very same; a step back from a link is a step back to it', async () => {
    const { app, laboratory } = await openApp()
    const sender = (await openApp()).app
    sender.open('file', resultOf(other))
    app.runExperiment(other)
    laboratory.phase('running')
    for (const results of [true, false]) {
      await app.exchange.openHash(await sender.exchange.link(results))
      expect(app.elsewhere).toBe(false)
      await app.exchange.openHash('')
      expect([app.following, app.draft.experiment]).toEqual([true, other])
    }
    sender.open('file', resultOf(sample))
    await app.exchange.openHash(await sender.exchange.link(false))
    expect(app.elsewhere).toBe(true)
    await app.exchange.openHash('')
    expect([app.following, app.draft.experiment]).toEqual([true, other])
  })

  it('offers what was interrupted, once', async () => {
    const laboratory = new FakeLaboratory()
    laboratory.interrupted = { experiment: other, elsewhere: false }
    const { app } = await openApp(laboratory)
    expect(app.laboratory.unfinished).toEqual({ experiment: other, elsewhere: false })
    app.runExperiment(app.laboratory.unfinished!.experiment)
    expect(app.laboratory.unfinished).toBeUndefined()
    expect(laboratory.runs).toEqual([other])
  })

  it('does not go on with what another tab is computing, until that has ended', async () => {
    const laboratory = new FakeLaboratory()
    laboratory.interrupted = { experiment: other, elsewhere: false }
    laboratory.mine = false
    const { app } = await openApp(laboratory)
    expect(await app.laboratory.claimUnfinished()).toBe(false)
    expect(app.laboratory.unfinished).toEqual({ experiment: other, elsewhere: true })
    laboratory.say({ type: 'unfinished', unfinished: undefined })
    expect(app.laboratory.unfinished).toBeUndefined()
    laboratory.say({ type: 'unfinished', unfinished: { experiment: other, elsewhere: false } })
    expect(app.laboratory.unfinished).toBeUndefined()
  })
})

describe('links and files', () => {
  it('an experiment without results that was computed here comes with those', async () => {
    const { app, laboratory } = await openApp()
    app.runExperiment(other)
    laboratory.say({ type: 'result', result: resultOf(other) })
    laboratory.phase('finished')
    app.exchange.openTexts([named(specText(sample))])
    expect([app.proposed, app.following]).toEqual(['file', false])
    app.exchange.openTexts([named(specText(other))])
    expect([app.proposed, app.shown.origin, app.following]).toEqual([undefined, 'live', true])
    // it goes on as the experiment that is computed here
    app.edit({ seeds: 3 })
    expect(laboratory.runs).toEqual([other, { ...other, seeds: 3 }])
  })

  it('a link with results shows them, one without proposes its experiment', async () => {
    const sender = (await openApp()).app
    sender.exchange.openTexts([named(resultText(resultOf(other)))])
    const { app } = await openApp()
    await app.exchange.openHash(await sender.exchange.link(true))
    expect(app.shown.origin).toBe('link')
    expect(app.shown.result?.runs).toEqual(resultOf(other).runs)
    const second = (await openApp()).app
    await second.exchange.openHash(await sender.exchange.link(false))
    expect(second.shown.result).toBeUndefined()
    expect(second.draft.experiment).toEqual(other)
  })

  it('a bad link is said, and the sample stays or still comes', async () => {
    const { app } = await openApp()
    const hash = (await app.exchange.link(false)).slice(0, -3)
    await app.exchange.openHash(hash)
    expect(app.notices.list).toMatchObject([{ code: 'exchange.truncated', level: 'error' }])
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect([app.shown.origin, app.draft.experiment]).toEqual(['sample', sample])
    await app.exchange.openHash(hash)
    expect([app.shown.origin, app.draft.experiment]).toEqual(['sample', sample])
    expect(app.notices.list).toHaveLength(1)
  })

  it('an anchor of the page itself is no link', async () => {
    const { app } = await openApp()
    await app.exchange.openHash('#curves')
    expect(app.notices.list).toEqual([])
  })

  it('shards of one experiment are merged', async () => {
    const { app } = await openApp()
    const shard = (firstSeed: number) => resultText(resultOf({ ...other, firstSeed }))
    const opened = app.exchange.openTexts([named(shard(0), 'a.json'), named(shard(1), 'b.json')])
    expect(opened).toEqual({ files: 'a.json, b.json', results: true })
    expect(app.shown.result?.experiment).toMatchObject({ firstSeed: 0, seeds: 2 })
    expect(app.shown.result?.runs).toHaveLength(2 * other.strategies.length)
  })

  it('a wrong file is said with its field, and what is on screen stays', async () => {
    const { app } = await openApp()
    app.exchange.offerSample(resultText(resultOf(sample)))
    expect(app.exchange.openTexts([named('{"budget": "many"}')])).toBeUndefined()
    expect(app.notices.list[0]).toMatchObject({
      code: 'exchange.badRow',
      parameters: { field: 'budget', file: 'one.json' }
    })
    expect(app.shown.origin).toBe('sample')
    expect(app.exchange.openTexts([named(specText(other))])).toEqual({ files: 'one.json', results: false })
    expect(app.draft.experiment).toEqual(other)
    // it is not said any longer that nothing has changed
    expect(app.notices.list).toEqual([])
    await app.exchange.openHash((await app.exchange.link(false)).slice(0, -3))
    expect(app.notices.list).toHaveLength(1)
    await app.exchange.openHash(await app.exchange.link(false))
    expect(app.notices.list).toEqual([])
  })
})

describe('data sets of one’s own', () => {
  it('are read, kept and used, with sizes that they can fill', async () => {
    const { app, laboratory } = await openApp()
    await app.library.read([{ name: 'x', blob: new Blob() }])
    expect(app.library.importing?.found?.name).toBe('mine')
    await app.library.importing!.choose({ name: ' my data ' })
    await app.datasets.keepImport()
    expect(app.library.importing).toBeUndefined()
    expect(app.draft.experiment).toMatchObject({
      source: { kind: 'stored', name: 'my data', fingerprint: laboratory.stored[0].fingerprint },
      poolSize: 60,
      testSize: 40,
      budget: 30,
      querySize: 5,
      initialSizes: [5, 10]
    })
    expect(app.library.bytes).toBe(500)
    expect(app.obstacle).toBeUndefined()
  })

  it('that cannot be stored say so where it was asked for', async () => {
    const { app, laboratory } = await openApp()
    laboratory.data.keep = () => Promise.reject(Object.assign(new Error('full'), { code: 'quota' }))
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.datasets.keepImport()
    const { importing } = app.library
    expect([importing?.problem?.code, importing?.phase, importing?.ready]).toEqual(['quota', 'found', true])
    expect(app.draft.experiment.source.kind).toBe('synthetic')
  })

  it('are not kept with names that are missing or the same', async () => {
    const { app } = await openApp()
    await app.library.read([{ name: 'x', blob: new Blob() }])
    const work = app.library.importing!
    expect(work.ready).toBe(true)
    work.rename(1, ' a')
    expect([work.nameProblems, work.ready]).toEqual([['same', 'same'], false])
    work.rename(0, ' ')
    expect([work.nameProblems, work.ready]).toEqual([['none', undefined], false])
    work.rename(0, 'b')
    expect(work.ready).toBe(true)
    await work.choose({ name: ' ' })
    expect(work.ready).toBe(false)
    expect(await work.keep()).toBeUndefined()
  })

  it('are let go when the import is called off, at any stage', async () => {
    const { app, laboratory } = await openApp()
    const discarded: number[] = []
    laboratory.data.discard = async id => void discarded.push(id)
    let signal: AbortSignal | undefined
    const never = (following?: { signal?: AbortSignal }) => {
      signal = following?.signal
      return new Promise<never>(() => {})
    }
    const { importFiles } = laboratory.data
    laboratory.data.importFiles = (_files, _options, following) => never(following)
    void app.library.read([{ name: 'x', blob: new Blob() }])
    await expect.poll(() => signal).toBeDefined()
    await app.library.importing!.cancel()
    expect([signal?.aborted, app.library.importing, discarded]).toEqual([true, undefined, []])

    laboratory.data.importFiles = importFiles
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.library.importing!.cancel()
    expect([app.library.importing, discarded]).toEqual([undefined, [1]])

    laboratory.data.keep = (_id, _choices, _inTab, following) => never(following)
    await app.library.read([{ name: 'x', blob: new Blob() }])
    void app.datasets.keepImport()
    expect(app.library.importing!.phase).toBe('keeping')
    await app.library.importing!.cancel()
    expect([signal?.aborted, app.library.importing, discarded]).toEqual([true, undefined, [1, 1]])
  })

  it('the last ones dropped are the ones that count', async () => {
    const { app, laboratory } = await openApp()
    const read: string[] = []
    const discarded: number[] = []
    let imports = 0
    laboratory.data.discard = async id => void discarded.push(id)
    laboratory.data.importFiles = async ([{ name }]) => {
      read.push(name)
      return { id: ++imports, found, choices, plan }
    }
    const drop = (name: string) => app.library.read([{ name, blob: new Blob() }])
    expect(await drop('first')).toBe(true)
    expect(await Promise.all([drop('second'), drop('third')])).toEqual([false, true])
    expect(read).toEqual(['first', 'third'])
    expect(discarded).toEqual([1])
    expect(app.library.importing!.phase).toBe('found')
  })

  it('that come before the laboratory does are read when it is there', async () => {
    const app = new App(noPreferences(), english)
    await app.datasets.read([{ name: 'x', blob: new Blob() }])
    expect(app.library.importing).toBeUndefined()
    await app.connect(new FakeLaboratory())
    await expect.poll(() => app.library.importing?.phase).toBe('found')
  })

  it('that cannot be read say so in the dialog', async () => {
    const { app, laboratory } = await openApp()
    laboratory.data.importFiles = () => Promise.reject(Object.assign(new Error(), { code: 'unknownFormat' }))
    await app.library.read([{ name: 'x', blob: new Blob() }])
    const { importing } = app.library
    expect([importing?.phase, importing?.problem?.code]).toEqual(['unreadable', 'unknownFormat'])
  })

  it('that an experiment lacked take their place in it as it is; others replace it, and it is said', async () => {
    const { app, laboratory } = await openApp()
    const source = { kind: 'stored' as const, fingerprint: 'f'.repeat(64), name: 'hers' }
    const shared = { ...other, source, classes: [0, 1] }
    app.exchange.openTexts([named(resultText(resultOf(shared)))])
    expect(app.missing?.fingerprint).toBe('f'.repeat(64))
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.datasets.keepImport()
    expect([app.missing, app.draft.experiment, app.notices.list]).toEqual([undefined, shared, []])

    laboratory.stored = []
    await app.library.refresh()
    app.exchange.openTexts([
      named(resultText(resultOf({ ...shared, source: { ...source, fingerprint: 'e'.repeat(64) } })))
    ])
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.datasets.keepImport()
    expect(app.notices.list.map(n => n.code)).toEqual(['otherDataset'])
    expect(app.draft.experiment).toMatchObject({ source: { name: 'mine' }, classes: [] })
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.datasets.keepImport()
    expect(app.notices.list).toEqual([])
  })

  it('that are not here keep their experiment from being run, and say so', async () => {
    const { app, laboratory } = await openApp()
    const source = { kind: 'stored' as const, fingerprint: 'e'.repeat(64), name: 'hers' }
    app.exchange.openTexts([named(resultText(resultOf({ ...other, source })))])
    expect(app.obstacle).toEqual({ kind: 'missing', name: 'hers', fingerprint: 'e'.repeat(64) })
    app.run()
    expect(laboratory.runs).toEqual([])
  })

  it('that are deleted under an experiment are missing from then on', async () => {
    const { app } = await openApp()
    await app.library.read([{ name: 'x', blob: new Blob() }])
    await app.datasets.keepImport()
    await app.datasets.remove('f'.repeat(64))
    expect(app.obstacle).toMatchObject({ kind: 'missing' })
  })
})

describe('pretraining', () => {
  it('knows what is kept already, and what was interrupted, of the settings asked for last', async () => {
    const { app, laboratory } = await openApp()
    const own = app.pretraining
    laboratory.standing = 3
    await own.lookForStanding(other)
    expect([own.made, own.standing]).toEqual([false, 3])
    laboratory.standing = undefined
    laboratory.encoders = [{} as (typeof laboratory.encoders)[number]]
    await own.lookForStanding(other)
    expect([own.made, own.standing]).toEqual([true, undefined])
    const late = own.lookForStanding(other)
    own.forgetStanding()
    await late
    expect([own.made, own.standing]).toEqual([false, undefined])
  })
})
