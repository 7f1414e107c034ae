/**
 * npm run bench: who trains and scores how fast, in one run on one machine. See README.md beside this. The same program,
 * built into one file, runs where there is nothing but Node.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packView, unpackView } from './data.ts'
import { serveProcess, nodeHost } from './hosts/node.ts'
import { serveTrainer, startTrainer } from './hosts/trainers.ts'
import { pythonHost } from './hosts/python.ts'
import { ALL, readOptions, USAGE, UsageError, type Options } from './options.ts'
import type { Host } from './hosts/host.ts'
import type { PageHost } from './hosts/page.ts'
import { timeQuestions } from './geometry.ts'
import type { KernelTime, Reply, Setup } from './protocol.ts'
import { runReference } from './reference.ts'
import { casesOf, takeTimes, type Entrant } from './suite.ts'
import { report, reportGeometry, type Epoch } from './report.ts'
import { ratios, type Floor, type Row } from './table.ts'
import { onGpu } from './contender.ts'
import { architectureFor, costOfStep, REF, type NeedName } from './work.ts'

/** What the built file carries; undefined in the repository. */
const bundle = (globalThis as { BENCH_BUNDLE?: { wasm: string } }).BENCH_BUNDLE
const here = import.meta.dirname

const everyNeed: readonly NeedName[] = ['probabilities', 'embeddings', 'passes', 'views']

/** Writes the data file: what --data names, cut to REF's size, or the built-in digits. */
async function writeData(data: string | undefined, to: string): Promise<void> {
  const given = data ?? (bundle && join(here, 'data.npz'))
  if (given && existsSync(given) && statSync(given).isFile()) return writeFileSync(to, readFileSync(given))
  const { buildView } = await import('../src/data/view.ts')
  const { knobsOf } = await import('../src/core/experiment/parts.ts')
  const { readDataset } = await import('../src/data/readDataset.ts')
  const { readFolder } = await import('../src/runtime/node/files.ts')
  const origin = given
    ? ({ kind: 'stored', dataset: (await readDataset(await readFolder(given))).dataset } as const)
    : ({ kind: 'synthetic', id: 'digits' } as const)
  writeFileSync(to, packView(buildView(origin, knobsOf(REF))))
}

/** Those that train several replicas at once. */
const together = ['fast', 'jax']

async function bench(options: Options, data: string, folder: string): Promise<boolean> {
  const { carriedAlong, fetched } = await import('./fetch.ts')
  const { dawn, jax } = bundle ? carriedAlong(here) : fetched(options.cache)
  const setup: Setup = {
    data,
    network: options.network,
    threads: 1,
    jax: jax && new URL(`file://${jax}`).href,
    dawn: options.dawn ?? dawn,
    wasm: bundle && inlinedWasm(folder)
  }
  const script = join(here, 'torch_step.py')
  const hosts: Host[] = []
  let page: PageHost | undefined
  const opened: { entrant: Entrant; shared: boolean }[] = []
  const left: { name: string; error: string }[] = []
  let floor: Floor | undefined

  const open = async (host: Host, name: string, copies: number, needs: readonly NeedName[]) => {
    console.log(`opening ${name}`)
    const asks = await Promise.all(Array.from({ length: copies }, () => host.start(name)))
    const replies = await Promise.all(asks.map(ask => ask({ do: 'open', setup: host.setup(setup) })))
    const failed = replies.find(reply => reply.error)
    if (failed) {
      left.push({ name, error: failed.error! })
      return console.log(`  left out: ${failed.error}`)
    }
    const { description = '' } = replies[0]
    console.log(`  ${description}${copies > 1 ? `, ${copies} copies` : ''}`)
    if (name === 'floor') return measureFloor(description, await asks[0]({ do: 'peaks' }))
    const entrant = {
      name,
      copies: asks,
      description,
      together: together.includes(name) ? options.sizes : [1],
      needs
    }
    opened.push({ entrant, shared: ['fast', 'reference', 'wasm'].includes(name) })
  }
  const measureFloor = (description: string, { peaks, error }: Reply) => {
    if (!peaks) return left.push({ name: 'floor', error: error ?? 'not measured' })
    const cost = costOfStep(architectureFor(view, options.network))
    floor = { description, peaks, cost }
    const { gigaflops, gigabytes, dispatchMicroseconds } = peaks
    console.log(
      `  ${gigaflops.toFixed(0)} GFLOP/s, ${gigabytes.toFixed(1)} GB/s, ${dispatchMicroseconds.toFixed(2)} us a dispatch`
    )
  }
  const view = unpackView(readFileSync(data))

  try {
    if (options.where === 'chromium') {
      const { pageHost } = await import('./hosts/page.ts')
      page = await pageHost(options.flags, data, jax)
      hosts.push(page)
    } else hosts.push(nodeHost())
    const [scripts] = hosts
    const wants = (name: string) => (options.geometry ? name === 'fast' : options.only.includes(name))
    for (const name of ALL.filter(wants)) {
      if (name === 'torch' || name === 'torch-cpu') continue
      const ours = ['fast', 'reference', 'wasm'].includes(name)
      await open(scripts, name, name === 'wasm' ? options.cores : 1, ours ? everyNeed : ['probabilities'])
    }
    for (const name of ['torch', 'torch-cpu'].filter(wants)) {
      const cpu = name === 'torch-cpu'
      if (!cpu && !hasCuda(options.python)) {
        left.push({ name, error: 'PyTorch finds no CUDA here' })
        continue
      }
      const python = pythonHost(options.python, script, cpu)
      hosts.push(python)
      await open(python, name, cpu ? options.cores : 1, everyNeed)
    }
    if (options.geometry) {
      const [fast] = opened
      const geometry = fast ? await timeQuestions(fast.entrant.copies[0], options, console.log) : []
      reportGeometry(geometry, fast?.entrant.description, left, options)
      return geometry.length > 0
    }
    const times = await takeTimes(
      casesOf(opened.map(o => o.entrant)),
      { ...options, told: line => console.log(line) },
      view.pool.labels.length - 320
    )
    const rows: Row[] = opened.map(({ entrant, shared }) => ({
      name: entrant.name,
      description: entrant.description,
      times: times.filter(t => t.name === entrant.name),
      shared
    }))
    const kernels = options.kernels ? await timeKernels(opened, options.kernels) : undefined
    const epochs = options.pretraining ? await timeEpochs(opened) : []
    if (options.ref) await runReferences(rows, options, data, page, setup, folder)
    const software = /swiftshader|llvmpipe|lavapipe/i.test(
      [floor?.description, ...rows.filter(r => onGpu.includes(r.name)).map(r => r.description)].join()
    )
    const aims = ratios(rows, floor, software, options.where === 'node')
    report({ rows, floor, aims, left, kernels, epochs }, options)
    return rows.length > 0
  } finally {
    for (const host of hosts) await host.close()
  }
}

