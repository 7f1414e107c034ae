/**
 * Writes a view as an NPZ file (x_train, y_train, x_test, y_test; u8), so that other software can train on exactly the
 * images an experiment sees: `npx tsx scripts/export-view.ts digits|shapes|FOLDER OUT.npz [poolSize] [testSize] [dataSeed]`,
 * where FOLDER holds the files of one data set.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { defaultKnobs } from '../src/core/datasource.ts'
import { readDataset } from '../src/data/formats/index.ts'
import { buildView, type ViewOrigin } from '../src/data/view.ts'

/** A u8 array in NPY format 1.0: magic, header length, a Python dict padded to a multiple of 64 bytes, the values. */
function npy(values: Uint8Array, shape: number[]): Buffer {
  const dict = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + '\n'
  const length = Buffer.alloc(2)
  length.writeUInt16LE(header.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), values])
}

/** A ZIP archive of uncompressed entries. */
function zip(entries: Record<string, Buffer>): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, data] of Object.entries(entries)) {
    // what local header and directory entry have in common: version 2.0, no flags, stored, 1 January 1980, sizes, name
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(33, 8)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    bodies.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), data)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name))
    offset += 30 + name.length + data.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(bodies.length / 4, 4)
  end.writeUInt16LE(bodies.length / 4, 6)
  end.writeUInt32LE(index.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, index, Buffer.from('PK\x05\x06'), end])
}

async function origin(from: string): Promise<ViewOrigin> {
  if (from === 'digits' || from === 'shapes') return { kind: 'synthetic', id: from }
  const files = readdirSync(from).map(name => ({ name, blob: new Blob([readFileSync(join(from, name))]) }))
  return { kind: 'stored', dataset: (await readDataset(files)).dataset }
}

async function main([from, out, poolSize, testSize, dataSeed]: string[]): Promise<void> {
  if (!from || !out)
    throw new Error('usage: export-view.ts digits|shapes|FOLDER OUT.npz [poolSize] [testSize] [dataSeed]')
  const knobs = {
    ...defaultKnobs,
    poolSize: Number(poolSize ?? defaultKnobs.poolSize),
    testSize: Number(testSize ?? defaultKnobs.testSize),
    dataSeed: Number(dataSeed ?? defaultKnobs.dataSeed)
  }
  const { shape, pool, test, fingerprint, key } = buildView(await origin(from), knobs)
  const { height, width, channels } = shape
  const image = channels === 1 ? [height, width] : [height, width, channels]
  const entries = Object.entries({ train: pool, test }).flatMap(([part, { images, labels }]) => [
    [`x_${part}.npy`, npy(images, [labels.length, ...image])],
    [`y_${part}.npy`, npy(Uint8Array.from(labels), [labels.length])]
  ])
  writeFileSync(out, zip(Object.fromEntries(entries)))
  console.log(JSON.stringify({ key, fingerprint, pool: pool.labels.length, test: test.labels.length }))
}

await main(process.argv.slice(2))
