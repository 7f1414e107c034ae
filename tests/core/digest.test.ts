/** Both digests against Node's, in pieces of any length, and the known answers of their standards. */
import { createHash } from 'node:crypto'
import { crc32 as crcOfNode } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { randomBytes } from '../../src/data/bytes.ts'

const text = (s: string) => new TextEncoder().encode(s)

function bytes(length: number, seed: number): Uint8Array {
  const out = new Uint8Array(length + 8 - (length % 8))
  randomBytes(out, [seed, 2])
  return out.subarray(0, length)
}

/** The module anew, where WebAssembly may be forbidden. */
async function digests(forbidden: boolean) {
  vi.resetModules()
  if (forbidden) vi.stubGlobal('WebAssembly', undefined)
  const { crc32, prepareDigests, startCrc32, startSha256 } = await import('../../src/core/digest.ts')
  await prepareDigests()
  const sha256 = (...pieces: Uint8Array[]) => {
    const hash = startSha256()
    pieces.forEach(piece => hash.update(piece))
    return hash.digest()
  }
  return { sha256, crc32, startCrc32, startSha256 }
}

afterEach(() => void vi.unstubAllGlobals())

describe.each([
  ['in WebAssembly', false],
  ['where a page may not compile', true]
])('digests %s', (_, forbidden) => {
  it('give the answers of the standards', async () => {
    const { sha256, crc32 } = await digests(forbidden)
    expect(sha256()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256(text('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(crc32(text('123456789'))).toBe(0xcbf43926)
    expect(crc32(text(''))).toBe(0)
  })

  it('agree with Node’s for any bytes in any pieces', async () => {
    const { sha256, startCrc32 } = await digests(forbidden)
    const lengths = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 60_000, max: 140_000 })),
      {
        maxLength: 4
      }
    )
    fc.assert(
      fc.property(lengths, fc.nat(1000), (sizes, seed) => {
        const pieces = sizes.map((size, i) => bytes(size, seed + i))
        const whole = Buffer.concat(pieces)
        expect(sha256(...pieces)).toBe(createHash('sha256').update(whole).digest('hex'))
        const sum = startCrc32()
        pieces.forEach(piece => sum.update(piece))
        expect(sum.digest()).toBe(crcOfNode(whole))
      }),
      { numRuns: 40 }
    )
  })

  it('keep several under way apart', async () => {
    const { sha256, startSha256 } = await digests(forbidden)
    const [a, b] = [bytes(1000, 1), bytes(1000, 2)]
    const [first, second] = [startSha256(), startSha256()]
    first.update(a)
    second.update(b)
    first.update(b)
    expect([first.digest(), second.digest()]).toEqual([sha256(a, b), sha256(b)])
  })
})
