/**
 * The part that needs no network, as one file of code and one of data (and the PyTorch script, and what was fetched), for
 * machines that have a Node binary and little else; and the fast path's conformance suite as another.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fetched } from './fetch.ts'
import type { Options } from './options.ts'

export async function writeBundle({ bundle, cache, dawn }: Options, data: string): Promise<void> {
  const { build } = await import('vite')
  const folder = bundle!
  mkdirSync(folder, { recursive: true })
  const wasm = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
  )
  const carried = JSON.stringify({ wasm: readFileSync(wasm).toString('base64') })
  const programs = { 'bench.mjs': 'main.ts', 'conformance.mjs': 'conformance/main.ts' }
  for (const [file, entry] of Object.entries(programs)) {
    await build({
      root: join(import.meta.dirname, '..'),
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      resolve: { alias: { vitest: join(import.meta.dirname, 'conformance/vitest.ts') } },
      ssr: { noExternal: true, external: ['vite', 'playwright'] },
      build: {
        ssr: join(import.meta.dirname, entry),
        outDir: folder,
        emptyOutDir: false,
        target: 'node20',
        rolldownOptions: {
          output: {
            entryFileNames: file,
            codeSplitting: false,
            // Emscripten's code asks for what ES modules do not have
            banner: [
              `import { createRequire as requireFrom } from 'node:module'`,
              `Object.assign(globalThis, { require: requireFrom(import.meta.url), __dirname: import.meta.dirname })`,
              `globalThis.BENCH_BUNDLE = ${carried}`
            ].join('\n')
          }
        }
      }
    })
  }
  copyFileSync(data, join(folder, 'data.npz'))
  copyFileSync(join(import.meta.dirname, 'torch_step.py'), join(folder, 'torch_step.py'))
  const there = fetched(cache)
  const native = dawn ?? there.dawn
  if (native) copyFileSync(native, join(folder, 'dawn.node'))
  if (there.jax) cpSync(dirname(there.jax), join(folder, 'jax'), { recursive: true })
  console.log(
    `written: ${folder}/bench.mjs and what belongs to it; there: node bench.mjs, node conformance.mjs`
  )
}
