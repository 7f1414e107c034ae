/** The table and the ratios that were aimed at. */
import { estimateReference, imagesPerSecond, stepMilliseconds } from './estimate.ts'
import type { GeometryTime, KernelTime, Peaks } from './protocol.ts'
import type { Times } from './suite.ts'
import { BATCH, type NeedName } from './work.ts'

export const SIZES = [1, 6, 18, 36] as const

export interface Row {
  name: string
  description: string
  times: Times[]
  /** it shares trainings among arms, as the app does */
  shared: boolean
  /** REF as it was run, with how many of its seeds, if it was */
  reference?: { seconds: number; seeds: number }
}

export interface Floor {
  description: string
  peaks: Peaks
  /** of one replica's step: see costOfStep */
  cost: { dense: number; sparse: number; bytes: number }
}

const number = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return ''
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(digits)))
}

/** Milliseconds below which no step of so many replicas can stay on this adapter. */
export function floorMilliseconds(
  { peaks, cost }: Floor,
  replicas: number,
  count: 'dense' | 'sparse',
  dispatches: number
) {
  return Math.max(
    (replicas * cost[count]) / peaks.gigaflops / 1e6,
    (replicas * cost.bytes) / peaks.gigabytes / 1e6,
    (dispatches * peaks.dispatchMicroseconds) / 1000
  )
}

export const dispatchesOf = (row: Row | undefined) =>
  row?.times.find(t => !t.need && t.dispatches)?.dispatches ?? 0

export const secondsOfReference = (row: Row): number =>
  row.reference ? row.reference.seconds : estimateReference(row.times, row.shared)

