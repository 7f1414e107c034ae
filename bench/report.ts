/** What was measured, on the console and as a JSON document. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import type { Options } from './options.ts'
import type { GeometryTime, KernelTime } from './protocol.ts'
import { geometryTable, kernelTable, table, type Floor, type Ratio, type Row } from './table.ts'
import { REF } from './work.ts'

export interface Epoch {
  name: string
  seconds: number
}

const machine = () => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  platform: process.platform
})

function write(options: Options, document: object): void {
  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(
    options.out,
    JSON.stringify({ date: new Date().toISOString(), machine: machine(), ...document }, null, 1)
  )
  console.log(`\nwritten: ${options.out}`)
}

export function reportGeometry(
  geometry: readonly GeometryTime[],
  description: string | undefined,
  left: { name: string; error: string }[],
  options: Options
): void {
  const { cpu, cores } = machine()
  console.log(`\n${cpu}, ${cores} cores; ${options.where}; ${description ?? 'no GPU'}`)
  for (const { name, error } of left) console.log(`${name}: left out: ${error}`)
  if (geometry.length) console.log(`\n${geometryTable(geometry)}`)
  write(options, { where: options.where, description, geometry, leftOut: left })
}

export interface Measured {
  rows: Row[]
  floor?: Floor
  aims: Ratio[]
  left: { name: string; error: string }[]
  kernels?: KernelTime[]
  epochs: Epoch[]
}

export function report({ rows, floor, aims, left, kernels, epochs }: Measured, options: Options): void {
  const { cpu, cores: count } = machine()
  console.log(`\n${cpu}, ${count} cores; ${options.where}, network ${options.network}`)
  for (const { name, description } of rows) console.log(`${name}: ${description}`)
  for (const { name, error } of left) console.log(`${name}: left out: ${error}`)
  console.log(`\n${table(rows, floor)}\n`)
  console.log('~ from other figures of the row: one network after the other, or REF from its parts')
  if (options.ref && options.seeds < REF.seeds)
    console.log(`REF was run with ${options.seeds} of its ${REF.seeds} seeds and scaled`)
  for (const { what, value, target } of aims)
    console.log(`${what}: ${Number(value.toPrecision(3))} (aimed at: ${target})`)
  for (const { name, seconds } of epochs)
    console.log(`an epoch of SimCLR on the pool, ${name}: ${Number(seconds.toPrecision(3))} s`)
  if (kernels) console.log(`\n${kernelTable(kernels, options.kernels)}`)
  const { where, network, goes, seconds, cores, seeds } = options
  write(options, {
    options: { where, network, goes, seconds, cores, seeds },
    rows,
    floor,
    ratios: aims,
    kernels,
    epochs,
    leftOut: left
  })
}
