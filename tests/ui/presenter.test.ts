/** The presenter view: which charts are on screen, and whose a key is. */
import { describe, expect, it } from 'vitest'
import { resultText } from '../../src/core/exchange/schema.ts'
import { startExperiment, type Experiment } from '../../src/core/experiment/table.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import { App } from '../../src/state/app.svelte.ts'
import { Presenter } from '../../src/state/presenter.svelte.ts'
import { actOf, placeOf, type Place } from '../../src/ui/presenter/keys.ts'
import { english, noPreferences, openApp, resultOf } from './fakes.ts'

const wide = [1920, 1080] as const
const square = [1024, 768] as const

async function present(rows: Partial<Experiment>, [width, height]: readonly [number, number]) {
  const { app } = await openApp()
  app.open('file', resultOf({ ...startExperiment, ...rows }))
  const presenter = new Presenter(app.shown, app.view)
  presenter.measure(width, height)
  return { app, presenter }
}

describe('the screen', () => {
  it('is measured in text of a 45th of its height, less where it is narrow', async () => {
    const { presenter } = await present({}, wide)
    expect([presenter.text, presenter.zoom]).toEqual([24, 1.6])
    presenter.measure(1280, 720)
    expect(presenter.text).toBe(16)
    presenter.measure(900, 900)
    expect(presenter.text).toBe(15)
    // before it is known
    presenter.measure(0, 0)
    expect(presenter.text).toBe(15)
  })

  it('has both charts where neither becomes small, else one', async () => {
    const offered = async (rows: Partial<Experiment>, size: readonly [number, number]) =>
      (await present(rows, size)).presenter.offered.includes('both')
    expect(await offered({ initialSizes: [20, 50, 100, 200] }, wide)).toBe(true)
    expect(await offered({ initialSizes: [20, 50] }, square)).toBe(false)
    expect(await offered({ initialSizes: [10, 20, 50, 70, 100, 200] }, wide)).toBe(false)
    expect(await offered({ initialSizes: [50] }, wide)).toBe(false)
    expect(await offered({ initialSizes: [20, 50], strategies: [...strategyIds] }, wide)).toBe(false)
  })

  it('keeps what was asked for, and shows the curves while that has no room', async () => {
    const { app, presenter } = await present({ initialSizes: [20, 50] }, wide)
    expect(presenter.shown).toBe('both')
    app.open('file', resultOf({ ...startExperiment, initialSizes: [10, 20, 50, 70, 100, 200] }))
    expect(presenter.shown).toBe('learning')
    presenter.turn(1)
    expect(presenter.shown).toBe('sensitivity')
    presenter.turn(1)
    expect(presenter.shown).toBe('learning')
    presenter.wanted = 'both'
    app.open('file', resultOf({ ...startExperiment, initialSizes: [20, 50] }))
    expect(presenter.shown).toBe('both')
    presenter.turn(-1)
    expect(presenter.shown).toBe('sensitivity')
  })

  it('has room for fewer panels by strategy, and for more where some are hidden', async () => {
    const strategies = strategyIds.slice(0, 6)
    const { app, presenter } = await present({ initialSizes: [20, 50], strategies }, wide)
    app.view.facet = 'strategy'
    expect(presenter.shown).toBe('learning')
    for (const strategy of strategies.slice(2)) app.view.toggle(strategy)
    expect(presenter.shown).toBe('both')
  })

  it('is no part of the experiment, nor of what is kept', async () => {
    const { app, presenter } = await present({}, wide)
    const before = app.draft.experiment
    app.presenter = presenter
    presenter.turn(1)
    expect(app.draft.experiment).toBe(before)
    expect(app.edited || app.original).toBeFalsy()
  })
})

const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false }
const press = (key: string, place: Place, held: object = {}) => actOf({ ...plain, key, ...held }, place)

describe('keys', () => {
  it('of a remote and the arrows go from step to step and from chart to chart', () => {
    expect(['PageDown', 'PageUp', 'ArrowRight', 'ArrowLeft'].map(key => press(key, 'free'))).toEqual([
      'next',
      'previous',
      'next',
      'previous'
    ])
    expect(['ArrowDown', 'ArrowUp', 'Escape'].map(key => press(key, 'free'))).toEqual([
      'chartsOn',
      'chartsBack',
      'leave'
    ])
    for (const key of ['a', '1', ' ', 'Enter', 'Home', 'toString']) expect(press(key, 'free')).toBeUndefined()
  })

  it('of a chart, the dial or a field are theirs', () => {
    for (const key of ['PageDown', 'ArrowRight', 'ArrowDown']) {
      expect(press(key, 'held')).toBeUndefined()
      expect(press(key, 'typing')).toBeUndefined()
    }
    expect([press('Escape', 'held'), press('Escape', 'typing')]).toEqual(['leave', undefined])
  })

  it('of a remote go from step to step also after something was pressed with the pointer', () => {
    expect([press('PageDown', 'touched'), press('ArrowRight', 'touched')]).toEqual(['next', undefined])
  })

  it('with another key held, or while something is composed, mean something else', () => {
    for (const held of ['altKey', 'ctrlKey', 'metaKey', 'shiftKey', 'isComposing'])
      expect(press('ArrowRight', 'free', { [held]: true })).toBeUndefined()
  })

  it('are whose they are by where the focus is, and how it came there', () => {
    /** an element that is inside of what matches */
    const inside = (part: string) =>
      ({ closest: (selector: string) => selector.includes(part) }) as unknown as EventTarget
    expect(placeOf(null, true)).toBe('free')
    expect(placeOf({} as EventTarget, true)).toBe('free')
    expect(placeOf(inside('select'), false)).toBe('typing')
    expect(placeOf(inside('dialog'), true)).toBe('typing')
    for (const part of ['[role=application]', '[role=slider]'])
      expect([placeOf(inside(part), true), placeOf(inside(part), false)]).toEqual(['held', 'touched'])
  })
})

describe('the steps of a lesson', () => {
  it('have one before and one after, but for the ends', async () => {
    const app = new App(noPreferences(), english, undefined, undefined, undefined, {
      shelf: { one: { steps: [{ result: 'a' }, { result: 'a' }] } },
      load: async () => resultText(resultOf(startExperiment)),
      reopened: () => {},
      left: () => {}
    })
    expect(app.lessons.beside(1)).toBeUndefined()
    await app.openAddress('#lesson=one')
    expect([app.lessons.beside(-1), app.lessons.beside(1)]).toEqual([undefined, { lesson: 'one', step: 1 }])
    await app.openAddress('#lesson=one.2')
    expect([app.lessons.beside(-1), app.lessons.beside(1)]).toEqual([{ lesson: 'one', step: 0 }, undefined])
  })
})
