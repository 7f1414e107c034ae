/** Broken files: whatever is done to the bytes, the result is a data set that is sound or a DataError. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { readDataset } from '../../src/data/readDataset.ts'
import { join } from './containers.ts'
import { runs, stopwatch } from './fuzz.ts'
import { file, fourFiles, gzipped } from './idxFiles.ts'

type Change = { kind: 'flip' | 'cut' | 'insert' | 'repeat' | 'header'; at: number; value: number }

function changed(bytes: Uint8Array, { kind, at, value }: Change): Uint8Array {
  const i = Math.floor(at * bytes.length)
  switch (kind) {
    case 'flip': {
      const out = bytes.slice()
      out[i] ^= value || 1
      return out
    }
    case 'header': {
      const out = bytes.slice()
      out[Math.floor(at * 16)] = value
      return out
    }
    case 'cut':
      return bytes.slice(0, i)
    case 'insert':
      return Uint8Array.from([...bytes.slice(0, i), value, ...bytes.slice(i)])
    case 'repeat':
      return Uint8Array.from([...bytes, ...bytes.slice(i)])
  }
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'header'),
  // uniform: of doubles the generator likes those near 0
  at: fc.noBias(fc.nat(999_999)).map(n => n / 1e6),
  value: fc.nat(255)
})

it('reads mutated IDX files rightly or refuses them clearly', async () => {
  const entries = Object.entries(fourFiles())
  let refused = 0
  const watch = stopwatch('IDX')
  await fc.assert(
    fc.asyncProperty(
      fc.nat(3),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('plain', 'gzip', 'gzipThenChange', 'membersThenChange'),
      async (which, changes, how) => {
        const files = entries.map(([name, original], i) => {
          let bytes: Uint8Array = original
          if (how === 'gzipThenChange') bytes = gzipped(original)
          if (how === 'membersThenChange')
            bytes = join(gzipped(original.slice(0, 20)), gzipped(original.slice(20)))
          if (i === which) bytes = changes.reduce(changed, bytes)
          return file(name, how === 'gzip' ? gzipped(bytes) : bytes)
        })
        try {
          const { dataset } = await watch.read(() => readDataset(files))
          const { shape, classNames, pool, test } = dataset
          for (const set of [pool, test]) {
            expect(set.labels.length).toBeGreaterThan(0)
            expect(set.images.length).toBe(set.labels.length * shape.height * shape.width * shape.channels)
            expect(Math.max(...set.labels)).toBeLessThan(classNames.length)
          }
        } catch (error) {
          if (!(error instanceof DataError)) throw error
          refused++
        }
      }
    ),
    { numRuns: runs, seed: 20261122 }
  )
  watch.say()
  expect(refused).toBeGreaterThan(500)
})
