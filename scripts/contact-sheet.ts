/**
 * Writes a contact sheet of a synthetic set as a PNG, to look at it and to time its drawing:
 * `npx tsx scripts/contact-sheet.ts digits sheet.png [seed] [columns]`
 */
import { writeFileSync } from 'node:fs'
import { deflateSync, crc32 } from 'node:zlib'
import type { SyntheticId } from '../src/core/datasource.ts'
import { contactSheet } from '../src/data/preview.ts'
import { balancedLabels, drawImages, syntheticSets } from '../src/data/synthetic/index.ts'

/** An 8-bit RGBA PNG; every row begins with filter 0. */
function png(width: number, height: number, rgba: Uint8ClampedArray): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length, 0)
    out.write(type, 4, 'latin1')
    data.copy(out, 8)
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const rows = Buffer.alloc(height * (1 + 4 * width))
  for (let y = 0; y < height; y++) {
    rows.set(rgba.subarray(4 * y * width, 4 * (y + 1) * width), y * (1 + 4 * width) + 1)
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

const [id, file, seed = '0', columns = '20'] = process.argv.slice(2)
const set = syntheticSets[id as SyntheticId]
if (!set || !file) throw new Error('usage: contact-sheet.ts digits|shapes FILE.png [seed] [columns]')
const started = performance.now()
const classes = set.classNames.length
const labels = balancedLabels(set, Number(seed), 'pool', Number(columns) * classes)
const images = drawImages(set, Number(seed), 'pool', labels)
const sheet = contactSheet({ images, labels }, set.shape, classes, Number(columns), 2)
console.log(`${labels.length} images, ${((performance.now() - started) / labels.length).toFixed(3)} ms each`)
writeFileSync(file, png(sheet.width, sheet.height, sheet.pixels))
