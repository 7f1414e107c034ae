/** A scene as an SVG file: colours inlined, nothing that a reader would have to load. */
import { HALO, plainPaint, type Mark, type Scene } from './scene.ts'
import type { Theme } from './options.ts'

export const FONT =
  'system-ui, -apple-system, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", sans-serif'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML: escaped, and without the control characters that XML does not allow (names may come from a link). */
export const escapeXml = (text: string): string =>
  text.replace(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, '').replace(/[&<>"]/g, c => escapes[c])

type Attribute = string | number | undefined

function tag(name: string, attributes: Record<string, Attribute>, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, v]) => v !== undefined)
    .map(
      ([k, v]) =>
        ` ${k}="${escapeXml(typeof v === 'number' ? String(Math.round(v * 100) / 100) : String(v))}"`
    )
    .join('')
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}

function markToSvg(mark: Mark, theme: Theme): string {
  switch (mark.kind) {
    case 'group':
      return mark.marks.length && !mark.whenFocused
        ? tag(
            'g',
            { transform: mark.shift && `translate(${mark.shift.x} ${mark.shift.y})` },
            mark.marks.map(m => markToSvg(m, theme)).join('')
          )
        : ''
    case 'path':
      return tag('path', {
        d: mark.d,
        fill: plainPaint(mark.fill ?? 'none', theme),
        stroke: mark.stroke && plainPaint(mark.stroke, theme),
        'stroke-width': mark.width,
        'stroke-dasharray': mark.dash,
        opacity: mark.opacity
      })
    case 'text':
      return tag(
        'text',
        {
          x: mark.x,
          y: mark.y,
          'font-size': mark.size,
          'font-weight': mark.bold ? 600 : undefined,
          fill: plainPaint(mark.fill, theme),
          'text-anchor': mark.anchor === 'start' ? undefined : mark.anchor,
          ...(mark.halo
            ? {
                stroke: plainPaint('surface', theme),
                'stroke-width': HALO,
                'stroke-linejoin': 'round',
                'paint-order': 'stroke'
              }
            : {})
        },
        (mark.full === undefined ? '' : tag('title', {}, escapeXml(mark.full))) + escapeXml(mark.text)
      )
  }
}

export interface FileOptions {
  theme: Theme
  title: string
  /** one sentence for those who do not see it */
  description: string
}

/** The whole file, on an opaque surface. */
export function toSvg(scene: Scene, { theme, title, description }: FileOptions): string {
  const { width, height } = scene
  const surface = tag('rect', { width, height, fill: plainPaint('surface', theme) })
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': FONT,
      role: 'img'
    },
    `\n${tag('title', {}, escapeXml(title))}\n${tag('desc', {}, escapeXml(description))}\n${surface}\n` +
      scene.marks
        .map(m => markToSvg(m, theme))
        .filter(Boolean)
        .join('\n') +
      '\n'
  )
}
