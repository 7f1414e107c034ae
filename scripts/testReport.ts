/** What failed, out of the test runner's JSON report: project > file > test, and the first line of the error. */
import { relative } from 'node:path'

export interface Report {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  numPendingTests: number
  testResults: {
    /** the file's path */
    name: string
    status: string
    /** why the file could not be run at all */
    message?: string
    assertionResults: {
      ancestorTitles: string[]
      title: string
      status: string
      failureMessages?: string[] | null
    }[]
  }[]
}

const LONGEST = 300

/** The first line of a text that says anything, one that matches before others; cut where it is very long. */
export function firstLine(text: string, preferred?: RegExp): string {
  const lines = text
    .split('\n')
    // eslint-disable-next-line no-control-regex
    .map(line => line.replace(/\x1b\[[0-9;]*m/g, '').trim())
    .filter(Boolean)
  const line = (preferred && lines.find(l => preferred.test(l))) ?? lines[0] ?? 'no message'
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** A line for every test that failed or was skipped, and for every file that could not be run. */
export function failuresOf(project: string, { testResults }: Report, root = process.cwd()): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = `${project} > ${relative(root, name).replaceAll('\\', '/')}`
    const tests = assertionResults
      .filter(test => test.status !== 'passed')
      .map(({ ancestorTitles, title, status, failureMessages }) => {
        const why = status === 'failed' ? firstLine(failureMessages?.join('\n') ?? '') : status
        return `${[file, ...ancestorTitles, title].join(' > ')}: ${why}`
      })
    return tests.length || status === 'passed' ? tests : [`${file}: ${firstLine(message ?? '')}`]
  })
}

/** A line for every file: how many of its tests passed. */
export function casesOf({ testResults }: Report, root = process.cwd()): string[] {
  return testResults.map(({ name, assertionResults }) => {
    const passed = assertionResults.filter(test => test.status === 'passed').length
    return `${relative(root, name).replaceAll('\\', '/')}: ${passed} passed`
  })
}
