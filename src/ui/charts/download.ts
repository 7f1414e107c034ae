/** Files of a chart: drawn from its scene, not from the screen, so that they need no style sheet and no network. */
import { HALO, plainPaint, type Mark, type Scene } from '../../charts/scene.ts'
import type { Theme } from '../../charts/options.ts'
import { FONT, toSvg, type FileOptions } from '../../charts/svg.ts'

function save(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export function saveSvg(name: string, scene: Scene, options: FileOptions): void {
  save(`${name}.svg`, new Blob([toSvg(scene, options)], { type: 'image/svg+xml' }))
}

/** With a byte order mark: spreadsheets take it for UTF-8 then. */
export function saveCsv(name: string, csv: string): void {
  save(`${name}.csv`, new Blob(['\ufeff', csv], { type: 'text/csv' }))
}

function draw(context: CanvasRenderingContext2D, mark: Mark, theme: Theme): void {
  switch (mark.kind) {
    case 'group':
      if (mark.whenFocused) return
      context.save()
      if (mark.shift) context.translate(mark.shift.x, mark.shift.y)
      mark.marks.forEach(m => draw(context, m, theme))
      context.restore()
      return
    case 'path': {
      const path = new Path2D(mark.d)
      context.globalAlpha = mark.opacity ?? 1
      if (mark.fill && mark.fill !== 'none') {
        context.fillStyle = plainPaint(mark.fill, theme)
        context.fill(path)
      }
      if (mark.stroke && mark.stroke !== 'none') {
        context.strokeStyle = plainPaint(mark.stroke, theme)
        context.lineWidth = mark.width ?? 1
        context.setLineDash(mark.dash ? mark.dash.split(/[ ,]+/).map(Number) : [])
        context.stroke(path)
      }
      context.globalAlpha = 1
      return
    }
    case 'text':
      context.font = `${mark.bold ? 600 : 400} ${mark.size}px ${FONT}`
      context.textAlign = mark.anchor === 'middle' ? 'center' : (mark.anchor ?? 'start')
      if (mark.halo) {
        context.strokeStyle = plainPaint('surface', theme)
        context.lineWidth = HALO
        context.lineJoin = 'round'
        context.setLineDash([])
        context.strokeText(mark.text, mark.x, mark.y)
      }
      context.fillStyle = plainPaint(mark.fill, theme)
      context.fillText(mark.text, mark.x, mark.y)
  }
}

/** At twice the size, on an opaque surface. */
export function savePng(name: string, scene: Scene, theme: Theme): void {
  const scale = 2
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(scene.width * scale)
  canvas.height = Math.round(scene.height * scale)
  const context = canvas.getContext('2d')!
  context.scale(scale, scale)
  context.fillStyle = plainPaint('surface', theme)
  context.fillRect(0, 0, scene.width, scene.height)
  scene.marks.forEach(mark => draw(context, mark, theme))
  canvas.toBlob(blob => blob && save(`${name}.png`, blob), 'image/png')
}
