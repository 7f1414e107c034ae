/**
 * Sets our curves beside those of another program that obeys the same law (a JSON with `runs: [{initial, strategy, seed,
 * curve: [[labels, accuracy], ...]}]`): per arm and label count both means, their difference in standard errors, and how
 * many cells lie far apart. Seeds are different draws on the two sides, so the samples are independent.
 * usage: npx tsx scripts/compare-peer.ts ours.json[,ours2.json...] peer.json[,peer2.json...]
 */
import { readFileSync } from 'node:fs'
import { mergeResults } from '../src/core/exchange/merge.ts'
import { readText } from '../src/core/exchange/schema.ts'
import { mean, variance } from '../src/core/statistics/interval.ts'

interface PeerRun {
  initial: number
  strategy: string
  curve: [number, number][]
}

const [ours, peers] = process.argv.slice(2).map(list => list.split(','))
if (!ours || !peers) {
  console.error('usage: npx tsx scripts/compare-peer.ts ours.json[,ours2.json...] peer.json[,peer2.json...]')
  process.exit(1)
}
const results = ours.map(path => {
  const document = readText(readFileSync(path, 'utf8'))
  if (!('result' in document)) throw new Error(`${path} holds no result`)
  return document.result
})
const result = results.length > 1 ? mergeResults(results) : results[0]

type Cells = Map<string, number[]>
const put = (cells: Cells, arm: string, n: number, value: number) => {
  const name = `${arm} ${n}`
  cells.set(name, [...(cells.get(name) ?? []), value])
}
const here: Cells = new Map()
for (const { arm, points } of result.runs) {
  for (const p of points)
    put(
      here,
      `${arm.initialSize} ${arm.strategy.toLowerCase()}`,
      p.labelCount,
      p.correct / result.dataset.testSize
    )
}
const there: Cells = new Map()
for (const path of peers) {
  const { runs } = JSON.parse(readFileSync(path, 'utf8')) as { runs?: PeerRun[] }
  if (!runs?.every(run => Array.isArray(run.curve))) throw new Error(`${path}: no runs with a curve each`)
  for (const { initial, strategy, curve } of runs)
    for (const [n, accuracy] of curve) put(there, `${initial} ${strategy}`, n, accuracy)
}

const distances: number[] = []
const differences: number[] = []
console.log('cell                      ours    peer    difference  in standard errors')
for (const [name, a] of here) {
  const b = there.get(name)
  // one seed has no standard error
  if (!b || a.length < 2 || b.length < 2) continue
  const difference = mean(a) - mean(b)
  const error = Math.sqrt(variance(a) / a.length + variance(b) / b.length)
  const distance = difference / error
  differences.push(difference)
  distances.push(Math.abs(distance))
  console.log(
    `${name.padEnd(24)}  ${mean(a).toFixed(4)}  ${mean(b).toFixed(4)}  ${difference.toFixed(4).padStart(8)}   ${distance.toFixed(2).padStart(6)}`
  )
}
const beyond = (limit: number) => distances.filter(d => d > limit).length
console.log(
  `\n${distances.length} cells; ${beyond(2)} further than 2 standard errors apart, ${beyond(4)} further than 4; mean signed difference ${mean(differences).toFixed(4)}`
)
