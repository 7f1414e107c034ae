import { describe, expect, it } from 'vitest'
import { mapCsv, mapFile } from '../../src/charts/mapFiles.ts'
import type { Mark } from '../../src/charts/scene.ts'
import { classGroups, mapScene, nearestPoint, orderedGroups, stepFrom } from '../../src/charts/imageMap.ts'

const square = Float32Array.of(0, 0, 4, 0, 0, 2, 4, 2)
const scene = (change = {}) =>
  mapScene(
    { positions: square, group: [0, 0, 1, -1], groups: classGroups(['a', 'b'], 'light') },
    { width: 220, height: 220, theme: 'light', ...change }
  )

/** Marks with the group they belong to. */
const inside = (marks: readonly Mark[], key?: string): { mark: Mark; key?: string }[] =>
  marks.flatMap(mark => (mark.kind === 'group' ? inside(mark.marks, mark.key) : [{ mark, key }]))
const paths = (marks: readonly Mark[]) =>
  inside(marks).flatMap(({ mark: m, key }) =>
    m.kind === 'path' ? [{ key, points: (m.d.match(/M/g) ?? []).length, fill: m.fill }] : []
  )
const texts = (marks: readonly Mark[]) =>
  inside(marks).flatMap(({ mark: m, key }) => (m.kind === 'text' ? [{ key, text: m.text, x: m.x }] : []))

describe('the map of images', () => {
  it('has one scale for both directions, upwards, in the middle of its room', () => {
    const { places } = scene()
    // 4 units are 200 px wide, so 2 units are 100 px high
    expect([...places]).toEqual([10, 160, 210, 160, 10, 60, 210, 60])
  })
  it('has axes of its own that begin at 0 where they mean something', () => {
    const { places, marks } = scene({ axes: { x: 'variability', y: 'confidence', number: String } })
    const written = texts(marks).map(t => t.text)
    for (const text of ['variability', 'confidence', '0']) expect(written).toContain(text)
    expect(places[0]).toBeLessThan(places[2])
    expect(places[1]).toBeGreaterThan(places[5])
  })
  it('draws every point once, those of no group pale and first, and names groups where they lie', () => {
    const { marks } = scene({ named: true })
    expect(paths(marks).map(p => [p.key, p.points])).toEqual([
      [undefined, 1],
      ['0', 2],
      ['1', 1]
    ])
    // b's only point lies at the edge: its name begins there
    const [a, b] = texts(marks)
    expect(a).toEqual({ key: '0', text: 'a', x: 110 })
    expect(b.text).toBe('b')
    expect(b.x).toBeGreaterThan(0)
    expect(b.x).toBeLessThan(20)
  })
  it('draws them where they lie: a circle begins at its left', () => {
    const { marks, places, radius } = scene({ focus: 1 })
    const circles = inside(marks).flatMap(({ mark, key }) =>
      mark.kind === 'path'
        ? [...mark.d.matchAll(/M([\d.]+),([\d.]+)a([\d.]+),/g)].map(m => ({
            key,
            at: m.slice(1).map(Number)
          }))
        : []
    )
    const drawn = new Map<string, number[]>()
    for (const { key, at } of circles) {
      const [x, y, r] = at
      drawn.set(`${Math.round(x + r)} ${Math.round(y)}`, [Number(key ?? -1), r])
    }
    const at = (i: number) => drawn.get(`${Math.round(places[2 * i])} ${Math.round(places[2 * i + 1])}`)!
    expect(circles).toHaveLength(4)
    expect([0, 1, 2, 3].map(i => at(i)[0])).toEqual([0, 0, 1, -1])
    // the pale ones are small, the group that is brought out is large
    const [own, out, pale] = [at(0)[1], at(2)[1], at(3)[1]]
    expect(pale).toBeCloseTo(radius, 2)
    expect(own).toBeGreaterThan(pale)
    expect(out).toBeGreaterThan(own)
  })
  it('draws many points smaller', () => {
    const radiusOf = (n: number) =>
      mapScene(
        {
          positions: Float32Array.from({ length: 2 * n }, (_, i) => i % 97),
          group: new Array<number>(n).fill(0),
          groups: classGroups(['a'], 'light')
        },
        { width: 200, height: 200, theme: 'light' }
      ).radius
    const [few, more, most] = [400, 900, 3000].map(radiusOf)
    expect(few).toBeGreaterThan(more)
    expect(more).toBeGreaterThan(most)
  })
  it('brings a group out: last, above the others, with its name; of many groups only that one is named', () => {
    const brought = scene({ named: true, focus: 0 })
    expect(paths(brought.marks).map(p => p.key)).toEqual([undefined, '1', '0'])
    const names = Array.from({ length: 40 }, (_, i) => `class ${i}`)
    const many = (focus?: number) =>
      mapScene(
        {
          positions: Float32Array.from({ length: 80 }, (_, i) => i % 9),
          group: names.map((_, i) => i),
          groups: classGroups(names, 'light')
        },
        { width: 220, height: 220, theme: 'light', named: true, focus }
      )
    expect(texts(many().marks)).toEqual([])
    expect(texts(many(17).marks).map(t => t.text)).toEqual(['class 17'])
  })
  it('tells groups apart by colour, and beyond ten by marker', () => {
    const groups = classGroups(
      Array.from({ length: 100 }, (_, i) => String(i)),
      'dark'
    )
    expect(new Set(groups.map(g => `${g.colour} ${g.marker} ${g.hollow}`)).size).toBe(100)
    expect(new Set(groups.slice(0, 62).map(g => g.colour + g.marker)).size).toBe(62)
    expect(new Set(orderedGroups(['0', '1', '2'], 'light').map(g => g.colour)).size).toBe(3)
  })
  it('has a place for points that are all one', () => {
    const { places } = mapScene(
      { positions: new Float32Array(6), group: [0, 0, 0], groups: classGroups(['a'], 'light') },
      { width: 100, height: 80, theme: 'light' }
    )
    for (const v of places) expect(Number.isFinite(v)).toBe(true)
  })
})

