/**
 * What a chart is made of: paths and texts in groups, in pixels, with nothing about the DOM. Components, the SVG file,
 * the PNG canvas and the tests all draw the same scene. A paint is a colour or one of the page's tokens, so that a
 * scene on screen follows the page's custom properties and an exported one has its colours inlined.
 */
import type { Theme } from './options.ts'

export type Token = 'ink' | 'inkSoft' | 'hairline' | 'surface' | 'accent' | 'onAccent' | 'shade'
export type Paint = Token | 'none' | `#${string}` | `rgb${string}`

export interface PathMark {
  kind: 'path'
  d: string
  fill?: Paint
  stroke?: Paint
  width?: number
  dash?: string
  opacity?: number
}

export interface TextMark {
  kind: 'text'
  x: number
  /** of the baseline */
  y: number
  text: string
  size: number
  bold?: boolean
  fill: Paint
  anchor?: 'start' | 'middle' | 'end'
  /** an outline in the surface's colour, where text crosses lines */
  halo?: boolean
  /** the whole text, where this one was cut short: a tooltip */
  full?: string
}

/** px of that outline's stroke: half of it stands outside the letters */
export const HALO = 6

export interface GroupMark {
  kind: 'group'
  /** what it belongs to: a strategy, so that the others can fade */
  key?: string
  /** drawn only while what it belongs to is brought forward */
  whenFocused?: boolean
  /** moves the whole group, px */
  shift?: { x: number; y: number }
  marks: Mark[]
}

export type Mark = PathMark | TextMark | GroupMark

export interface Scene {
  width: number
  height: number
  marks: Mark[]
}

/** Colours of the tokens where the page defines none, and in exported files. */
export const tokenColours: Record<Theme, Record<Token, string>> = {
  light: {
    ink: '#1b1e23',
    inkSoft: '#5f656e',
    hairline: '#e4e4de',
    surface: '#ffffff',
    accent: '#2743c9',
    onAccent: '#ffffff',
    shade: '#efefe9'
  },
  dark: {
    ink: '#eceef1',
    inkSoft: '#a3a9b3',
    hairline: '#30343d',
    surface: '#1c1f26',
    accent: '#93a1ff',
    onAccent: '#12141a',
    shade: '#262a32'
  }
}

/** The custom property that the page may define for a token. */
export const tokenProperties: Record<Token, string> = {
  ink: '--ink',
  inkSoft: '--ink-soft',
  hairline: '--hairline',
  surface: '--surface',
  accent: '--accent',
  onAccent: '--on-accent',
  shade: '--shade'
}

export const shift = (marks: Mark[], x: number, y: number): GroupMark => ({
  kind: 'group',
  shift: { x, y },
  marks
})

const isToken = (paint: Paint): paint is Token => Object.hasOwn(tokenProperties, paint)

/** A paint as a plain colour. */
export function plainPaint(paint: Paint, theme: Theme): string {
  return isToken(paint) ? tokenColours[theme][paint] : paint
}

/** A paint as the page has it: its custom property, with a colour to fall back on. */
export function pagePaint(paint: Paint, theme: Theme): string {
  return isToken(paint) ? `var(${tokenProperties[paint]}, ${tokenColours[theme][paint]})` : paint
}

const short = (v: number) => String(Math.round(v * 100) / 100)

export const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `M${short(x1)},${short(y1)}L${short(x2)},${short(y2)}`

export const box = (left: number, top: number, right: number, bottom: number): string =>
  `M${short(left)},${short(top)}H${short(right)}V${short(bottom)}H${short(left)}Z`

/** A box with round ends. */
export function pill(left: number, top: number, right: number, bottom: number): string {
  const r = (bottom - top) / 2
  return `M${short(left + r)},${short(top)}H${short(right - r)}a${r},${r} 0 0 1 0,${2 * r}H${short(left + r)}a${r},${r} 0 0 1 0,${-2 * r}Z`
}
