/**
 * What a strategy looks like, the same everywhere: colour, dash and marker, so that colour never stands alone. There are
 * more strategies than colours that stay apart: relatives share one, and no two share colour and marker. The
 * colours go back to Petroff's ten ("Accessible color sequences for data visualization", 2021), with hue and lightness
 * moved per theme until every pair stays apart for normal, protan, deutan and tritan vision and every colour reaches
 * 3:1 on the surface; a test measures both. A new strategy takes a line of the map.
 */
import { interpolateHcl, interpolateRgb, quantize, rgb } from 'd3'
import { nameNumber } from '../core/random.ts'
import { readLine } from '../core/result.ts'
import { selectorIds } from '../core/selectors/index.ts'
import type { Theme } from './options.ts'
import { tokenColours, type Paint } from './scene.ts'

export type MarkerShape =
  'circle' | 'square' | 'triangle' | 'diamond' | 'plus' | 'cross' | 'hourglass' | 'star' | 'bar'

export interface Style {
  light: string
  dark: string
  /** stroke-dasharray; empty for a solid line */
  dash: string
  marker: MarkerShape
}

export const palette = {
  grey: { light: '#85878b', dark: '#b6b5b2' },
  red: { light: '#b01405', dark: '#e66d4b' },
  blue: { light: '#2a6bda', dark: '#96bbff' },
  violet: { light: '#6a279f', dark: '#9b70f7' },
  amber: { light: '#cf6b00', dark: '#f9c11e' },
  green: { light: '#659652', dark: '#d1f5b4' },
  brown: { light: '#645541', dark: '#826e5f' },
  teal: { light: '#019bbb', dark: '#79fefa' },
  wine: { light: '#4a1525', dark: '#bc8ab2' },
  navy: { light: '#10104a', dark: '#6f6c9b' }
} as const

const of = (colour: keyof typeof palette, marker: MarkerShape, dash = ''): Style => ({
  ...palette[colour],
  marker,
  dash
})

export const strategyStyles: Readonly<Record<string, Style>> = {
  random: of('grey', 'cross', '4 4'),
  balancedRandom: of('grey', 'diamond', '2 3'),
  margin: of('red', 'circle'),
  entropy: of('blue', 'square'),
  bald: of('violet', 'triangle', '8 3'),
  kCenter: of('amber', 'diamond', '2 3'),
  consistency: of('green', 'plus', '10 3 2 3'),
  tod: of('green', 'bar', '9 2'),
  learningLoss: of('wine', 'hourglass', '9 2 2 2'),
  mcdal: of('navy', 'plus', '8 3'),
  leastConfidence: of('brown', 'hourglass', '6 2 2 2'),
  mase: of('red', 'triangle', '6 3'),
  mcEntropy: of('blue', 'star', '8 3'),
  variationRatios: of('violet', 'bar', '3 2'),
  meanStd: of('violet', 'square', '10 3 2 3'),
  kMeans: of('amber', 'circle', '6 3'),
  badge: of('teal', 'star'),
  clusterMargin: of('wine', 'bar', '6 3'),
  'typiClust:pixels': of('navy', 'circle', '12 3'),
  'typiClust:encoder': of('navy', 'triangle', '2 3'),
  'typiClust:embedding': of('navy', 'star', '5 2'),
  'probCover:pixels': of('teal', 'hourglass', '3 2'),
  'probCover:encoder': of('teal', 'bar', '5 2'),
  'probCover:embedding': of('teal', 'diamond', '9 2 2 2'),
  pt4al: of('green', 'square', '3 2'),
  base: of('wine', 'plus'),
  cbalEntropy: of('brown', 'square', '12 3'),
  cbalKCenter: of('brown', 'diamond', '2 3')
}

/** Styles no strategy has taken yet. */
const spare: readonly Style[] = [
  of('navy', 'square', '4 2'),
  of('wine', 'cross', '8 3'),
  of('teal', 'cross', '8 3'),
  of('green', 'hourglass', '6 3'),
  of('wine', 'star', '12 3')
]

/** How lines of chosen initial sets differ from that of random ones: the strategy's colour, the selector's dashes and marker. */
const selectorStyles: readonly Pick<Style, 'dash' | 'marker'>[] = [
  { dash: '1 3', marker: 'bar' },
  { dash: '5 3', marker: 'star' },
  { dash: '9 3', marker: 'hourglass' },
  { dash: '2 2 7 2', marker: 'triangle' },
  { dash: '14 4', marker: 'plus' },
  { dash: '7 2 2 2 2 2', marker: 'cross' },
  { dash: '4 6', marker: 'diamond' },
  { dash: '3 3 8 3', marker: 'star' },
  { dash: '11 2 2 2', marker: 'bar' },
  { dash: '1 2 4 2', marker: 'hourglass' },
  { dash: '6 6', marker: 'triangle' },
  { dash: '16 2', marker: 'cross' },
  { dash: '2 5', marker: 'plus' },
  { dash: '8 2 4 2', marker: 'diamond' }
]

/**
 * The style of a line (core/result.ts). A strategy that this version does not know gets a spare style by its name, always
 * the same; a selector the next of its own in the registry's order, and an unknown one by its name.
 */
export function styleOf(line: string): Style {
  const { strategy, selector } = readLine(line)
  const style = Object.hasOwn(strategyStyles, strategy)
    ? strategyStyles[strategy]
    : spare[nameNumber(strategy) % spare.length]
  if (selector === undefined) return style
  const known = (selectorIds as string[]).indexOf(selector) - 1
  return { ...style, ...selectorStyles[(known < 0 ? nameNumber(selector) : known) % selectorStyles.length] }
}

export const colourOf = (strategy: string, theme: Theme): Paint => styleOf(strategy)[theme] as Paint

const ramps: Record<Theme, [string, string]> = {
  light: ['#2f95b8', '#3a0f52'],
  dark: ['#7a6fd6', '#e9fbe0']
}

const sizeMarkers: readonly MarkerShape[] = ['circle', 'square', 'triangle', 'diamond', 'hourglass', 'star']

/** Initial sizes in order: one hue path from light to dark (on dark: dark to light), each with a marker. */
export function sizeStyles(count: number, theme: Theme): { colour: Paint; marker: MarkerShape }[] {
  const ramp = interpolateHcl(...ramps[theme])
  const colours = count > 1 ? quantize(ramp, count) : [ramp(0.5)]
  return colours.map((colour, i) => ({
    colour: colour as Paint,
    marker: sizeMarkers[i % sizeMarkers.length]
  }))
}

/** WCAG relative luminance. */
function luminance(colour: string): number {
  const { r, g, b } = rgb(colour)
  const [R, G, B] = [r, g, b].map(v =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4
  )
  return 0.2126 * R + 0.7152 * G + 0.0722 * B
}

const readable = new Map<string, Paint>()

/** The colour for text: drawn towards the ink until it reaches 4.5:1 on the surface, and a little over. */
export function textColour(colour: Paint, theme: Theme): Paint {
  const key = `${colour} ${theme}`
  let found = readable.get(key)
  if (!found) {
    const surface = luminance(tokenColours[theme].surface)
    const towards = interpolateRgb(colour, tokenColours[theme].ink)
    const ratio = (c: string) => {
      const l = luminance(c)
      return (Math.max(l, surface) + 0.05) / (Math.min(l, surface) + 0.05)
    }
    let step = 0
    while (step < 1 && ratio(towards(step)) < 4.8) step += 0.05
    found = rgb(towards(Math.min(1, step))).formatHex() as Paint
    readable.set(key, found)
  }
  return found
}
