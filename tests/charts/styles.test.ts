import { describe, expect, it } from 'vitest'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import { selectorIds } from '../../src/core/selectors/index.ts'
import { strategyIds } from '../../src/core/strategies/index.ts'
import { belowPath, markerPath } from '../../src/charts/markers.ts'
import { tokenColours } from '../../src/charts/scene.ts'
import { palette, sizeStyles, strategyStyles, styleOf, textColour } from '../../src/charts/styles.ts'
import { lessons } from '../../src/lessons/index.ts'
import { sampleSpec } from '../../src/lessons/sample.ts'
import { contrast, deltaE2000, lab, visions, type Vision } from './colour.ts'

const themes = ['light', 'dark'] as const
const eyes = Object.keys(visions) as Vision[]

function closest(colours: string[], vision: Vision): number {
  const labs = colours.map(c => lab(c, vision))
  return Math.min(...labs.flatMap((a, i) => labs.slice(i + 1).map(b => deltaE2000(a, b))))
}

/** Strategies that the sample or a step of a lesson shows in one chart. */
const shownTogether = [
  ...new Set(
    [sampleSpec, ...Object.values(lessons).flatMap(({ steps }) => steps.map(step => step.spec))].map(
      ({ strategies }) => (strategies ?? frozenExperiment.strategies).join(' ')
    )
  )
]

describe('the measure itself', () => {
  it('gives the published CIEDE2000 differences (Sharma, Wu, Dalal 2005, table 1)', () => {
    expect(deltaE2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
    expect(deltaE2000([50, 2.5, 0], [50, 0, -2.5])).toBeCloseTo(4.3065, 4)
    expect(deltaE2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4)
    expect(deltaE2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 4)
    expect(deltaE2000([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 4)
  })

  it('gives the known contrast and Lab of simple colours', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10)
    expect(lab('#ffffff')[0]).toBeCloseTo(100, 3)
    expect(lab('#ff0000')[1]).toBeCloseTo(80.09, 1)
  })
})

describe.each(themes)('the palette, %s', theme => {
  const surface = tokenColours[theme].surface
  const all = Object.values(palette).map(c => c[theme])

  it.each(eyes)('keeps every pair of colours apart for %s vision', vision => {
    expect(closest(all, vision)).toBeGreaterThan(10)
  })

  // colours far apart as patches are less so as thin lines upon each other
  it.each(shownTogether)('keeps those of a lesson further apart: %s', ids => {
    const colours = ids.split(' ').map(id => styleOf(id)[theme])
    expect(closest([...new Set(colours)], 'normal')).toBeGreaterThan(22)
  })

  it('reaches 3:1 for lines and 4.5:1 for text on the surface', () => {
    for (const colour of all) {
      expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3)
      expect(contrast(textColour(colour, theme), surface)).toBeGreaterThanOrEqual(4.5)
    }
    const { ink, inkSoft, accent, onAccent } = tokenColours[theme]
    for (const text of [ink, inkSoft]) expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5)
  })

  it('steps evenly from initial size to initial size', () => {
    for (const count of [2, 3, 4]) {
      const colours = sizeStyles(count, theme).map(s => s.colour)
      for (const colour of colours) expect(contrast(hex(colour), surface)).toBeGreaterThanOrEqual(3)
      for (const vision of eyes) expect(closest(colours.map(hex), vision)).toBeGreaterThan(8)
    }
    const lightness = sizeStyles(8, theme).map(s => lab(hex(s.colour))[0])
    const sorted = [...lightness].sort((a, b) => (theme === 'light' ? b - a : a - b))
    expect(lightness).toEqual(sorted)
    expect(sizeStyles(1, theme)).toHaveLength(1)
  })
})

/** d3 interpolates to 'rgb(r, g, b)'. */
function hex(colour: string): string {
  if (colour.startsWith('#')) return colour
  return (
    '#' +
    colour
      .match(/\d+/g)!
      .map(v => Number(v).toString(16).padStart(2, '0'))
      .join('')
  )
}

describe('strategies', () => {
  it('have a style each, no two alike in colour and marker or in colour and dashes, random dashed', () => {
    for (const id of strategyIds) expect(strategyStyles).toHaveProperty(id)
    const styles = Object.values(strategyStyles)
    expect(new Set(styles.map(s => s.light + s.marker)).size).toBe(styles.length)
    expect(new Set(styles.map(s => s.light + s.dash)).size).toBe(styles.length)
    expect(strategyStyles.random.dash).not.toBe('')
  })

  it('have no marker that looks like the sign of being below random', () => {
    const shape = (path: string) => path.replace(/^M|Z$/g, '').split('L').sort().join(' ')
    const below = shape(belowPath(0, 0, 4))
    const ids = [...strategyIds, 'unknown', 'another', ...selectorIds.map(id => `random+${id}`)]
    for (const { marker } of [...ids.map(styleOf), ...sizeStyles(10, 'light')])
      expect(shape(markerPath(marker, 0, 0, 4))).not.toBe(below)
  })

  it('that this version does not know get one all the same, always the same', () => {
    expect(styleOf('ofTheFuture')).toEqual(styleOf('ofTheFuture'))
    expect(styleOf('constructor').light).toMatch(/^#/)
    expect(Object.values(strategyStyles)).not.toContainEqual(styleOf('ofTheFuture'))
  })
})
