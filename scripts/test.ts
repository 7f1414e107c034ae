/**
 * Runs every check and test: types, lint, layers, unit, engine, end-to-end. Finds a browser first, or says how to get
 * one. Prints what each part did and, at the end, one line with the counts from the runner's own reports.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './browser.ts'

const browser = findBrowser({ install: true })
const folder = mkdtempSync(join(tmpdir(), 'dal-tests-'))
let passed = 0
let failed = 0

function run(title: string, command: string, args: string[]): boolean {
  console.log(`\n== ${title}`)
  const began = Date.now()
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, BROWSER_PATH: browser }
  })
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : `failed (${status})`}, ${((Date.now() - began) / 1000).toFixed(0)} s`
  )
  return status === 0
}

function check(title: string, args: string[]): void {
  if (run(title, 'npm', ['run', '--silent', ...args])) passed++
  else failed++
}

function vitest(project: string): void {
  const report = join(folder, `${project}.json`)
  const ok = run(project, 'npx', [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`
  ])
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8')
    )
    passed += numPassedTests
    // a suite that could not even start counts as one failure; so does a test that was skipped
    failed += numFailedTests + numPendingTests || (ok ? 0 : Math.max(1, numFailedTestSuites))
    console.log(`== ${project}: ${numPassedTests} passed, ${numFailedTests} failed`)
    if (!numPassedTests) failed++
  } catch {
    failed++
  }
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
for (const [name, part] of Object.entries(parts)) if (!wanted.length || wanted.includes(name)) part()

rmSync(folder, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
