/**
 * Runs every check and test: types, lint, layers, unit, engine, end-to-end. Finds a browser first, or says how to get
 * one. A line a file while it goes on; at the end the name and first line of everything that failed (a log that was cut
 * in the middle still has them), and as the very last line the counts from the runner's own reports.
 * usage: npm test, or npm test -- types unit ...: these parts alone
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './browser.ts'
import { casesOf, failuresOf, firstLine, type Report } from './testReport.ts'

const browser = findBrowser({ install: true })
const folder = mkdtempSync(join(tmpdir(), 'dal-tests-'))
let passed = 0
let failed = 0
const failures: string[] = []

const env: NodeJS.ProcessEnv = { ...process.env, BROWSER_PATH: browser, npm_config_loglevel: 'error' }
if (!process.stdout.isTTY) {
  delete env.FORCE_COLOR
  env.NO_COLOR = '1'
}

/** Runs a program; `quietly` shows what it said only when it failed. */
function run(title: string, command: string, args: string[], quietly = false) {
  console.log(`\n== ${title}`)
  const began = Date.now()
  const { status, stdout, stderr } = spawnSync(command, args, {
    stdio: quietly ? 'pipe' : 'inherit',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env
  })
  const said = `${stdout ?? ''}${stderr ?? ''}`
  if (status !== 0 && said) console.log(said)
  const seconds = ((Date.now() - began) / 1000).toFixed(0)
  console.log(`== ${title}: ${status === 0 ? 'ok' : `failed (${status})`}, ${seconds} s`)
  return { ok: status === 0, said }
}

function check(title: string, args: string[]): void {
  const { ok, said } = run(title, 'npm', ['run', '--silent', ...args], true)
  if (ok) passed++
  else {
    failed++
    failures.push(`${title}: ${firstLine(said, /error|✘|warn/i)}`)
  }
}

function vitest(project: string): void {
  const output = join(folder, `${project}.json`)
  const { ok } = run(project, process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    // of a file that passes one line, and nothing of what it said
    '--slowTestThreshold=1000000',
    '--silent=passed-only'
  ])
  let report: Report
  try {
    report = JSON.parse(readFileSync(output, 'utf8'))
  } catch {
    failed++
    failures.push(`${project}: the runner left no report`)
    return
  }
  const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = report
  passed += numPassedTests
  // a suite that could not even start counts as one failure; so does a test that was skipped
  failed += numFailedTests + numPendingTests || (ok ? 0 : Math.max(1, numFailedTestSuites))
  if (!numPassedTests) failed++
  const found = failuresOf(project, report)
  if (!found.length && (!ok || !numPassedTests))
    found.push(
      `${project}: ${numPassedTests ? 'an error outside of the tests, named in the log above' : 'no test passed'}`
    )
  failures.push(...found)
  console.log(`== ${project}: ${numPassedTests} passed, ${numFailedTests} failed`)
  // how much of it ran on a GPU's path is said by name
  if (project.startsWith('engine')) for (const line of casesOf(report)) console.log(`   ${line}`)
}

const parts: Record<string, () => void> = {
  types: () => check('types', ['typecheck']),
  lint: () => check('lint', ['lint']),
  layers: () => check('layers', ['layers']),
  unit: () => vitest('unit'),
  engine: () => vitest('engine'),
  'engine-webgpu': () => vitest('engine-webgpu'),
  build: () => check('build', ['build']),
  e2e: () => vitest('e2e')
}
const wanted = process.argv.slice(2)
const strange = wanted.filter(name => !Object.hasOwn(parts, name))
if (strange.length) {
  console.error(`There is no part ${strange.join(', ')}. Parts: ${Object.keys(parts).join(', ')}`)
  process.exit(1)
}
for (const [name, part] of Object.entries(parts)) if (!wanted.length || wanted.includes(name)) part()

rmSync(folder, { recursive: true, force: true })
if (failures.length) console.log(`\n== what failed\n${failures.join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
