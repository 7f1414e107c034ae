import { describe, expect, it } from 'vitest'
import { classGroups, mapScene, nearestPoint, orderedGroups, stepFrom } from '../../src/charts/imageMap.ts'

const square = Float32Array.of(0, 0, 4, 0, 0, 2, 4, 2)
const scene = (change = {}) =>
  mapScene(
    { positions: square, group: [0, 0, 1, -1], groups: classGroups(['a', 'b'], 'light') },
    { width: 220, height: 220, theme: 'light', ...change }
  )

describe('the map of images', () => {
  it('has one scale for both directions, upwards, in the middle of its room', () => {
    const { places } = scene()
    // 4 units are 200 px wide, so 2 units are 100 px high
    expect([...places]).toEqual([10, 160, 210, 160, 10, 60, 210, 60])
  })
  it('has axes of its own that begin at 0 where they mean something', () => {
    const { places, marks } = scene({ axes: { x: 'variability', y: 'confidence', number: String } })
    const texts = marks.flatMap(m => (m.kind === 'text' ? [m.text] : []))
    for (const text of ['variability', 'confidence', '0']) expect(texts).toContain(text)
    expect(places[0]).toBeLessThan(places[2])
    expect(places[1]).toBeGreaterThan(places[5])
  })
  it('draws every point once, those of no group pale and first, and names groups where they lie', () => {
    const { marks } = scene({ named: true })
    const points = marks.flatMap(m => (m.kind === 'path' ? [(m.d.match(/M/g) ?? []).length] : []))
    expect(points).toEqual([1, 2, 1])
    expect(marks.flatMap(m => (m.kind === 'text' ? [[m.text, m.x]] : []))).toEqual([
      ['a', 110],
      ['b', 10]
    ])
  })
  it('tells groups apart by colour, and beyond ten by marker', () => {
    const groups = classGroups(
      Array.from({ length: 30 }, (_, i) => String(i)),
      'dark'
    )
    expect(new Set(groups.map(g => g.colour + g.marker)).size).toBe(30)
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

describe('moving about', () => {
  const { places } = scene()
  it('the pointer finds the nearest point within its reach', () => {
    expect(nearestPoint(places, 13, 62, 24)).toBe(2)
    expect(nearestPoint(places, 110, 110, 24)).toBeUndefined()
  })
  it('arrow keys go to the nearest point in their quarter, and stay where there is none', () => {
    expect(stepFrom(places, undefined, 'ArrowUp')).toBe(0)
    expect(stepFrom(places, 0, 'ArrowRight')).toBe(1)
    expect(stepFrom(places, 0, 'ArrowUp')).toBe(2)
    expect(stepFrom(places, 0, 'ArrowLeft')).toBe(0)
    expect(stepFrom(places, 0, 'Enter')).toBeUndefined()
    expect(stepFrom(new Float32Array(0), undefined, 'ArrowUp')).toBeUndefined()
  })
})
