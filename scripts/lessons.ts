/**
 * Computes what the page comes with: the sample and the results of the lessons, each from its spec in src/lessons, by the headless
 * runner. They keep their records, so that one can look inside their rounds and compare steps image by image; the sample, which
 * everybody loads, has the sums that its verdicts need instead.
 * usage: npm run lessons -- [--records folder] [--workers k] [name ...]      (names: sample, cycles-50, ...; without any, all)
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../package.json'
import { readText, resultText } from '../src/core/exchange/schema.ts'
import { withoutRecords } from '../src/core/statistics/discordances.ts'
import { lessons } from '../src/lessons/index.ts'
import { SAMPLE } from '../src/lessons/sample.ts'

const { values, positionals } = parseArgs({
  options: { records: { type: 'string' }, workers: { type: 'string' } },
  allowPositionals: true
})
const specs = new Map(
  Object.values(lessons).flatMap(({ steps }) => steps.map(({ result, spec }) => [result, spec]))
)
const nameOf = (file: string) => basename(file, '.json')
const unknown = positionals.filter(name => ![...specs.keys()].some(file => nameOf(file) === name))
if (unknown.length) throw new Error(`no result is called ${unknown.join(', ')}`)

const folder = mkdtempSync(join(tmpdir(), 'lessons-'))
for (const [file, spec] of specs) {
  if (positionals.length && !positionals.includes(nameOf(file))) continue
  const [from, to] = [join(folder, 'spec.json'), join(folder, 'result.json')]
  writeFileSync(from, JSON.stringify(spec))
  console.log(`\n${file}`)
  const options = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value])
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/runtime/node/experiment.ts', '--spec', from, '--out', to, ...options],
    { stdio: 'inherit' }
  )
  if (status !== 0) process.exit(1)
  const document = readText(readFileSync(to, 'utf8'))
  if (!('result' in document)) throw new Error(`${to} holds no result`)
  const { result } = document
  const shipped = file === SAMPLE ? withoutRecords(result) : result
  writeFileSync(join('src/lessons/results', file), resultText(shipped, version))
}
