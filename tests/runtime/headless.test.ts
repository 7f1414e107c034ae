/** The headless runner as a user calls it: shards that merge to the whole, records that carry on, errors that name the field. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readText } from '../../src/core/exchange/schema.ts'
import type { Result } from '../../src/core/result.ts'

const folder = mkdtempSync(join(tmpdir(), 'dal-headless-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const spec = {
  poolSize: 200,
  testSize: 100,
  initialSizes: [10, 20],
  querySize: 20,
  budget: 40,
  strategies: ['random', 'margin', 'kCenter'],
  seeds: 2,
  network: 'small',
  epochs: 1,
  stepsFloor: 10
}

/** What `npm run experiment -- ...` runs, without npm. */
function experiment(...args: string[]): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/runtime/node/experiment.ts', ...args])
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (said += text))
  return new Promise(resolve => child.on('close', status => resolve({ status, said })))
}

function file(name: string, content?: unknown): string {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, JSON.stringify(content))
  return path
}

function resultOf(path: string): Result {
  const document = readText(readFileSync(path, 'utf8'))
  if (!('result' in document)) throw new Error(`${path} holds no result`)
  return document.result
}

const bits = ({ runs, ceiling }: Result) => ({
  runs: runs
    .map(r => [
      r.arm.strategy,
      r.arm.initialSize,
      r.seed,
      r.numericsId,
      r.points.map(p => [p.labelCount, ...p.record!.measurement.correct, ...p.record!.added].join(' '))
    ])
    .sort((a, b) => (String(a) < String(b) ? -1 : 1)),
  ceiling
})

describe('npm run experiment', () => {
  it('computes a spec; shards of it merge to the same bits; records carry on', async () => {
    const path = file('spec.json', spec)
    const whole = await experiment('--spec', path, '--out', file('whole.json'))
    expect(whole.status, whole.said).toBe(0)
    for (const i of [0, 1]) {
      const part = await experiment(
        '--spec',
        path,
        '--shard',
        `${i}/2`,
        '--workers',
        '1',
        '--records',
        file('records'),
        '--out',
        file(`part${i}.json`)
      )
      expect(part.status, part.said).toBe(0)
    }
    const merged = await experiment(
      '--merge',
      file('part0.json'),
      file('part1.json'),
      '--out',
      file('merged.json')
    )
    expect(merged.status, merged.said).toBe(0)
    expect(bits(resultOf(file('merged.json')))).toEqual(bits(resultOf(file('whole.json'))))

    const again = await experiment('--spec', path, '--records', file('records'), '--out', file('again.json'))
    expect(again.status, again.said).toBe(0)
    expect(bits(resultOf(file('again.json')))).toEqual(bits(resultOf(file('whole.json'))))
  })

  it('that is stopped leaves what is finished, marked as incomplete', async () => {
    const path = file('long.json', { ...spec, seeds: 50 })
    const args = ['--import', 'tsx', 'src/runtime/node/experiment.ts']
    const child = spawn(process.execPath, [
      ...args,
      '--spec',
      path,
      '--workers',
      '1',
      '--out',
      file('cut.json')
    ])
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // a line of progress: some trainings are done
      said += text
      if (!child.killed && /[1-9]\d* of \d+ trainings/.test(said)) child.kill('SIGTERM')
    })
    expect(await new Promise(resolve => child.on('close', resolve)), said).toBe(1)
    const { runs, incomplete, experiment } = resultOf(file('cut.json'))
    expect(incomplete).toMatch(/SIGTERM/)
    const measured = runs.reduce((sum, run) => sum + run.points.length, 0)
    expect(measured).toBeGreaterThan(0)
    // six arms, those from 10 measured at 10, 20 and 40 labels, those from 20 at two
    expect(measured).toBeLessThan(15 * experiment.seeds)
  })

  it.each([
    [{ ...spec, budget: 'many' }, /budget/],
    [{ ...spec, initialSizes: [10, 10] }, /initialSizes/],
    [{ ...spec, strategies: ['oracle'] }, /oracle/],
    [{ ...spec, colour: 'red' }, /colour/]
  ])('refuses a wrong spec with the field’s name', async (wrong, name) => {
    const { status, said } = await experiment('--spec', file('wrong.json', wrong), '--out', file('none.json'))
    expect(status).toBe(1)
    expect(said).toMatch(name)
  })

  it('computes nothing that could not be written', async () => {
    const { status, said } = await experiment(
      '--spec',
      file('spec.json', spec),
      '--out',
      file('nowhere/out.json')
    )
    expect(status).toBe(1)
    expect(said.trim()).toMatch(/^--out: “.*out\.json” cannot be written: .*$/)
  })

  it('says how it is called when it is called wrongly', async () => {
    expect((await experiment('--shard', '4/4', '--spec', 'x', '--out', 'y')).said).toMatch(/--shard is i\/n/)
    expect((await experiment('--spec', 'x')).said).toMatch(/--out is missing/)
    expect((await experiment('--nonsense')).said).toMatch(/npm run experiment/)
  })
})
