/** What the headless runner says and does when a file is wrong, or has no place. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mergeResults } from '../../src/core/exchange/merge.ts'
import { resultText } from '../../src/core/exchange/schema.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { mergeFiles, readSpec } from '../../src/runtime/node/documents.ts'
import { tryOut, writeOut } from '../../src/runtime/node/out.ts'
import { say, sayError } from '../../src/runtime/node/words.ts'
import { simulate, small } from '../exchange/fixtures.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dal-words-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const said = async (work: Promise<unknown>) =>
  sayError(
    await work.then(
      () => 'nothing',
      (error: unknown) => error
    )
  )

it('what only somebody at the page can do is left out', () => {
  expect(say('workerFailed')).toBe('A worker stopped unexpectedly. What was finished is kept; try again.')
})

describe('what is wrong with a spec', () => {
  it.each<[unknown, RegExp]>([
    ['{', /not JSON/],
    [[1], /not the specification of an experiment/],
    [{ seedz: 3 }, /no setting “seedz”/],
    [{ seeds: 3, seedz: 3 }, /no setting “seedz”/],
    [{ budget: 'many' }, /Budget \(“budget”\): This must be a number\./],
    [{ strategies: ['orakel'] }, /no “orakel” for Strategies \(“strategies”\)/],
    [{ format: 'dal-result', version: 9 }, /later version .*format 9/],
    [{ format: 'poem' }, /at “format”/]
  ])('%j is said in a line that names the file', async (content, what) => {
    const path = await file('spec.json', content)
    const line = await said(readSpec(path))
    expect(line).toMatch(what)
    expect(line.startsWith(`“${path}”: `)).toBe(true)
    expect(line).not.toMatch(/\n|undefined|screen/)
  })

  it('a file that is not there, or is a folder, is a line', async () => {
    expect(await said(readSpec(join(folder, 'none.json')))).toBe(
      `“${join(folder, 'none.json')}”: there is no such file or folder.`
    )
    expect(await said(readSpec(folder))).toBe(`“${folder}”: it is a folder.`)
  })

  it('nothing speaks of a screen', () => {
    for (const code of Object.keys(catalogues.en.exchange))
      expect(say(`exchange.${code}`, { field: 'seeds', file: 'a.json' })).not.toMatch(
        /screen|one by one|Reload/
      )
  })
})

describe('merging', () => {
  const part = (firstSeed: number) => simulate({ ...small, seeds: 1, firstSeed })

  it('joins what goes together', async () => {
    const paths = await Promise.all([0, 1].map(i => file(`${i}.json`, resultText(part(i)))))
    const { experiment } = await mergeFiles(paths)
    expect(experiment).toEqual(mergeResults([part(0), part(1)]).experiment)
  })

  it('names the files that do not, and the row', async () => {
    const [a, b, c, d] = await Promise.all([
      file('a.json', resultText(part(0))),
      file('b.json', resultText(part(1))),
      file('c.json', resultText(simulate({ ...small, seeds: 1, firstSeed: 2, epochs: 7 }))),
      file('d.json', '{"runs":')
    ])
    const line = await said(mergeFiles([a, b, c]))
    expect(line.startsWith(`“${a}”, “${c}”: `)).toBe(true)
    expect(line).toMatch(/They differ in: .*\(“epochs”\)/)
    expect(await said(mergeFiles([a, b, d]))).toBe(`“${d}”: This is not JSON.`)
    expect(await said(mergeFiles([a, await file('spec.json', {})]))).toMatch(/spec\.json” is a spec/)
  })

  it('names the two that disagree about a run', async () => {
    const other = structuredClone(part(1))
    const [point] = other.runs[0].points
    const { measurement } = point.record!
    measurement.correct = measurement.correct.map((byte, i) => (i ? byte : byte ^ 1))
    for (const run of other.runs)
      for (const p of run.points)
        if (p.record!.trainingKey === point.record!.trainingKey) {
          p.correct += measurement.correct[0] & 1 ? 1 : -1
          p.record = { ...p.record!, measurement }
        }
    const [a, b, c] = await Promise.all([
      file('a.json', resultText(part(0))),
      file('b.json', resultText(part(1))),
      file('c.json', resultText(other))
    ])
    const line = await said(mergeFiles([a, b, c]))
    expect(line.startsWith(`“${b}”, “${c}”: `)).toBe(true)
    expect(line).toMatch(/different ones/)
  })
})

describe('where a result goes', () => {
  it('is tried without a trace', async () => {
    await tryOut(join(folder, 'new.json'))
    const old = await file('old.json', 'old')
    await tryOut(old)
    await tryOut('/dev/null')
    expect(await readdir(folder)).toEqual(['old.json'])
    expect(await readFile(old, 'utf8')).toBe('old')
  })

  it('is refused in a line where nothing can be written', async () => {
    expect(await said(tryOut(join(folder, 'none', 'a.json')))).toMatch(
      /^--out: “.*a\.json” cannot be written: there is no such file or folder\.$/
    )
    expect(await said(tryOut(folder))).toMatch(/it is a folder\.$/)
    const under = join(await file('a', ''), 'b.json')
    expect(await said(tryOut(under))).toMatch(/is a file\.$/)
  })

  it('is elsewhere where it has become impossible, and said', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    const lost = join(folder, 'gone', 'a.json')
    const at = await writeOut(lost, 'all', [join(folder, 'gone'), folder])
    expect(await readFile(at, 'utf8')).toBe('all')
    expect(at.startsWith(join(folder, 'a-'))).toBe(true)
    expect(told.mock.calls[0][0]).toContain(lost)
    expect(await said(writeOut(lost, 'all', [join(folder, 'gone')]))).toMatch(/nor can anything else/)
  })
})
