import { readdirSync, readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLink, encodeLink, LONGEST_READ, looksLikeLink } from '../../src/core/exchange/link.ts'
import { writeLinkResult, type LinkResult } from '../../src/core/exchange/linkResult.ts'
import { packIntegers, unpackIntegers } from '../../src/core/exchange/pack.ts'
import { frozenExperiment, startExperiment } from '../../src/core/experiment/table.ts'
import type { Result } from '../../src/core/result.ts'
import { discordances, sizeDiscordances } from '../../src/core/statistics/discordances.ts'
import { large, simulate, small } from './fixtures.ts'
import { experiments, results } from './arbitraries.ts'

/**
 * What a link keeps of a result: counts without records, sums instead (of those between sizes, the ones at the largest label
 * count), classes by number.
 */
function asLinked(result: Result): Result {
  const between = sizeDiscordances(result)
  const last = Math.max(...between.map(d => d.labelCount))
  const sums = [...discordances(result), ...between.filter(d => d.labelCount === last)]
  const { classNames } = result.dataset
  const linked = {
    ...result,
    dataset: { ...result.dataset, classNames: classNames.map((_, i) => String(i)) },
    runs: result.runs.map(run => ({
      ...run,
      points: run.points.map(({ labelCount, correct }) => ({ labelCount, correct }))
    })),
    discordances: sums
  }
  if (!sums.length) delete (linked as Result).discordances
  return linked
}

const sumOf = (payload: string) => createHash('sha256').update(payload).digest('base64url').slice(0, 6)
/** A link with any content, made without our writer. */
function forge(kind: string, content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const payload = deflateRawSync(text).toString('base64url')
  return `#${kind}.${payload}~${sumOf(payload)}`
}
const codeOf = (fragment: string) =>
  decodeLink(fragment).then(
    () => 'read',
    e => e.code as string
  )

describe('packed integers', () => {
  it('come back, and most small ones take one character', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer())), values => {
        expect(unpackIntegers(packIntegers(values))).toEqual(values)
      })
    )
    expect(packIntegers([0, -1, 29, -30])).toHaveLength(4)
    expect(packIntegers([30, -31])).toHaveLength(4)
  })
  it('are what the alphabet says', () => {
    // zigzag 0 1 2 and 59 are END characters 0, 1, 2, 59; 60 is CARRY 0, END 0
    expect(packIntegers([0, -1, 1, -30, 30])).toBe('#$%_`#')
  })
  it('refuse what is not theirs', () => {
    for (const text of ['"', '\\', ' ', '~', 'é', 'a', '}'.repeat(13) + '#'])
      expect(unpackIntegers(text)).toBeUndefined()
  })
})