/** Of the fast path, if it takes part. */
async function timeKernels(
  opened: readonly { entrant: Entrant }[],
  replicas: number
): Promise<KernelTime[] | undefined> {
  const fast = opened.find(({ entrant }) => entrant.name === 'fast')
  if (!fast) return undefined
  console.log(`the kernels of a step of ${replicas} replicas`)
  const { kernels, error } = await fast.entrant.copies[0]({ do: 'kernels', replicas })
  if (error) console.log(`  failed: ${error}`)
  return kernels
}

/** Of SimCLR, with our engines that take part. */
async function timeEpochs(opened: readonly { entrant: Entrant }[]): Promise<Epoch[]> {
  const times: Epoch[] = []
  for (const { entrant } of opened) {
    if (entrant.name !== 'fast' && entrant.name !== 'wasm') continue
    console.log(`an epoch of SimCLR: ${entrant.name}`)
    const { milliseconds, error } = await entrant.copies[0]({ do: 'epoch' })
    if (milliseconds === undefined) console.log(`  failed: ${error}`)
    else times.push({ name: entrant.name, seconds: milliseconds / 1000 })
  }
  return times
}

function hasCuda(python: string): boolean {
  const code = 'import sys, torch; sys.exit(0 if torch.cuda.is_available() else 1)'
  return spawnSync(python, ['-c', code]).status === 0
}

/** The bundle carries tfjs's WASM binary as text; Emscripten wants a file. */
function inlinedWasm(folder: string): string {
  const path = join(folder, 'tfjs-backend-wasm-simd.wasm')
  writeFileSync(path, Buffer.from(bundle!.wasm, 'base64'))
  return path
}

async function runReferences(
  rows: Row[],
  options: Options,
  data: string,
  page: PageHost | undefined,
  setup: Setup,
  folder: string
): Promise<void> {
  const { seeds } = options
  const scaled = (seconds: number) => ({ seconds: (seconds * REF.seeds) / seeds, seeds })
  for (const row of rows) {
    if (row.name !== 'fast' && row.name !== 'wasm') continue
    console.log(`REF with ${seeds} seed(s): ${row.name}`)
    const [backend, workers] =
      row.name === 'fast' ? (['webgpu', 1] as const) : (['wasm', options.cores] as const)
    const reply: Reply = page
      ? await page.reference(backend, workers, seeds, page.setup(setup).data)
      : await runReference({
          backend,
          workers,
          seeds,
          view: unpackView(readFileSync(data)),
          createWorker: startTrainer(setup.dawn, setup.wasm)
        }).then(
          milliseconds => ({ milliseconds }),
          error => ({ error: String(error) })
        )
    if (reply.error) console.log(`  failed: ${reply.error}`)
    else row.reference = scaled(reply.milliseconds! / 1000)
  }
  if (!options.peer) return
  console.log(`REF with ${seeds} seed(s): ${options.peer}`)
  const out = join(folder, 'peer.json')
  const list = Array.from({ length: seeds }, (_, i) => i).join()
  const began = Date.now()
  const { status } = spawnSync(options.python, [options.peer, data, out, '--seeds', list], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  if (status !== 0) return console.log(`  failed (${status})`)
  const { seconds = (Date.now() - began) / 1000 } = JSON.parse(readFileSync(out, 'utf8')) as {
    seconds?: number
  }
  rows.push({ name: 'peer', description: options.peer, times: [], shared: false, reference: scaled(seconds) })
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2), bundle !== undefined)
  if (options.demo) return (await import('./demo.ts')).timeDemo()
  if (options.fetch) (await import('./fetch.ts')).fetchPeers(options.cache)
  const folder = mkdtempSync(join(tmpdir(), 'dal-bench-'))
  try {
    const data = join(folder, 'data.npz')
    await writeData(options.data, data)
    if (!options.bundle) return await bench(options, data, folder)
    await (await import('./bundle.ts')).writeBundle(options, data)
    return true
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [call, ...values] = process.argv.slice(2)
if (call === '--serve') serveProcess(values[0])
else if (call === '--train') serveTrainer(values[0], values[1])
else {
  try {
    process.exit((await main()) ? 0 : 1)
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error)
    process.exit(1)
  }
}
