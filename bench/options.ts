/** The command line of the benchmark. */
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { networks, type NetworkName } from '../src/core/network.ts'

export const USAGE = `npm run bench -- [options]
  --where chromium|node   where JavaScript runs (default: chromium; the bundle knows only node)
  --data FOLDER|FILE      MNIST-style IDX files, or a data file that --bundle wrote (default: the built-in digits)
  --network NAME          small, reference (default) or large
  --only a,b,c            of fast, reference, wasm, layers-webgpu, layers-wasm, jax, floor, torch, torch-cpu
  --goes N --seconds S    goes of each case (5), seconds of one (1)
  --sizes 1,6,18,36       cohorts that are measured, of those that train several replicas at once
  --patience S            a case is left out whose step would take longer (20)
  --cores N               copies of those that use one core each (default: all cores)
  --software              Chromium's software adapter (SwiftShader)
  --flags "..."           more flags for Chromium
  --python PROGRAM        with torch and numpy (default: python3)
  --fetch                 fetches what is no dependency into the cache folder: npm webgpu (132 MB), @jax-js/jax
  --cache FOLDER          default: ~/.cache/dal-playground
  --dawn FILE             dawn.node, for --where node (default: the fetched one)
  --kernels N             times every dispatch of a training step of N replicas on the fast path as well
  --pretraining           times an epoch of SimCLR on the pool with fast and wasm as well
  --geometry              times the fast path's distances beside the processor's, and nothing else
  --ref                   runs REF itself, where it can be: fast, wasm, and --peer
  --seeds N               of its 3 seeds; the time is scaled to 3, and it is said so
  --peer SCRIPT           a program that runs REF: SCRIPT DATA.npz OUT.json --seeds 0,1,2
  --out FILE              JSON (default: bench-results/bench.json)
  --bundle FOLDER         writes bench.mjs, data.npz and torch_step.py there instead of measuring (see bench/README.md)
  --demo                  times a newcomer's first minutes on the built page instead`

export const ALL = [
  'fast',
  'reference',
  'layers-webgpu',
  'jax',
  'wasm',
  'layers-wasm',
  'torch',
  'torch-cpu',
  'floor'
] as const

export interface Options {
  where: 'chromium' | 'node'
  data?: string
  network: NetworkName
  only: readonly string[]
  goes: number
  seconds: number
  patience: number
  sizes: number[]
  cores: number
  flags: string[]
  python: string
  /** replicas of the step whose dispatches are timed; 0: they are not */
  kernels: number
  pretraining: boolean
  geometry: boolean
  fetch: boolean
  cache: string
  dawn?: string
  ref: boolean
  seeds: number
  peer?: string
  out: string
  bundle?: string
  demo: boolean
}

export class UsageError extends Error {}

export function readOptions(argv: string[], bundled: boolean): Options {
  const { values } = parse(argv)
  if (values.help) throw new UsageError('Who trains and scores how fast.')
  const where = values.where ?? (bundled ? 'node' : 'chromium')
  if (where !== 'node' && (bundled || where !== 'chromium'))
    throw new UsageError(`--where: ${where} is not possible here`)
  const network = values.network ?? 'reference'
  if (!(network in networks)) throw new UsageError(`--network: there is no network ${network}`)
  const only = values.only?.split(',') ?? ALL
  for (const name of only)
    if (!(ALL as readonly string[]).includes(name)) throw new UsageError(`--only: there is no ${name}`)
  const positive = (
    name: 'goes' | 'seconds' | 'cores' | 'seeds' | 'patience' | 'kernels',
    otherwise: number,
    whole = true
  ) => {
    const value = Number(values[name] ?? otherwise)
    if (!(value > 0) || (whole && !Number.isInteger(value)))
      throw new UsageError(`--${name} is a ${whole ? 'whole ' : ''}number above 0`)
    return value
  }
  const sizes = (values.sizes ?? '1,6,18,36').split(',').map(Number)
  if (!sizes.every((n, i) => Number.isInteger(n) && n > (sizes[i - 1] ?? 0)))
    throw new UsageError('--sizes are whole numbers, ascending')
  return {
    where,
    data: values.data,
    network: network as NetworkName,
    only,
    goes: positive('goes', 5),
    seconds: positive('seconds', 1, false),
    patience: positive('patience', 20, false),
    sizes,
    cores: positive('cores', availableParallelism()),
    flags: [
      ...(values.software ? ['--use-webgpu-adapter=swiftshader'] : []),
      ...(values.flags?.split(' ').filter(Boolean) ?? [])
    ],
    python: values.python ?? 'python3',
    kernels: values.kernels === undefined ? 0 : positive('kernels', 36),
    pretraining: values.pretraining ?? false,
    geometry: values.geometry ?? false,
    fetch: values.fetch ?? false,
    cache: values.cache ?? join(homedir(), '.cache', 'dal-playground'),
    dawn: values.dawn,
    ref: values.ref ?? false,
    seeds: Math.min(3, positive('seeds', 3)),
    peer: values.peer,
    out: values.out ?? 'bench-results/bench.json',
    bundle: values.bundle,
    demo: values.demo ?? false
  }
}

function parse(argv: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: argv,
      options: {
        ...{ where: text, data: text, network: text, only: text, goes: text, seconds: text, cores: text },
        ...{ software: flag, flags: text, python: text, fetch: flag, cache: text, dawn: text, ref: flag },
        ...{
          seeds: text,
          sizes: text,
          patience: text,
          kernels: text,
          geometry: flag,
          peer: text,
          out: text,
          bundle: text,
          demo: flag,
          pretraining: flag,
          help: flag
        }
      }
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}`)
  }
}
