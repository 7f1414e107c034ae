/** Edits outlive a reload of their address, and nothing else; there is a way back from them. */
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeLink } from '../../src/core/exchange/link.ts'
import { resultText } from '../../src/core/exchange/schema.ts'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { App } from '../../src/state/app.svelte.ts'
import { keptDraft } from '../../src/state/keptDraft.ts'
import { english, FakeLaboratory, FakeStorage, noPreferences, resultOf } from './fakes.ts'

const sample = { ...startExperiment, network: 'reference' as const, seeds: 10 }
const shared = { ...startExperiment, initialSizes: [30], budget: 200, seeds: 2 }

let tab: FakeStorage
beforeEach(() => {
  tab = new FakeStorage()
})

/** The page at an address, loaded again or opened; `storage`: of the tab. */
async function load(hash: string, again: boolean, storage: () => Storage = () => tab as unknown as Storage) {
  const kept = keptDraft(storage, () => `https://x/${hash}`, again)
  const app = new App(noPreferences(), english, kept)
  await app.start(hash)
  app.exchange.offerSample(resultText(resultOf(sample)))
  const laboratory = new FakeLaboratory()
  await app.connect(laboratory)
  return { app, laboratory }
}

describe('edits', () => {
  it('of the sample are there after a reload, with the sample on screen and the way back to it', async () => {
    const { app } = await load('', false)
    expect(app.original).toBeUndefined()
    app.edit({ seeds: 7 })
    expect(app.original).toBe('sample')
    const { app: again, laboratory } = await load('', true)
    expect(again.draft.experiment).toEqual({ ...sample, seeds: 7 })
    expect([again.shown.origin, again.edited, again.original]).toEqual(['sample', true, 'sample'])
    expect(laboratory.runs).toEqual([])
    again.startAgain()
    expect([again.draft.experiment, again.edited, again.original]).toEqual([sample, false, undefined])
    expect((await load('', true)).app.draft.experiment).toEqual(sample)
  })

  it('of a link are there after a reload, with what the link was', async () => {
    const link = await encodeLink({ experiment: shared })
    const { app } = await load(link, false)
    app.edit({ seeds: 4 })
    const { app: again } = await load(link, true)
    expect([again.draft.experiment.seeds, again.proposed, again.original]).toEqual([4, 'link', 'link'])
    again.startAgain()
    expect([again.draft.experiment, again.proposed]).toEqual([shared, 'link'])
  })

  it('that wait for a value to be mended are there after a reload, without what is wrong by itself', async () => {
    const { app, laboratory } = await load('', false)
    app.run()
    laboratory.phase('running')
    app.edit({ initialSizes: [20, 500] })
    app.edit({ seeds: 5 })
    expect(laboratory.runs).toHaveLength(1)
    const { app: again } = await load('', true)
    expect([again.draft.entered('initialSizes'), again.draft.entered('seeds')]).toEqual([[20, 500], 5])
    expect(again.draft.problems).toMatchObject([{ row: 'budget', code: 'budgetBelowInitial' }])
    expect(again.draft.experiment).toEqual(sample)
    again.edit({ epochs: NaN })
    const { app: third } = await load('', true)
    expect([third.draft.entered('seeds'), third.draft.entered('epochs')]).toEqual([5, sample.epochs])
    third.edit({ budget: 500 })
    const mended = { ...sample, initialSizes: [20, 500], seeds: 5, budget: 500 }
    expect((await load('', true)).app.draft.experiment).toEqual(mended)
  })

  it('are gone where the address is opened anew, or another one is', async () => {
    const link = await encodeLink({ experiment: shared })
    const { app } = await load(link, false)
    app.edit({ seeds: 4 })
    expect((await load('', true)).app.draft.experiment).toEqual(sample)
    app.edit({ seeds: 5 })
    expect((await load(link, false)).app.draft.experiment).toEqual(shared)
    expect(tab.kept.size).toBe(0)
    expect((await load(link, true)).app.draft.experiment).toEqual(shared)
  })

  it('are gone with what they were made to: another link in the same tab, a file, another result', async () => {
    const { app } = await load('', false)
    app.edit({ seeds: 4 })
    await app.exchange.openHash(await encodeLink({ experiment: shared }))
    expect(tab.kept.size).toBe(0)
    app.edit({ seeds: 4 })
    app.exchange.openTexts([{ name: 'a.json', text: resultText(resultOf(shared)) }])
    expect(tab.kept.size).toBe(0)
    app.edit({ seeds: 4 })
    app.choose('sample')
    expect([tab.kept.size, app.original]).toEqual([0, undefined])
  })

  it('stay when what was interrupted is gone on with, and are no edits while they are computed', async () => {
    const { app } = await load('', false)
    app.edit({ seeds: 4 })
    app.run()
    const { app: again, laboratory } = await load('', true)
    again.runExperiment({ ...sample, seeds: 4 })
    laboratory.phase('running')
    expect([tab.kept.size, again.following, again.original]).toEqual([1, true, undefined])
    // the demo takes their place on screen; a reload brings them back
    again.runExperiment(shared)
    expect((await load('', true)).app.draft.experiment).toEqual({ ...sample, seeds: 4 })
  })

  it.each([
    '{',
    'null',
    '[]',
    '"x"',
    '{"at":"https://x/"}',
    '{"at":"https://x/","rows":{"seeds":-1}}',
    '{"at":"https://x/","rows":{"strategies":["ofTheFuture"]}}',
    '{"at":"https://x/","rows":{"ofTheFuture":1}}',
    '{"at":"https://x/","rows":{"budget":999999}}',
    '{"at":"https://y/","rows":{"seeds":4}}',
    `{"at":"https://x/","rows":{"seeds":4},"more":"${'x'.repeat(100_000)}"}`
  ])('that cannot be read are ignored and forgotten: %.60s', async text => {
    tab.kept.set('dal-playground.draft', text)
    const { app } = await load('', true)
    expect([app.draft.experiment, tab.kept.size, app.notices.list]).toEqual([sample, 0, []])
  })

  it('last as long as the page where the browser keeps nothing', async () => {
    const { app } = await load('', true, () => {
      throw new Error('refused')
    })
    app.edit({ seeds: 4 })
    expect([app.draft.experiment.seeds, app.original]).toEqual([4, 'sample'])
  })
})