describe('links', () => {
  it('of experiments come back', async () => {
    await fc.assert(
      fc.asyncProperty(experiments, async experiment => {
        expect(await decodeLink(await encodeLink({ experiment }))).toEqual({ experiment })
      }),
      { numRuns: 60 }
    )
  })

  it('of results come back: counts, sums, numerics, data', async () => {
    for (const result of [simulate(small), simulate(large), simulate(small, { records: false })]) {
      expect(await decodeLink(await encodeLink({ result }))).toEqual({ result: asLinked(result) })
    }
  })

  it('of any result come back, and a second time are the same', async () => {
    await fc.assert(
      fc.asyncProperty(results, async result => {
        const decoded = await decodeLink(await encodeLink({ result }))
        expect(decoded).toEqual({ result: asLinked(result) })
        const again = await decodeLink(await encodeLink(decoded))
        expect(again).toEqual(decoded)
      }),
      { numRuns: 60 }
    )
  })

  it('keep comparisons that one would not expect', async () => {
    const result = asLinked(simulate(small))
    const between = result.discordances!.filter(d => d.againstSize !== undefined)
    const lines = result.discordances!.filter(d => d.againstSize === undefined)
    expect(between.length).toBeGreaterThan(1)
    const some = [...lines.filter((_, i) => i % 3 !== 1).reverse(), ...between.reverse()]
    const odd = { ...result, discordances: some }
    expect(await decodeLink(await encodeLink({ result: odd }))).toEqual({ result: odd })
  })

  it('write what arms share almost for nothing', () => {
    const alone = writeLinkResult(simulate({ ...large, strategies: ['random'], initialSizes: [20] }))
    const shared = writeLinkResult(
      simulate({ ...large, strategies: ['random'], initialSizes: [20, 50, 100, 200] })
    )
    const zero = packIntegers([0])
    expect(
      [...shared.c].filter(c => c !== zero).length - [...alone.c].filter(c => c !== zero).length
    ).toBeLessThan(2)
  })

  it('fit a chat message: 4 initial sizes x 6 strategies x 10 seeds in about 2,000 characters', async () => {
    const link = await encodeLink({ result: simulate(large) })
    expect(link.length).toBeLessThan(2050)
    expect(link).toMatch(/^#r1\.[A-Za-z0-9_-]+~[A-Za-z0-9_-]{6}$/)
  })

  it('that would be too long to send are not made', async () => {
    const result = simulate(small)
    const noise = (i: number) => createHash('sha512').update(String(i)).digest('base64')
    for (let i = 0; i < 90; i++)
      result.numerics.push({ id: `other-${i}`, backend: 'webgpu', detail: noise(i) })
    await expect(encodeLink({ result })).rejects.toMatchObject({ code: 'tooLongForLink' })
    expect((await encodeLink({ experiment: result.experiment })).length).toBeLessThan(300)
  })

  it('that would be too long leave out comparisons of sizes that are not the best before they are refused', async () => {
    const result = simulate(large)
    const between = (r: Result) => r.discordances!.filter(d => d.againstSize !== undefined).length
    const read = async () => {
      const document = await decodeLink(await encodeLink({ result }))
      if (!('result' in document)) throw new Error('no result')
      return document.result
    }
    const whole = between(await read())
    // what is no use to anybody makes it longer, byte by byte, until something has to go
    const noise = (i: number) => createHash('sha512').update(String(i)).digest('base64')
    let last = whole
    for (let i = 0; i < 90 && last === whole; i++) {
      result.numerics.push({ id: `other-${i}`, backend: 'webgpu', detail: noise(i).slice(0, 80) })
      last = between(await read())
    }
    // five lines that depend on the size: of four sizes the best one with three others
    expect([whole, last]).toEqual([5 * 6, 5 * 3])
  })

  it('of results that this version knows only in part are not made', async () => {
    const result = { ...simulate(small), unknown: ['optimiser'] }
    await expect(encodeLink({ result })).rejects.toMatchObject({ code: 'laterVersion' })
  })

  it('survive what programs do to them', async () => {
    const link = await encodeLink({ experiment: startExperiment })
    const expected = { experiment: startExperiment }
    expect(await decodeLink(link.slice(1))).toEqual(expected)
    expect(await decodeLink(link.replace('~', '%7E'))).toEqual(expected)
    for (const tail of ['.', ')', '」', '>', ' ', '\n', '%20', '%3E', '%E3%80%8D', '.%20'])
      expect(await decodeLink(link + tail)).toEqual(expected)
  })

  it('are told from other fragments', () => {
    expect(looksLikeLink('#r1.abc')).toBe(true)
    expect(looksLikeLink('#r9.abc')).toBe(true)
    expect(looksLikeLink('#about')).toBe(false)
    expect(looksLikeLink('')).toBe(false)
  })
})

describe('frozen links are read for ever', () => {
  const folder = new URL('../links/', import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.link.txt'))
  it('there are some', () => expect(names.length).toBeGreaterThanOrEqual(3))
  it.each(names)('%s', async name => {
    const link = readFileSync(new URL(name, folder), 'utf8').trim()
    const expected = JSON.parse(readFileSync(new URL(name.replace('.link.txt', '.json'), folder), 'utf8'))
    // a row that was added to the table since means its frozen value; one that gave way is read as what took its place
    const holder = expected.result ?? expected
    const { initialDraw, ...rows } = holder.experiment
    const selector = initialDraw === 'balanced' ? 'balanced' : undefined
    holder.experiment = { ...frozenExperiment, ...(selector && { selectors: [selector] }), ...rows }
    if (selector)
      for (const { arm } of [...(holder.runs ?? []), ...(holder.discordances ?? [])]) arm.selector = selector
    // sums name their numerics since; before, these had only one
    for (const d of holder.discordances ?? []) d.numericsId ??= holder.numerics[0].id
    expect(JSON.parse(JSON.stringify(await decodeLink(link)))).toEqual(expected)
  })
})

describe('links that were made by hand', () => {
  const many = {
    initialSizes: Array.from({ length: 12 }, (_, i) => i + 1),
    strategies: Array.from({ length: 40 }, (_, i) => `s${i}`),
    selectors: Array.from({ length: 24 }, (_, i) => `c${i}`),
    querySize: 1,
    budget: 2000
  }
  const holding = (n: number[][], r: number[], c: number[]) => ({
    e: many,
    d: ['x', '0'.repeat(64), 28, 28, 1, 10, 2000, 1000],
    m: [['wasm-1', 'wasm', '']],
    n,
    r: packIntegers(r),
    c: packIntegers(c),
    t: '',
    x: ['', '']
  })

  it('may not claim label counts that nobody has measured', async () => {
    const counts = Array.from({ length: 2000 }, (_, i) => i + 1)
    const none = holding(
      many.initialSizes.map(() => counts),
      [],
      []
    )
    expect(await codeOf(forge('r1', none))).toBe('unreadable')
  })

  it('are read in proportion to what they hold: 11,520 arms, one of them with 1,989 label counts', async () => {
    const counts = Array.from({ length: 1989 }, (_, i) => i + 12)
    const arms = many.initialSizes.length * many.strategies.length * many.selectors.length
    const seeds = frozenExperiment.seeds
    const n = many.initialSizes.map((size, i) => (i === 11 ? counts : [size]))
    // every arm with its first seed at its initial size, the last one at all label counts; nothing is right
    const runs = Array.from({ length: arms }, (_, i) => [
      i ? seeds - 1 : 0,
      0,
      i < (arms / 12) * 11 || i === arms - 1 ? 0 : counts.length - 1
    ])
    const link = holding(n, runs.flat(), Array(arms - 1 + counts.length).fill(0))
    // no two runs have a seed in common twice, so there are no sums
    const { result } = (await decodeLink(forge('r1', link))) as { result: Result }
    expect(result.runs).toHaveLength(arms)
    expect(result.discordances).toEqual([])
  })

  it('may hold more points than a function takes arguments', async () => {
    const counts = Array.from({ length: 19_000 }, (_, i) => i + 1)
    const strategies = many.strategies.slice(0, 8)
    const runs = strategies.flatMap((_, i) => [i ? frozenExperiment.seeds - 1 : 0, 0, 0])
    const link = {
      ...holding([counts], runs, Array(strategies.length * counts.length).fill(0)),
      e: { initialSizes: [1], strategies, querySize: 1, budget: 19_000, poolSize: 19_000 },
      d: ['x', '0'.repeat(64), 28, 28, 1, 10, 19_000, 1000],
      y: ['', '']
    }
    expect(await codeOf(forge('r1', link))).toBe('read')
  })
})

describe('bad links say what is wrong', () => {
  it('no link of ours', async () => {
    for (const text of [
      '',
      '#',
      '#about',
      '#r',
      '#r1',
      '#x1.abc~abcdef',
      '#R1.abc~abcdef',
      '#r0.a~abcdef',
      'https://a.b/'
    ])
      expect(await codeOf(text)).toBe('notALink')
  })

  it('of the future', async () => {
    await expect(decodeLink('#r9.abc~whatever')).rejects.toMatchObject({
      code: 'newerVersion',
      parameters: { version: 9 }
    })
    expect(await codeOf('#c2.')).toBe('newerVersion')
  })

  it('cut off anywhere', async () => {
    const link = await encodeLink({ result: simulate(small) })
    for (let length = 4; length < link.length; length++)
      expect(await codeOf(link.slice(0, length))).toBe('truncated')
  })

  it('changed in any one character', async () => {
    const link = await encodeLink({ result: simulate(small) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: link.length - 1 }),
        fc.constantFrom(...'Aa0_-'),
        async (i, c) => {
          if (link[i] === c || link[i] === '~') return
          expect(await codeOf(link.slice(0, i) + c + link.slice(i + 1))).toBe('corrupted')
        }
      )
    )
  })

  it('longer than is accepted', async () => {
    expect(await codeOf(`#r1.${'a'.repeat(LONGEST_READ)}~abcdef`)).toBe('tooLong')
  })

  it('that would inflate without end', async () => {
    const bomb = forge('r1', `"${'a'.repeat(40_000_000)}"`)
    expect(bomb.length).toBeLessThan(LONGEST_READ)
    await expect(decodeLink(bomb)).rejects.toMatchObject({ code: 'tooLarge', parameters: { limit: 1 << 20 } })
  })

  it('that hold no deflate, no JSON, or text that is not UTF-8', async () => {
    const raw = (bytes: Buffer) => {
      const payload = bytes.toString('base64url')
      return `#r1.${payload}~${sumOf(payload)}`
    }
    expect(await codeOf(raw(Buffer.from([255, 255, 255])))).toBe('unreadable')
    expect(await codeOf(raw(Buffer.alloc(0)))).toBe('unreadable')
    expect(await codeOf(raw(deflateRawSync(Buffer.from([0x22, 0xc3, 0x22]))))).toBe('unreadable')
    expect(await codeOf(forge('r1', '{"e":'))).toBe('unreadable')
    expect(await codeOf(forge('r1', 'null'))).toBe('wrongType')
    expect(await codeOf(forge('c1', '[1]'))).toBe('badRow')
    expect(await codeOf(`#r1.a~${sumOf('a')}`)).toBe('unreadable')
  })

  it('that reach for prototypes', async () => {
    const link = writeLinkResult(simulate(small))
    const inside = JSON.stringify(link).replace('"e":{', '"e":{"__proto__":{"seeds":99},')
    expect(await codeOf(forge('r1', inside))).toBe('forbiddenKey')
    expect(await codeOf(forge('c1', '{"__proto__":{"seeds":5}}'))).toBe('forbiddenKey')
    expect(await codeOf(forge('c1', '{"constructor":1}'))).toBe('forbiddenKey')
    expect(({} as Record<string, unknown>).seeds).toBeUndefined()
  })

  it('with HTML in names: it stays text; what could disguise text is refused', async () => {
    const link = writeLinkResult(simulate(small))
    const named = (name: string): LinkResult => ({
      ...link,
      d: [name, ...link.d.slice(1)] as LinkResult['d']
    })
    const html = '<img src=x onerror=alert(1)>'
    expect(await decodeLink(forge('r1', named(html)))).toMatchObject({ result: { dataset: { name: html } } })
    expect(await codeOf(forge('r1', named('a\u202eb')))).toBe('unsafeText')
    expect(await codeOf(forge('r1', named('a\u0000b')))).toBe('unsafeText')
    expect(await codeOf(forge('r1', named('a'.repeat(201))))).toBe('tooMany')
  })

  it('with lists that are too long or values that cannot be', async () => {
    const link = writeLinkResult(simulate(small))
    const zeros = (n: number) => packIntegers(new Array<number>(n).fill(0))
    const hostile: [Partial<LinkResult>, string][] = [
      [{ n: [[50]] }, 'unreadable'],
      [{ n: [Array.from({ length: 20_001 }, (_, i) => i + 1), [50]] }, 'tooMany'],
      [{ n: [[20, 20, 20], link.n[1]] }, 'unreadable'],
      [{ r: zeros(600_000) }, 'unreadable'],
      [{ r: packIntegers([0, 5, 0]) }, 'unreadable'],
      [{ r: packIntegers([-9, 0, 0]) }, 'unreadable'],
      [{ r: 'a' }, 'unreadable'],
      [{ c: link.c.slice(0, -1) }, 'unreadable'],
      [{ c: link.c + zeros(1) }, 'unreadable'],
      [{ c: packIntegers([100_000]) + link.c.slice(1) }, 'unreadable'],
      [{ t: zeros(3) }, 'unreadable'],
      [{ t: zeros(10_000) }, 'tooMany'],
      [{ x: ['', zeros(1)] }, 'unreadable'],
      [{ x: [zeros(5), zeros(2)] }, 'inconsistent'],
      [{ x: ['', link.x![1] + zeros(1)] }, 'unreadable'],
      [{ y: ['', ''] }, 'unreadable'],
      [{ y: ['', link.y![1] + zeros(1)] }, 'unreadable'],
      // a size with itself, with one that there is none, and twice the same
      [{ y: [packIntegers([1, 3, 0, 0, 0]), zeros(2)] }, 'inconsistent'],
      [{ y: [packIntegers([1, 3, 0, 9, 0]), zeros(2)] }, 'unreadable'],
      [{ y: [packIntegers([1, 3, 0, 1, 0, 0, 0, 0, 1, 0]), zeros(4)] }, 'repeated'],
      [{ m: [] }, 'unreadable'],
      [{ m: [link.m[0], link.m[0]] }, 'repeated'],
      [{ m: [['<b>', 'wasm', '']] as LinkResult['m'] }, 'wrongType'],
      [{ d: link.d.slice(1) as never }, 'wrongType'],
      [{ d: [...link.d.slice(0, 7), 0] as never }, 'outOfRange'],
      [{ d: [...link.d.slice(0, 5), 5000, ...link.d.slice(6)] as never }, 'outOfRange'],
      [{ e: { seeds: 1000 } }, 'badRow'],
      [{ e: { ...link.e, strategies: ['random', 'random'] } }, 'badRow']
    ]
    for (const [change, code] of hostile)
      expect([change, await codeOf(forge('r1', { ...link, ...change }))]).toEqual([change, code])
  })

  it('whatever is inside, reading ends in a result or a typed refusal', async () => {
    const link = writeLinkResult(simulate(small))
    const member = fc.constantFrom(...(Object.keys(link) as (keyof LinkResult)[]))
    const integers = fc.array(fc.integer({ min: -50, max: 1000 })).map(packIntegers)
    await fc.assert(
      fc.asyncProperty(member, fc.oneof(fc.jsonValue(), integers), async (key, value) => {
        const outcome = await decodeLink(forge('r1', { ...link, [key]: value })).catch(e => e)
        if (outcome instanceof Error) expect(outcome.name).toBe('ExchangeError')
        else expect(outcome.result.runs.length).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 300 }
    )
  })
})

describe('what this version does not know', () => {
  const link = writeLinkResult(simulate(small))
  const later = (rows: object) => forge('r1', { ...link, e: { ...link.e, ...rows } })
  it.each([
    [{ optimiser: 'lion' }, ['optimiser']],
    [{ network: 'resnet' }, ['network: resnet']],
    [{ source: { kind: 'synthetic', id: 'textures' } }, ['source: synthetic textures']],
    [{ strategies: ['random', 'typiclust', 'kCenter'] }, ['typiclust']],
    [{ grid: 'geometric', optimiser: 'lion' }, ['optimiser', 'grid: geometric']]
  ])('%j: the result is shown, and declines to run', async (rows, unknown) => {
    const decoded = (await decodeLink(later(rows))) as { result: Result }
    expect(decoded.result.unknown).toEqual(unknown)
    expect(decoded.result.runs.length).toBe(link.r ? 18 : 0)
  })
  it.each([
    [{ optimiser: 'lion' }, 'unknownRow', 'optimiser'],
    [{ strategies: ['random', 'typiclust'] }, 'unknownName', 'strategies'],
    [{ network: 'resnet' }, 'badRow', 'network']
  ])('an experiment alone has nothing to show: %j', async (rows, code, field) => {
    await expect(decodeLink(forge('c1', { ...frozenExperiment, ...rows }))).rejects.toMatchObject({
      code,
      field
    })
  })
})
