import { describe, expect, it } from 'vitest'
import { PlainSource } from '../../src/data/formats/source.ts'
import { datasets } from '../../src/store/datasets.ts'
import { memory, Shelf } from '../../src/store/shelf.ts'
import { withForgetfulBlobs } from '../support/forgetfulBlobs.ts'
import { contentOf, dataset } from './fixtures.ts'

describe('blobs are read to their end though garbage is collected meanwhile', () => {
  it('chunks of a stored data set', async () => {
    const data = dataset()
    const store = datasets(new Shelf(memory()), 16)
    await store.put(contentOf(data), { storedAt: 0 })
    expect(await withForgetfulBlobs(() => store.get(data.fingerprint))).toEqual(data)
  })

  it('files that are imported', async () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => i)
    const source = new PlainSource('file', new Blob([bytes]))
    const read = async () => {
      const pieces: number[] = []
      for await (const piece of source.stream()) pieces.push(...piece)
      return pieces
    }
    expect(await withForgetfulBlobs(read)).toEqual([...bytes])
  })
})
