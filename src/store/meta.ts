/** The small things: settings of this browser, and the experiment in progress, so that the page can offer to go on. */
import { readExperiment, writeExperiment } from '../core/experiment/read.ts'
import type { Experiment } from '../core/experiment/table.ts'
import { sessionFree, sessionTaken, takeSession } from './locks.ts'
import type { Shelf } from './shelf.ts'

const SCHEMA = 1

/** Language and theme are not here: the page needs them before the database is open (state/preferences.ts). */
export type SettingName = 'backend'

export interface SettingStore {
  /** undefined: never set */
  get(name: SettingName): Promise<string | undefined>
  /** undefined forgets it */
  set(name: SettingName, value: string | undefined): Promise<void>
}

export interface SessionStore {
  /** the experiment that was in progress, if this version can run it */
  get(): Promise<Experiment | undefined>
  /** when it is started; while another tab computes one, that one's stays */
  put(experiment: Experiment): Promise<void>
  /** when it is finished, cancelled or forgotten; another tab's stays */
  clear(): Promise<void>
  /** makes the session this tab's until `clear`; false: it is another's */
  claim(): Promise<boolean>
  /** whether a tab computes now */
  busy(): Promise<boolean>
  /** resolves when none does */
  free(): Promise<void>
}

export function settings(shelf: Shelf): SettingStore {
  return {
    async get(name) {
      const value = await shelf.get(`setting/${name}`)
      return typeof value === 'string' ? value : undefined
    },
    set: (name, value) =>
      value === undefined ? shelf.delMany([`setting/${name}`]) : shelf.setMany([[`setting/${name}`, value]])
  }
}

export function session(shelf: Shelf): SessionStore {
  let mine: ReturnType<typeof takeSession> | undefined
  async function claim(): Promise<boolean> {
    mine ??= takeSession()
    const held = await mine
    if (!held) mine = undefined
    return held !== undefined
  }
  let last: Promise<void> = Promise.resolve()
  /** one after the other, so that the lock is not let go under one that comes next */
  const inTurn = (work: () => Promise<void>) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
  return {
    claim,
    busy: sessionTaken,
    free: sessionFree,
    async get() {
      const value = (await shelf.get('session')) as { schema?: unknown; spec?: unknown } | undefined
      if (value?.schema !== SCHEMA) return undefined
      const { experiment, unknown } = readExperiment(value.spec)
      return unknown.length ? undefined : experiment
    },
    put: experiment =>
      inTurn(async () => {
        if (!(await claim())) return
        await shelf.setMany([['session', { schema: SCHEMA, spec: writeExperiment(experiment) }]])
      }),
    clear: () =>
      inTurn(async () => {
        if (!(await claim())) return
        const held = mine
        try {
          await shelf.delMany(['session'])
        } finally {
          mine = undefined
          ;(await held)?.()
        }
      })
  }
}
