import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { decodeLink } from '../../src/core/exchange/link.ts'
import { readText } from '../../src/core/exchange/schema.ts'
import { frozenExperiment, rowNames, table, type Row } from '../../src/core/experiment/table.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'

const docs = readFileSync(new URL('../../docs/schema.md', import.meta.url), 'utf8')
const block = (kind: string) => docs.split(`\`\`\`${kind}\n`)[1].split('\n```')[0]

it('the examples of docs/schema.md are read', async () => {
  expect(readText(block('json spec'))).toMatchObject({ experiment: { seeds: 10, network: 'reference' } })
  expect(readText(block('json result'))).toMatchObject({
    result: { runs: [{ points: [{}, { correct: 9 }] }] }
  })
  expect(await decodeLink(block('text link'))).toMatchObject({
    experiment: { budget: 8, strategies: ['margin'] }
  })
})

it('the frozen values of docs/schema.md are those of the table', () => {
  const rows = [...docs.matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)]
  const known = rows.filter(([, name]) => Object.hasOwn(frozenExperiment, name))
  expect(known.map(([, name]) => name).sort()).toEqual([...rowNames].sort())
  for (const [, name, value] of known)
    expect([name, JSON.parse(value)]).toEqual([name, frozenExperiment[name as keyof typeof frozenExperiment]])
})

it('what docs/schema.md says that rows accept is what they do', () => {
  for (const name of rowNames) {
    const row: Row = table[name]
    const line = docs.split('\n').find(line => line.startsWith(`| \`${name}\` |`))!
    if (row.kind === 'choice')
      for (const option of row.options)
        expect([name, line]).toEqual([name, expect.stringContaining(`\`${option}\``)])
    if (row.kind === 'integer' || row.kind === 'real')
      expect([name, line]).toEqual([name, expect.stringContaining(`${row.min} .. ${row.max}`)])
  }
})

it.each([
  ['Strategies', strategyIds],
  ['Selectors', selectorIds]
])('all of them are listed: %s', (kind, ids) => {
  const listed = docs.split(`*${kind}*: `)[1].split('.\n')[0]
  expect([...listed.matchAll(/`([^`]+)`/g)].map(([, id]) => id)).toEqual([...ids])
})
