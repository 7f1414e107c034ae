import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileRecords } from '../../src/runtime/node/fileRecords.ts'
import { measurement, pick } from './fixtures.ts'

describe('records in a folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'dal-')), 'records')
  })
  afterEach(() => rm(join(folder, '..'), { recursive: true }))

  it('outlive the process, and nothing half-written is left', async () => {
    const before = await fileRecords(folder)
    await before.putMeasurement('a1', measurement())
    await before.putAll({ measurements: [['b2', measurement(30)]], picks: [['c3', pick()]] })
    await before.putMeasurement('a1', measurement(40))
    const after = await fileRecords(folder)
    expect(await after.getMeasurements(['b2', 'c3', 'a1'])).toEqual([
      measurement(30),
      undefined,
      measurement(40)
    ])
    expect(await after.getPicks(['c3', 'a1'])).toEqual([pick(), undefined])
    expect((await readdir(folder)).sort()).toEqual([
      'measurement-a1.json',
      'measurement-b2.json',
      'pick-c3.json'
    ])
  })

  it('that are cut off, damaged or of another schema are missing', async () => {
    const records = await fileRecords(folder)
    await records.putMeasurement('a', measurement())
    const text = await readFile(join(folder, 'measurement-a.json'), 'utf8')
    await writeFile(join(folder, 'measurement-cut.json'), text.slice(0, -5))
    await writeFile(join(folder, 'measurement-empty.json'), '')
    await writeFile(join(folder, 'measurement-later.json'), text.replace('"schema":1', '"schema":2'))
    await writeFile(join(folder, 'measurement-wrong.json'), text.replace('"testSize":10', '"testSize":99'))
    expect(await records.getMeasurements(['cut', 'empty', 'later', 'wrong', 'a'])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      measurement()
    ])
  })

  it('never leave the folder', async () => {
    const records = await fileRecords(folder)
    await expect(records.putPick('../x', pick())).rejects.toBeInstanceOf(RangeError)
    expect(await records.getPicks(['../x'])).toEqual([undefined])
  })

  it('read very many keys', async () => {
    const records = await fileRecords(folder)
    await records.putPick('k77', pick())
    const found = await records.getPicks(Array.from({ length: 500 }, (_, i) => `k${i}`))
    expect(found.map((p, i) => (p ? i : -1)).filter(i => i >= 0)).toEqual([77])
  })
})