function print(lines: string[][]): string {
  const widths = lines[0].map((_, c) => Math.max(...lines.map(line => line[c].length)))
  const show = (line: string[]) =>
    line.map((cell, c) => (c ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join('  ')
  return [show(lines[0]), widths.map(w => '-'.repeat(w)).join('  '), ...lines.slice(1).map(show)].join('\n')
}

export function table(rows: readonly Row[], floor: Floor | undefined): string {
  const head = [
    'ms a step for replicas:',
    ...SIZES.map(String),
    'images/s at 36',
    'dispatches',
    'scored/s',
    '20 passes/s',
    '6 views/s',
    'REF, s'
  ]
  const lines = rows.map(row => {
    const steps = SIZES.map(size => {
      const measured = row.times.some(
        t => !t.need && t.copies === 1 && t.replicas === size && t.all.length > 0
      )
      const ms = number(stepMilliseconds(row.times, size))
      return ms && !measured ? `~${ms}` : ms
    })
    const rate = (need: NeedName) => number(imagesPerSecond(row.times, need))
    const seconds = number(secondsOfReference(row))
    return [
      row.name,
      ...steps,
      number((36 * BATCH * 1000) / stepMilliseconds(row.times, 36)),
      number(dispatchesOf(row) || NaN),
      rate('probabilities'),
      rate('passes'),
      rate('views'),
      row.reference || !seconds ? seconds : `~${seconds}`
    ]
  })
  const dispatches = dispatchesOf(rows.find(r => r.name === 'fast'))
  const floors = floor
    ? (['sparse', 'dense'] as const).map(count => {
        const at = (size: number) => floorMilliseconds(floor, size, count, dispatches)
        const images = number((36 * BATCH * 1000) / at(36))
        return [
          `floor, ${count}`,
          ...SIZES.map(size => number(at(size))),
          images,
          number(dispatches || NaN),
          '',
          '',
          '',
          ''
        ]
      })
    : []
  return print([head, ...lines, ...floors])
}

/** Microseconds of every dispatch of a step, and its part of them all. */
export function kernelTable(kernels: readonly KernelTime[], replicas: number): string {
  const all = kernels.reduce((sum, { microseconds }) => sum + microseconds, 0)
  const line = (name: string, microseconds: number) => [
    name,
    number(microseconds),
    `${number((100 * microseconds) / all, 2)} %`
  ]
  return print([
    [`a step of ${replicas} replicas`, 'us', ''],
    ...kernels.map(({ name, microseconds }) => line(name, microseconds)),
    line('all', all)
  ])
}

/** Distances on the device beside the processor's. */
export function geometryTable(times: readonly GeometryTime[]): string {
  const share = (part: number) => `${number(100 * part, 4)} %`
  return print([
    ['candidates x numbers', 'from', 'first, ms', 'GPU, ms', 'processor, ms', 'float32', 'judged', 'same'],
    ...times.map(({ question, first, device, processor, certain, judged, same }) => {
      const { what, candidates, size, labelled, k } = question
      return [
        `${what}, ${number(candidates)} x ${size}`,
        what === 'farthest first' ? `${number(labelled)} labelled, k = ${k}` : `k = ${k}`,
        number(first),
        number(device),
        number(processor),
        share(certain),
        share(judged),
        same ? 'yes' : 'NO'
      ]
    })
  ])
}

export interface Ratio {
  what: string
  value: number
  target: string
}

/** What was aimed at, where both sides were measured. More is better unless the target says "at most". */
export function ratios(
  rows: readonly Row[],
  floor: Floor | undefined,
  software: boolean,
  /** a software adapter computes in the very process whose processor time was taken */
  within = false
): Ratio[] {
  const of = (name: string) => rows.find(row => row.name === name)
  const out: Ratio[] = []
  const add = (what: string, value: number | undefined, target: string) => {
    if (value !== undefined && Number.isFinite(value)) out.push({ what, value, target })
  }
  const reference = (slow?: Row, quick?: Row) =>
    slow && quick && secondsOfReference(slow) / secondsOfReference(quick)
  const step = (size: number, slow?: Row, quick?: Row) =>
    slow && quick && stepMilliseconds(slow.times, size) / stepMilliseconds(quick.times, size)
  /** the same in processor time, which other load on the machine disturbs less */
  const processor = (need: NeedName | undefined, slow?: Row, quick?: Row, size = 1) => {
    // who trains one after the other takes as many times as long
    const of = (row?: Row) => {
      const alone = row?.times.filter(t => t.need === need && t.copies === 1 && t.processor !== undefined)
      const own = alone?.find(t => t.replicas === size) ?? alone?.find(t => t.replicas === 1)
      return own && (own.processor! * size) / own.replicas
    }
    return of(slow)! / of(quick)!
  }
  const [fast, wasm, torchCpu] = [of('fast'), of('wasm'), of('torch-cpu')]
  const [layers, jax] = [of('layers-webgpu'), of('jax')]
  add('tf.layers on WebGPU / fast, REF', reference(layers, fast), software ? '8' : '20')
  if (software && within)
    add('a step of 18 replicas, in processor time', processor(undefined, layers, fast, 18), '8')
  add('jax-js / fast, a step of 18 replicas', step(18, jax, fast), '2')
  if (software && within) add('in processor time', processor(undefined, jax, fast, 18), '2')
  add('PyTorch (CUDA) / fast, REF', reference(of('torch'), fast), '5')
  if (floor && fast) {
    const least = floorMilliseconds(floor, 36, 'sparse', dispatchesOf(fast))
    add('fast / floor, a step of 36 replicas', stepMilliseconds(fast.times, 36) / least, 'at most 2')
  }
  const peer = of('peer')
  add('peer / wasm on all cores, REF', reference(peer ?? torchCpu, wasm), '1')
  add('wasm / PyTorch, a step, one thread each', step(1, wasm, torchCpu), 'at most 1.3; below 1')
  add('in processor time', processor(undefined, wasm, torchCpu), 'at most 1.3; below 1')
  const busy = (row?: Row) => row?.times.find(t => !t.need && t.copies > 1)?.milliseconds
  const [oursBusy, theirsBusy] = [busy(wasm), busy(torchCpu)]
  if (oursBusy && theirsBusy)
    add('the same with all cores at work', oursBusy / theirsBusy, 'at most 1.3; below 1')
  const score = (row?: Row) =>
    row?.times.find(t => t.need === 'probabilities' && t.copies === 1)?.milliseconds
  const [oursScore, theirsScore] = [score(wasm), score(torchCpu)]
  if (oursScore && theirsScore)
    add('wasm / PyTorch, scoring, one thread each', oursScore / theirsScore, 'at most 1.3; below 1')
  add('in processor time', processor('probabilities', wasm, torchCpu), 'at most 1.3; below 1')
  add('tf.layers on WASM / wasm, a step, one thread', step(1, of('layers-wasm'), wasm), '3')
  add('in processor time', processor(undefined, of('layers-wasm'), wasm), '3')
  return out
}
