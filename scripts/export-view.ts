/**
 * Writes a view as an NPZ file (x_train, y_train, x_test, y_test; u8), so that other software can train on exactly the
 * images an experiment sees: `npx tsx scripts/export-view.ts digits|shapes|FOLDER OUT.npz [poolSize] [testSize] [dataSeed]`,
 * where FOLDER holds the files of one data set.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultKnobs } from '../src/core/datasource.ts'
import { readDataset } from '../src/data/readDataset.ts'
import { buildView, type ViewOrigin } from '../src/data/view.ts'
import { packView } from '../bench/data.ts'

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
  const view = buildView(await origin(from), knobs)
  const { pool, test, fingerprint, key } = view
  writeFileSync(out, packView(view))
  console.log(JSON.stringify({ key, fingerprint, pool: pool.labels.length, test: test.labels.length }))
}

await main(process.argv.slice(2))
