/**
 * The fast path's conformance suite (tests/engine) from one built file, in Node over Dawn: for machines with a GPU and
 * little else. `node conformance.mjs` beside dawn.node.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFast } from '../../src/engine/fast/open.ts'
import { openEngine } from '../../src/engine/index.ts'
import { conformanceOfFast } from '../../tests/engine/conformanceFast.ts'
import { installDawn } from '../hosts/dawn.ts'
import { run } from './vitest.ts'

const { wasm } = (globalThis as unknown as { BENCH_BUNDLE: { wasm: string } }).BENCH_BUNDLE
const wasmUrl = join(mkdtempSync(join(tmpdir(), 'dal-conformance-')), 'tfjs-backend-wasm-simd.wasm')
writeFileSync(wasmUrl, Buffer.from(wasm, 'base64'))
installDawn(join(import.meta.dirname, 'dawn.node'))
conformanceOfFast(
  options => openFast({ ...options, wasmUrl }),
  () => openEngine({ backend: 'wasm', wasmUrl }),
  process.argv.includes('--quick'),
  wasmUrl
)
const { passed, failed } = await run(line => console.log(line))
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${passed} passed, ${failed.length} failed`)
process.exit(failed.length ? 1 : 0)
