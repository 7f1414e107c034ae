/**
 * As much of vitest as the engine's conformance suite asks for, to run it from one file where there is no vitest: in
 * the order in which it is written, with vitest's own matchers.
 */
import {
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
  GLOBAL_EXPECT
} from '@vitest/expect'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)
export const expect = chai.expect
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, configurable: true, writable: true })
setState({ assertionCalls: 0 } as never, expect as never)

type Work = () => unknown

interface Suite {
  name: string
  outer?: Suite
  before: Work[]
  after: Work[]
  afterEach: Work[]
  /** tests and suites in the order in which they were written */
  entries: (Suite | { name: string; work: Work })[]
}

const suite = (name: string, outer?: Suite): Suite => ({
  name,
  outer,
  before: [],
  after: [],
  afterEach: [],
  entries: []
})
const root = suite('')
let current = root

export function describe(name: string, define: Work): void {
  const own = suite(name, current)
  current.entries.push(own)
  current = own
  define()
  current = own.outer!
}
export const beforeAll = (work: Work) => void current.before.push(work)
export const afterAll = (work: Work) => void current.after.push(work)
export const afterEach = (work: Work) => void current.afterEach.push(work)

export function test(name: string, work: Work): void {
  current.entries.push({ name, work })
}

test.each =
  (rows: readonly unknown[]) =>
  (name: string, work: (...values: never[]) => unknown): void => {
    for (const row of rows) {
      const values = (Array.isArray(row) ? row : [row]) as never[]
      let at = 0
      const own = name.replace(/%[sdifjo]/g, () => String(values[at++]))
      test(own, () => work(...values))
    }
  }

/** Runs what was described; returns how many passed and which failed. `told`: after each test. */
export async function run(told: (line: string) => void): Promise<{ passed: number; failed: string[] }> {
  let passed = 0
  const failed: string[] = []
  async function runSuite(own: Suite, path: string, each: readonly Work[]): Promise<void> {
    const after = [...own.afterEach, ...each]
    const fail = (name: string, error: unknown) => {
      failed.push(`${path}${name}`)
      told(`FAILED ${path}${name}\n${String((error as Error)?.stack ?? error)}`)
    }
    try {
      for (const work of own.before) await work()
    } catch (error) {
      return fail('(beforeAll)', error)
    }
    for (const entry of own.entries) {
      if ('entries' in entry) {
        await runSuite(entry, `${path}${entry.name} > `, after)
        continue
      }
      try {
        await entry.work()
        passed++
      } catch (error) {
        fail(entry.name, error)
      }
      for (const work of after) await work()
    }
    for (const work of own.after) await work()
  }
  await runSuite(root, '', [])
  return { passed, failed }
}
