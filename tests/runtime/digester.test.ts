/** The thread for digests: right answers, many at a time; without it the thread that asks does the work. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import type { Bytes } from '../../src/core/storedDataset.ts'
import { readDataset } from '../../src/data/readDataset.ts'
import { dataService } from '../../src/runtime/dataService.ts'
import {
  digesterApart,
  serveDigests,
  type DigestAnswer,
  type DigestRequest
} from '../../src/runtime/digester.ts'
import { memoryStore } from '../../src/store/index.ts'
import { file, fourFiles } from '../data/idxFiles.ts'
import { channel } from '../support/ports.ts'

const bytes = (n: number, salt: number): Bytes =>
  Uint8Array.from({ length: n }, (_, i) => i * salt + (i >> 8))
const sha256 = (...pieces: Uint8Array[]) => createHash('sha256').update(Buffer.concat(pieces)).digest('hex')

async function thread() {
  const { page, worker, ended } = channel<DigestRequest, DigestAnswer>()
  let asked = 0
  const { listen } = worker
  const counting = {
    ...worker,
    listen: (f: (request: DigestRequest) => void) =>
      listen(request => {
        asked++
        f(request)
      })
  }
  const digester = digesterApart(() => page)
  digester.prepare(1e6)
  serveDigests(counting)
  expect(digester.apart).toBe(false)
  digester.prepare(1e9)
  await expect.poll(() => digester.apart).toBe(true)
  return { digester, page, ended, asked: () => asked }
}

describe('digests on another thread', () => {
  it('are right, several at a time', async () => {
    const { digester } = await thread()
    const [a, b, c] = [1, 2, 3].map(salt => bytes(5000 * salt, salt))
    const [whole, sum] = [digester.start('sha256'), digester.start('crc32')]
    const back = await Promise.all([whole.update(a.slice()), sum.update(c.slice()), whole.update(b.slice())])
    expect(back).toEqual([a, c, b])
    const unwanted = digester.start('sha256')
    void unwanted.update(bytes(9, 9))
    unwanted.drop()
    expect(await sum.digest()).toBe(crc32(c).toString(16).padStart(8, '0'))
    expect(await whole.digest()).toBe(sha256(a, b))
  })

  it('are made here before it is there and after it failed; what it was asked before fails', async () => {
    const { digester, page, ended } = await thread()
    const lost = digester.start('crc32')
    page.fail('gone')
    expect([digester.apart, ended()]).toEqual([false, true])
    await expect(lost.update(bytes(3, 1))).rejects.toThrow()
    const here = digester.start('sha256')
    await here.update(bytes(70, 5))
    expect(await here.digest()).toBe(sha256(bytes(70, 5)))
    const none = digesterApart(() => {
      throw new Error('no workers here')
    })
    none.prepare(1e9)
    expect(none.apart).toBe(false)
  })

  it('make the fingerprint of an import while it is looked at, and again when other rows are wanted', async () => {
    const { digester, asked } = await thread()
    const files = Object.entries(fourFiles()).map(([name, content]) => file(name, content))
    const service = dataService(memoryStore().datasets, () => 0, digester)
    const { id, choices } = await service.importFiles(files)
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(2))
    const other = { ...choices, testShare: 0.25, seed: 3 }
    await service.plan(id, other)
    const kept = await service.keep(id, other)
    expect(kept.fingerprint).toBe((await readDataset(files, {}, other)).dataset.fingerprint)
    const again = await service.importFiles(files)
    const plain = await service.keep(again.id, again.choices)
    expect(plain.fingerprint).toBe((await readDataset(files)).dataset.fingerprint)
    expect(plain.fingerprint).not.toBe(kept.fingerprint)
  })
})
