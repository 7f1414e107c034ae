/** A chart on its own, in a file: its title and the sentences that stand around it on the page, above it. */
import { shift, type Mark, type Scene } from './scene.ts'
import { textWidth } from './text.ts'

export interface Heading {
  title: string
  lines: readonly string[]
}

const MARGIN = 20

/** Breaks a text into lines of at most `room` px, at spaces, or between full-width characters. */
export function wrap(text: string, size: number, room: number): string[] {
  const pieces = text.match(/[\u2e80-\uffef][、。：；）]?|[^\s\u2e80-\uffef]+\s*|\s+/gu) ?? []
  const lines: string[] = []
  let current = ''
  for (const piece of pieces) {
    if (current && textWidth((current + piece).trimEnd(), size) > room) {
      lines.push(current.trimEnd())
      current = ''
    }
    current += piece
  }
  return current.trim() ? [...lines, current.trimEnd()] : lines
}

/** The scene below its heading, with a margin around both. */
export function headed(scene: Scene, { title, lines }: Heading): Scene {
  const size = 15
  const room = scene.width - 10
  const written = lines.flatMap(text => wrap(text, size, room))
  const text: Mark[] = [
    { kind: 'text', x: MARGIN, y: MARGIN + 18, text: title, size: 20, bold: true, fill: 'ink' },
    ...written.map((line, i): Mark => ({
      kind: 'text',
      x: MARGIN,
      y: MARGIN + 46 + i * 22,
      text: line,
      size,
      fill: 'inkSoft'
    }))
  ]
  const top = MARGIN + 46 + written.length * 22
  return {
    width: scene.width + 2 * MARGIN,
    height: scene.height + top + MARGIN,
    marks: [...text, shift(scene.marks, MARGIN, top)]
  }
}
