import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INITIAL_STOPS } from '../../src/core/experiment/table.ts'
import {
  clearStops,
  dialScale,
  labelRows,
  moved,
  nextStop,
  nextWhole,
  numberPlaces
} from '../../src/ui/dial.ts'

const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 })

describe('the track', () => {
  it('is logarithmic: equal factors are equal ways', () => {
    const { position } = dialScale([10, 1000], [])
    expect(position(10)).toBe(0)
    expect(position(1000)).toBe(1)
    expect(position(100)).toBeCloseTo(0.5, 12)
  })

  it('holds every stop and every size, in order', () => {
    fc.assert(
      fc.property(sizes, list => {
        const { position } = dialScale(INITIAL_STOPS, list)
        const all = [...INITIAL_STOPS, ...list].sort((a, b) => a - b).map(position)
        expect(all[0]).toBeGreaterThanOrEqual(0)
        expect(all[all.length - 1]).toBeLessThanOrEqual(1 + 1e-12)
        expect(all).toEqual([...all].sort((a, b) => a - b))
      })
    )
  })

  it('snaps each stop to itself, and beyond the ends to the last ones', () => {
    const scale = dialScale(INITIAL_STOPS, [7, 900])
    for (const stop of INITIAL_STOPS) expect(scale.nearestStop(scale.position(stop))).toBe(stop)
    expect([scale.nearestStop(-1), scale.nearestStop(2)]).toEqual([10, 500])
  })
})

describe('the keyboard', () => {
  it('goes to the next free stop, and stays where there is none', () => {
    expect(nextStop(INITIAL_STOPS, 50, 1, new Set([70]))).toBe(100)
    expect(nextStop(INITIAL_STOPS, 35, -1, new Set())).toBe(30)
    expect(nextStop(INITIAL_STOPS, 500, 1, new Set())).toBe(500)
  })

  it('goes by one past other handles, within bounds', () => {
    expect(nextWhole(50, 1, new Set([51, 52]), [1, 100])).toBe(53)
    expect(nextWhole(2, -1, new Set([1]), [1, 100])).toBe(2)
    expect(nextWhole(100, 1, new Set(), [1, 100])).toBe(100)
  })
})

it('moving one size keeps their number, and never makes two of one', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.integer({ min: 1, max: 5000 }), (list, i, to) => {
      const next = moved(list, list[i % list.length], to)
      expect(next).toHaveLength(list.length)
      expect(new Set(next).size).toBe(list.length)
    })
  )
})

describe('the numbers of the handles', () => {
  it('do not touch each other, and stay in the lowest row where there is room', () => {
    const label = fc.record({ at: fc.integer({ min: 0, max: 300 }), width: fc.integer({ min: 10, max: 60 }) })
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), list => {
        const labels = list.toSorted((a, b) => a.at - b.at)
        const rows = labelRows(labels)
        const clear = (i: number, j: number) =>
          labels[j].at - labels[i].at >= (labels[i].width + labels[j].width) / 2 + 4
        rows.forEach((row, j) => {
          for (let i = 0; i < j; i++)
            if (rows[i] === row && rows.lastIndexOf(row, j - 1) === i) expect(clear(i, j)).toBe(true)
          // every lower row is taken
          for (let lower = 0; lower < row; lower++) {
            const last = rows.lastIndexOf(lower, j - 1)
            expect(last >= 0 && !clear(last, j)).toBe(true)
          }
        })
      })
    )
    expect(
      labelRows([
        { at: 10, width: 12 },
        { at: 60, width: 12 }
      ])
    ).toEqual([0, 0])
  })

  it('stand over their handles, also at the end of the track unless they are very long', () => {
    const shifts = (text: string) => numberPlaces([0, 300], ['20', text], 300).map(({ shift }) => shift)
    for (const text of ['500', '1,700', '10000']) expect(shifts(text)).toEqual([0, text === '10000' ? -3 : 0])
  })
})

describe('the stops', () => {
  const stops = [10, 20, 30, 50, 70, 100, 150, 200, 300, 500]
  it('are all there where they have room, and stand clear of each other where other sizes press them', () => {
    expect(clearStops(stops, [50, 100], dialScale(stops, [50, 100]), 900)).toEqual(stops)
    const sizes = [1, 150, 5000]
    const scale = dialScale(stops, sizes)
    const kept = clearStops(stops, sizes, scale, 600)
    expect(kept).toContain(150)
    expect(kept.length).toBeLessThan(stops.length)
    const at = kept.map(stop => 600 * scale.position(stop))
    for (let i = 1; i < at.length; i++) expect(at[i] - at[i - 1]).toBeGreaterThanOrEqual(28)
  })
})
