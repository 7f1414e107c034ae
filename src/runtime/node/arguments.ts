/** The command line of the headless runner. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { BackendName } from '../../core/engine.ts'

export const USAGE = `npm run experiment -- --spec spec.json [--data folder-or-file] [--backend wasm|webgpu|cpu]
                     [--shard i/n] [--workers k] [--records folder] --out result.json
npm run experiment -- --merge a.json b.json ... --out result.json

  --spec     the experiment (docs/schema.md), or a result of it; rows that are left out mean their frozen value
  --data     files of a data set, for specs whose source is not a built-in one (it replaces the spec's source)
  --backend  what trains: wasm (default), webgpu (needs: npm install --no-save webgpu), cpu
  --shard    deals whole seeds: 0/4 takes the first of every four
  --workers  threads (default: one a core; webgpu: one)
  --records  keeps finished rounds in a folder, so that a killed job goes on where it was
  --merge    joins the results of shards instead of computing
  --out      where the result goes; the page opens it by drag and drop

Ends with 0 where the result is whole (of --merge: where it is written, naming the seeds that nobody has run), else with 1.`

export interface Arguments {
  spec?: string
  data?: string
  backend: BackendName
  shard: { index: number; of: number }
  workers: number
  records?: string
  merge?: string[]
  out: string
}

export class UsageError extends Error {}
/** The usage was asked for. */
export class HelpWanted extends Error {}

/** Throws UsageError, or HelpWanted. */
export function readArguments(argv: string[]): Arguments {
  const { values, positionals } = parse(argv)
  if (values.help) throw new HelpWanted()
  const backend = (values.backend ?? 'wasm') as BackendName
  if (!['wasm', 'webgpu', 'cpu'].includes(backend))
    throw new UsageError(`--backend: there is no backend ${backend}`)
  if (!values.out) throw new UsageError('--out is missing')
  if (!values.merge && positionals.length)
    throw new UsageError(`${positionals[0]}: only --merge takes files without an option before them`)
  if (values.merge ? positionals.length < 1 : !values.spec)
    throw new UsageError(values.merge ? '--merge needs result files' : '--spec is missing')
  const shard = /^(\d+)\/(\d+)$/.exec(values.shard ?? '0/1')
  if (!shard || Number(shard[1]) >= Number(shard[2]))
    throw new UsageError('--shard is i/n with i from 0 to n - 1')
  const workers = Number(values.workers ?? (backend === 'webgpu' ? 1 : availableParallelism()))
  if (!Number.isInteger(workers) || workers < 1) throw new UsageError('--workers is a whole number from 1')
  return {
    spec: values.spec,
    data: values.data,
    backend,
    shard: { index: Number(shard[1]), of: Number(shard[2]) },
    workers,
    records: values.records,
    merge: values.merge ? positionals : undefined,
    out: values.out
  }
}

function parse(argv: string[]) {
  try {
    const text = { type: 'string' } as const
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        spec: text,
        data: text,
        backend: text,
        shard: text,
        workers: text,
        records: text,
        out: text,
        merge: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' }
      }
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
