/**
 * A shelf is one key-value database: an IndexedDB database of its own (idb-keyval gives each database one object store)
 * or a map in memory. Shelf.setMany never loses what it was given: what the disk refuses stays in memory, is read back
 * from there, and is offered to the disk again after the next write that works.
 */
import { createStore, delMany, getMany, keys, setMany } from 'idb-keyval'
import { toStoreError } from './errors.ts'

export type Entry = readonly [key: string, value: unknown]

/** Values are copied on the way in and out (structured clone). */
export interface Backing {
  getMany(keys: readonly string[]): Promise<unknown[]>
  /** all or none */
  setMany(entries: readonly Entry[]): Promise<void>
  delMany(keys: readonly string[]): Promise<void>
  keys(): Promise<string[]>
}

/** Nothing is opened before the first call. A connection the browser has closed is opened again, once a call. */
export function database(name: string): Backing {
  let store = createStore(name, 'entries')
  const again = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      if ((error as { name?: string } | null)?.name !== 'InvalidStateError') throw error
      store = createStore(name, 'entries')
      return call()
    }
  }
  return {
    getMany: wanted => again(() => getMany([...wanted], store)),
    setMany: entries =>
      again(() =>
        setMany(
          entries.map(([key, value]) => [key, value]),
          store
        )
      ),
    delMany: unwanted => again(() => delMany([...unwanted], store)),
    keys: () => again(() => keys<string>(store))
  }
}

export function memory(): Backing {
  const values = new Map<string, unknown>()
  return {
    getMany: async wanted => wanted.map(key => structuredClone(values.get(key))),
    setMany: async entries => {
      for (const [key, value] of structuredClone(entries)) values.set(key, value)
    },
    delMany: async unwanted => unwanted.forEach(key => values.delete(key)),
    keys: async () => [...values.keys()]
  }
}

export class Shelf {
  /** what the disk has refused so far; each value in a box of its own, by which a newer one is told from it */
  readonly #spare = new Map<string, { readonly value: unknown }>()
  readonly #backing: Backing

  constructor(backing: Backing) {
    this.#backing = backing
  }

  /** Opens the database. Rejects with a StoreError if that is refused. */
  async open(): Promise<void> {
    await this.#backing.getMany(['-']).catch(error => {
      throw toStoreError(error)
    })
  }

  /** Undefined where there is nothing, or nothing that can be read. */
  async getMany(wanted: readonly string[]): Promise<unknown[]> {
    const onDisk = wanted.filter(key => !this.#spare.has(key))
    const read = new Map<string, unknown>()
    if (onDisk.length) (await this.#read(onDisk)).forEach((value, i) => read.set(onDisk[i], value))
    return wanted.map(key => {
      const spare = this.#spare.get(key)
      return spare ? structuredClone(spare.value) : read.get(key)
    })
  }

  async get(key: string): Promise<unknown> {
    return (await this.getMany([key]))[0]
  }

  /** One value that cannot be read must not hide the others. */
  async #read(wanted: readonly string[]): Promise<unknown[]> {
    try {
      return await this.#backing.getMany(wanted)
    } catch {
      const one = async (key: string) => (await this.#backing.getMany([key]))[0]
      const settled = await Promise.allSettled(wanted.map(one))
      return settled.map(result => (result.status === 'fulfilled' ? result.value : undefined))
    }
  }

  /** All or none on the disk; what fails is remembered in memory. Rejects with a StoreError. */
  async setMany(entries: readonly Entry[]): Promise<void> {
    // a new value for what is only in memory goes to the disk together with its companions there, or not at all
    const companions = entries.some(([key]) => this.#spare.has(key)) ? this.#spared() : []
    try {
      await this.write([...new Map([...companions, ...entries])])
    } catch (error) {
      this.remember(entries)
      throw error
    }
    await this.#retry()
  }

  /** All or none on the disk; nothing is remembered when that fails. Rejects with a StoreError. */
  async write(entries: readonly Entry[]): Promise<void> {
    const before = entries.map(([key]) => this.#spare.get(key))
    try {
      await this.#backing.setMany(entries)
    } catch (error) {
      throw toStoreError(error)
    }
    // what was remembered meanwhile is newer than what is on the disk now
    entries.forEach(([key], i) => {
      if (this.#spare.get(key) === before[i]) this.#spare.delete(key)
    })
  }

  remember(entries: readonly Entry[]): void {
    for (const [key, value] of structuredClone(entries)) this.#spare.set(key, { value })
  }

  /** whether memory has what the disk lacks */
  isOnlyHere(key: string): boolean {
    return this.#spare.has(key)
  }

  async #retry(): Promise<void> {
    if (!this.#spare.size) return
    // it stays in memory until it is on the disk; whoever wrote it was told then
    await this.write(this.#spared()).catch(() => {})
  }

  #spared(): Entry[] {
    return Array.from(this.#spare, ([key, { value }]) => [key, value])
  }

  /** Rejects with a StoreError. */
  async delMany(unwanted: readonly string[]): Promise<void> {
    for (const key of unwanted) this.#spare.delete(key)
    try {
      await this.#backing.delMany(unwanted)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  /** Rejects with a StoreError. */
  async keys(): Promise<string[]> {
    try {
      return [...new Set([...(await this.#backing.keys()), ...this.#spare.keys()])]
    } catch (error) {
      throw toStoreError(error)
    }
  }
}
