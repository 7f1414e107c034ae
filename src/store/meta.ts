/** The small things: settings of this browser, and the experiment in progress, so that the page can offer to go on. */
import { readExperiment, writeExperiment } from '../core/experiment/read.ts'
import type { Experiment } from '../core/experiment/table.ts'
import type { Shelf } from './shelf.ts'

const SCHEMA = 1

export const settingNames = ['language', 'theme', 'backend'] as const
export type SettingName = (typeof settingNames)[number]

export interface SettingStore {
  /** undefined: never set */
  get(name: SettingName): Promise<string | undefined>
  /** undefined forgets it */
  set(name: SettingName, value: string | undefined): Promise<void>
}

export interface SessionStore {
  /** the experiment that was in progress, if this version can run it */
  get(): Promise<Experiment | undefined>
  /** when it is started */
  put(experiment: Experiment): Promise<void>
  /** when it is finished, cancelled or forgotten */
  clear(): Promise<void>
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
  return {
    async get() {
      const value = (await shelf.get('session')) as { schema?: unknown; spec?: unknown } | undefined
      if (value?.schema !== SCHEMA) return undefined
      const { experiment, unknown } = readExperiment(value.spec)
      return unknown.length ? undefined : experiment
    },
    put: experiment => shelf.setMany([['session', { schema: SCHEMA, spec: writeExperiment(experiment) }]]),
    clear: () => shelf.delMany(['session'])
  }
}