describe('files', () => {
  const groups = classGroups(['cat', 'dog, or =1'], 'light')
  it('a picture lists every group below the map, whatever its room', () => {
    for (const width of [60, 400]) {
      const file = mapFile(scene({ width }), groups, { title: 'Map', lines: ['a sentence'] })
      const written = texts(file.marks).map(t => t.text)
      expect(written.slice(0, 1)).toEqual(['Map'])
      expect(written.slice(-2)).toEqual(['cat', 'dog, or =1'])
      expect(file.height).toBeGreaterThan(220)
    }
  })
  it('numbers come a line an image, in full; what there is none of is empty', () => {
    const csv = mapCsv(2, [
      { name: 'image', of: i => 7 + i },
      { name: 'class', of: i => groups[i].name },
      { name: 'x', of: () => 1 / 3 },
      { name: 'labelled_at', of: i => (i ? 20 : undefined) }
    ])
    expect(csv).toBe(
      'image,class,x,labelled_at\r\n7,cat,0.333333333333,\r\n8,"dog, or =1",0.333333333333,20\r\n'
    )
  })
})

describe('moving about', () => {
  const { places } = scene()
  it('the pointer finds the nearest point within its reach', () => {
    expect(nearestPoint(places, 13, 62, 24)).toBe(2)
    expect(nearestPoint(places, 110, 110, 24)).toBeUndefined()
    expect(nearestPoint(places, 210, 136, 24)).toBe(1)
    expect(nearestPoint(places, 210, 135.9, 24)).toBeUndefined()
    expect(nearestPoint(places, 120, 100, 500)).toBe(3)
  })
  it('arrow keys go to the nearest point in their quarter, and stay where there is none', () => {
    expect(stepFrom(places, undefined, 'ArrowUp')).toBe(0)
    expect(stepFrom(places, 0, 'ArrowRight')).toBe(1)
    expect(stepFrom(places, 0, 'ArrowUp')).toBe(2)
    expect(stepFrom(places, 0, 'ArrowLeft')).toBe(0)
    expect(stepFrom(places, 0, 'Enter')).toBeUndefined()
    expect(stepFrom(new Float32Array(0), undefined, 'ArrowUp')).toBeUndefined()
    // from the middle: a near one that lies more across than along is not in that quarter, one on its edge is
    const around = Float32Array.of(50, 50, 54, 55, 60, 54, 61, 50, 40, 60, 50, 90, 45, 45, 49, 30)
    const from = (key: string) => stepFrom(around, 0, key)
    expect([from('ArrowRight'), from('ArrowDown'), from('ArrowLeft'), from('ArrowUp')]).toEqual([3, 1, 6, 6])
    expect(stepFrom(around, 1, 'ArrowUp')).toBe(0)
  })
})