describe('what was opened or run last', () => {
  it('is what one comes back to: an experiment that was edited and run is its own original', async () => {
    const { app, laboratory } = await load('', false)
    app.runExperiment({ ...shared, seeds: 2 })
    laboratory.phase('cancelled')
    app.edit({ seeds: 5 })
    expect(app.original).toBe('live')
    app.run()
    laboratory.say({ type: 'result', result: resultOf(app.draft.experiment) })
    laboratory.phase('cancelled')
    expect([app.edited, app.original]).toEqual([false, undefined])
  })

  it('is no proposal any more once it was run', async () => {
    const { app, laboratory } = await load(await encodeLink({ experiment: shared }), false)
    app.run()
    laboratory.phase('cancelled')
    app.edit({ seeds: 5 })
    app.startAgain()
    expect([app.draft.experiment, app.proposed]).toEqual([shared, undefined])
  })

  it('is followed again where it is what is being computed', async () => {
    const { app, laboratory } = await load('', false)
    app.runExperiment(shared)
    laboratory.phase('running')
    const runs = laboratory.runs.length
    app.edit({ strategies: ['learningLoss'], mode: 'linear' })
    expect([app.obstacle?.kind, app.elsewhere]).toEqual(['refused', true])
    app.startAgain()
    expect([app.following, app.elsewhere]).toEqual([true, false])
    app.edit({ seeds: 3 })
    expect(laboratory.runs).toHaveLength(runs + 1)
  })

  it('comes back with its curves', async () => {
    const { app } = await load('', false)
    app.exchange.openTexts([{ name: 'a.json', text: resultText(resultOf(shared)) }])
    app.edit({ seeds: 5 })
    app.shown.choose('sample')
    app.startAgain()
    expect([app.shown.origin, app.edited]).toEqual(['file', false])
  })

  it('keeps what this version does not know: its edits are not kept as an experiment without that', async () => {
    const { app } = await load('', false)
    app.open('file', { ...resultOf(shared), unknown: ['rowOfTheFuture'] })
    app.edit({ seeds: 5 })
    expect(app.obstacle?.kind).toBe('unknown')
    expect(tab.kept.size).toBe(0)
  })

  it('stays, with its edits, when a link cannot be read', async () => {
    const { app } = await load('', false)
    app.edit({ seeds: 4 })
    await app.exchange.openHash('#r1.broken')
    expect(app.draft.experiment).toEqual({ ...sample, seeds: 4 })
    expect(tab.kept.size).toBe(1)
  })

  it('is not left for what is on screen already', async () => {
    const { app } = await load('', false)
    app.edit({ seeds: 4 })
    app.choose('sample')
    expect(app.draft.experiment).toEqual({ ...sample, seeds: 4 })
    // a proposal without edits has nothing to lose
    app.propose(shared, 'file')
    app.choose('sample')
    expect(app.draft.experiment).toEqual(sample)
  })

  it('gives way to the sample after a step back to where there was no link', async () => {
    const { app } = await load('', false)
    await app.exchange.openHash(await encodeLink({ experiment: shared }))
    await app.exchange.openHash('')
    expect([app.draft.experiment, app.proposed, app.shown.origin]).toEqual([sample, undefined, 'sample'])
    app.runExperiment(shared)
    await app.exchange.openHash('')
    expect(app.draft.experiment).toEqual(shared)
  })
})
