/** A chart on its own, in a file: its title and the sentences that stand around it on the page, above it. */
import { shift, type Mark, type Scene } from './scene.ts'
import { wrap } from './text.ts'

export interface Heading {
  title: string
  lines: readonly string[]
}

const MARGIN = 20

/** The scene below its heading, with a margin around both. */
export function headed(scene: Scene, { title, lines }: Heading): Scene {
  const size = 15
  const room = scene.width - 10
  const written = lines.flatMap(text => wrap(text, size, room))
  const titles = wrap(title, 20, room, true)
  const under = MARGIN + 46 + (Math.max(1, titles.length) - 1) * 26
  const text: Mark[] = [
    ...titles.map((line, i): Mark => ({
      kind: 'text',
      x: MARGIN,
      y: MARGIN + 18 + i * 26,
      text: line,
      size: 20,
      bold: true,
      fill: 'ink'
    })),
    ...written.map((line, i): Mark => ({
      kind: 'text',
      x: MARGIN,
      y: under + i * 22,
      text: line,
      size,
      fill: 'inkSoft'
    }))
  ]
  const top = under + written.length * 22
  return {
    width: scene.width + 2 * MARGIN,
    height: scene.height + top + MARGIN,
    marks: [...text, shift(scene.marks, MARGIN, top)]
  }
}
