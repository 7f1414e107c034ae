/**
 * The study: behaviours that the literature claims of the methods, computed over seeds on several data sets and written as a
 * table and a page with figures. Not for CI: it takes hours. Whatever was computed is kept, and the report is written
 * again after every entry.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { version } from '../package.json'
import type { Finding } from './study/entry.ts'
import { entries } from './study/entries/index.ts'
import { Laboratory } from './study/laboratory.ts'
import { readOptions, USAGE, type Options } from './study/options.ts'
import { studyHtml, studyJson, studyMarkdown, type Outcome, type Study } from './study/report.ts'

async function study(options: Options): Promise<void> {
  const strange = options.only?.find(name => !entries.some(entry => entry.name === name))
  if (strange !== undefined) throw new Error(`--only: there is no entry ${strange}`)
  const wanted = entries.filter(({ name }) => options.only?.includes(name) ?? true)
  await mkdir(options.out, { recursive: true })
  const lab = await Laboratory.open(options)
  console.log(`${lab.arithmetic}, ${options.workers} threads`)
  const outcomes: Outcome[] = []
  const { quick } = options
  for (const entry of wanted) {
    for (const set of entry.sets.filter(set => options.sets.includes(set))) {
      const missing = lab.lacks(set)
      lab.seeds = options.seeds ?? (quick ? 2 : entry.seeds)
      lab.spent.clear()
      console.log(`${entry.name}, ${set}${missing ? `: ${missing}` : ''}`)
      const finding: Outcome['finding'] = missing ? { missing } : await entry.run(lab, set)
      const seconds = [...lab.spent.values()].reduce((a, b) => a + b, 0)
      outcomes.push({ entry, set, seeds: lab.seeds, seconds, finding })
      tell(finding, seconds)
      const { arithmetic } = lab
      await write(options.out, {
        quick,
        app: version,
        arithmetic,
        made: new Date().toISOString(),
        outcomes
      })
    }
  }
  lab.close()
  console.log(`written: ${join(options.out, 'index.html')}, study.md, study.json`)
}

function tell(finding: Finding | { missing: string }, seconds: number): void {
  if ('missing' in finding) return
  console.log(`  ${finding.verdict}: ${finding.said} (${(seconds / 60).toFixed(1)} min of computing)`)
}

async function write(folder: string, made: Study): Promise<void> {
  await writeFile(join(folder, 'study.json'), studyJson(made))
  await writeFile(join(folder, 'study.md'), studyMarkdown(made))
  await writeFile(join(folder, 'index.html'), studyHtml(made))
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(USAGE)
  else if (options.list) for (const { name, claim } of entries) console.log(`${name.padEnd(12)}${claim}`)
  else await study(options)
  process.exit(0)
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exit(1)
}
