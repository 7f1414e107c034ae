/** The command line of the study. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { BackendName } from '../../src/core/engine.ts'
import { SETS, type SetName } from './sets.ts'

export const USAGE = `npm run study -- [options]
  --only a,b        entries by name (default: all; --list tells them)
  --sets a,b        of ${SETS.join(', ')} (default: all that are there)
  --mnist PATH      folder or file of MNIST, for the entries on it
  --cifar10 PATH    folder or file of CIFAR-10
  --seeds N         default: what each entry asks for (5, 10 or 20)
  --quick           small pools and networks, short pretrainings: to try the study, not to believe it
  --backend NAME    wasm (default), webgpu (needs: npm install --no-save webgpu), cpu
  --workers N       threads (default: one a core; webgpu: one)
  --out FOLDER      where trainings, encoders and the report are kept (default: study-results); what is there is not
                    computed again, so that a study that was interrupted goes on
  --list            names and claims of the entries
  --help            this`

export interface Options {
  only?: string[]
  sets: SetName[]
  paths: Partial<Record<SetName, string>>
  seeds?: number
  quick: boolean
  backend: BackendName
  workers: number
  out: string
  list: boolean
  help: boolean
}

/** Throws Error with one sentence about what is wrong. */
export function readOptions(argv: string[]): Options {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args: argv,
    options: {
      only: text,
      sets: text,
      mnist: text,
      cifar10: text,
      seeds: text,
      quick: flag,
      backend: text,
      workers: text,
      out: text,
      list: flag,
      help: { ...flag, short: 'h' }
    }
  })
  const whole = (name: 'seeds' | 'workers') => {
    const value = values[name]
    if (value === undefined) return undefined
    if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} is a whole number from 1`)
    return Number(value)
  }
  const backend = (values.backend ?? 'wasm') as BackendName
  if (!['wasm', 'webgpu', 'cpu'].includes(backend))
    throw new Error(`--backend: there is no backend ${backend}`)
  const sets = (values.sets?.split(',') ?? [...SETS]) as SetName[]
  const strange = sets.find(set => !SETS.includes(set))
  if (strange !== undefined) throw new Error(`--sets: there is no set ${strange}`)
  return {
    only: values.only?.split(','),
    sets,
    paths: { mnist: values.mnist, cifar10: values.cifar10 },
    seeds: whole('seeds'),
    quick: values.quick ?? false,
    backend,
    workers: whole('workers') ?? (backend === 'webgpu' ? 1 : availableParallelism()),
    out: values.out ?? 'study-results',
    list: values.list ?? false,
    help: values.help ?? false
  }
}
