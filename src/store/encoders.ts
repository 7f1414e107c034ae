/**
 * Pretrained encoders in one database: a card and the weights of each, written together; and where the one pretraining stands
 * that is under way or was interrupted.
 */
import { isEncoder, type EncoderCard, type EncoderStore } from '../core/encoders.ts'
import type { Encoder } from '../core/pretraining/settings.ts'
import { isUnfinished, unfinishedName } from '../core/pretraining/snapshot.ts'
import type { Shelf } from './shelf.ts'

const SCHEMA = 1
const PREFIX = 'encoder/'
const UNFINISHED = 'unfinished/'

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
      const found: unknown = await shelf.get(UNFINISHED + unfinishedName(of))
      return isUnfinished(found) ? found : undefined
    },
    async putUnfinished(unfinished) {
      const own = UNFINISHED + unfinishedName(unfinished)
      // what the disk has no room for is not worth the memory: the next one is
      await shelf.write([[own, unfinished]])
      const others = (await shelf.keys()).filter(key => key.startsWith(UNFINISHED) && key !== own)
      if (others.length) await shelf.delMany(others)
    },
    removeUnfinished: of => shelf.delMany([UNFINISHED + unfinishedName(of)])
  }
}
