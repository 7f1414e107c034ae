/**
 * Pretrained encoders in one database: a card and the weights of each, written together; and where the last pretrainings stand
 * that are under way or were interrupted.
 */
import { isEncoder, type EncoderCard, type EncoderStore } from '../core/encoders.ts'
import type { Encoder } from '../core/pretraining/settings.ts'
import { isUnfinished, unfinishedName } from '../core/pretraining/snapshot.ts'
import type { Shelf } from './shelf.ts'

const SCHEMA = 1
const PREFIX = 'encoder/'
const UNFINISHED = 'unfinished/'
/** that are kept, of which the oldest gives way */
const MOST_UNFINISHED = 4

interface Standing {
  stored?: unknown
  unfinished?: unknown
}

export function encoders(shelf: Shelf, clock: () => number): EncoderStore {
  const read = (value: unknown): (Encoder & { stored: number }) | undefined => {
    const { schema, stored, encoder } = (value ?? {}) as {
      schema?: unknown
      stored?: unknown
      encoder?: unknown
    }
    return schema === SCHEMA && isEncoder(encoder) ? { ...encoder, stored: Number(stored) } : undefined
  }
  return {
    async get(key) {
      const found = read(await shelf.get(PREFIX + key))
      if (!found || found.key !== key) return undefined
      const { stored, ...encoder } = found
      void stored
      return encoder
    },
    async put(encoder) {
      const own = { ...encoder, weights: encoder.weights.slice() }
      await shelf.setMany([[PREFIX + encoder.key, { schema: SCHEMA, stored: clock(), encoder: own }]])
    },
    async list() {
      const keys = (await shelf.keys()).filter(key => key.startsWith(PREFIX))
      const found = (await shelf.getMany(keys)).flatMap(value => read(value) ?? [])
      found.sort((a, b) => a.stored - b.stored)
      return found.map(({ weights: _, recorded: __, stored: ___, ...card }): EncoderCard => card)
    },
    remove: key => shelf.delMany([PREFIX + key]),
    async unfinished(of) {
      const { unfinished } = ((await shelf.get(UNFINISHED + unfinishedName(of))) ?? {}) as Standing
      return isUnfinished(unfinished) ? unfinished : undefined
    },
    async putUnfinished(unfinished) {
      const name = UNFINISHED + unfinishedName(unfinished)
      const own: Standing = { stored: clock(), unfinished }
      // what the disk has no room for is not worth the memory: the next one is
      await shelf.write([[name, own]])
      // itself it stays, also when the clock was set back
      const others = (await shelf.keys()).filter(key => key.startsWith(UNFINISHED) && key !== name)
      if (others.length < MOST_UNFINISHED) return
      const stored = (await shelf.getMany(others)).map(value =>
        Number((value as Standing | undefined)?.stored ?? 0)
      )
      const oldest = others.map((key, i) => ({ key, at: stored[i] })).sort((a, b) => a.at - b.at)
      await shelf.delMany(oldest.slice(0, 1 - MOST_UNFINISHED).map(({ key }) => key))
    },
    removeUnfinished: of => shelf.delMany([UNFINISHED + unfinishedName(of)])
  }
}
