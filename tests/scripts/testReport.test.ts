/** The names of what failed, at the end of the log of `npm test`. */
import { expect, it } from 'vitest'
import { casesOf, failuresOf, firstLine, type Report } from '../../scripts/testReport.ts'

const counts = { numPassedTests: 1, numFailedTests: 1, numFailedTestSuites: 1, numPendingTests: 1 }
const test = (title: string, status: string, failureMessages: string[] = []) => ({
  ancestorTitles: ['a group'],
  title,
  status,
  failureMessages
})

it('every failed or skipped test by its full name, and files that could not be run', () => {
  const report: Report = {
    ...counts,
    testResults: [
      {
        name: '/code/tests/a.test.ts',
        status: 'failed',
        assertionResults: [
          test('holds', 'passed'),
          test('breaks', 'failed', ['\n\x1b[31mAssertionError: 1 is not 2\x1b[39m\n    at line 3']),
          test('is left out', 'pending')
        ]
      },
      { name: '/code/tests/b.test.ts', status: 'passed', assertionResults: [test('holds', 'passed')] },
      {
        name: '/code/tests/c.test.ts',
        status: 'failed',
        message: 'no such module\nat d.ts',
        assertionResults: []
      }
    ]
  }
  expect(failuresOf('unit', report, '/code')).toEqual([
    'unit > tests/a.test.ts > a group > breaks: AssertionError: 1 is not 2',
    'unit > tests/a.test.ts > a group > is left out: pending',
    'unit > tests/c.test.ts: no such module'
  ])
  expect(casesOf(report, '/code')).toEqual([
    'tests/a.test.ts: 1 passed',
    'tests/b.test.ts: 1 passed',
    'tests/c.test.ts: 0 passed'
  ])
})

it('the line of a check that says most, never a very long one', () => {
  expect(firstLine('started\n\nx.ts(3,1): error TS1: no\nfound 1 error', /error/)).toBe(
    'x.ts(3,1): error TS1: no'
  )
  expect(firstLine('only this', /error/)).toBe('only this')
  expect(firstLine('')).toBe('no message')
  expect(firstLine('x'.repeat(1000))).toHaveLength(301)
})
