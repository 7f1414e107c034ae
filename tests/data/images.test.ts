/** PNG to pixels, pixels to other sizes, deflate: expected values by the definitions, by zlib, and from Pillow 12. */
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DataError } from '../../src/data/errors.ts'
import { decodeWithCanvas, sizeOf } from '../../src/data/formats/canvas.ts'
import { greyOf } from '../../src/data/formats/colour.ts'
import { crc32 } from '../../src/core/digest.ts'
import { fitting } from '../../src/data/formats/fitArray.ts'
import { asTheyAre, type ReadOptions } from '../../src/data/formats/format.ts'
import { inflate } from '../../src/data/formats/inflate.ts'
import { imageKind } from '../../src/data/formats/images.ts'
import { decodePng } from '../../src/data/formats/png.ts'
import { resampler } from '../../src/data/formats/resample.ts'
import { crcOf, pngBytes, type PngOptions } from './containers.ts'
import { squaresAvif } from './avif.ts'

async function decode(bytes: Uint8Array<ArrayBuffer>) {
  const rows: number[] = []
  let shape
  const transparent = await decodePng('x.png', bytes, found => {
    shape = found
    return row => rows.push(...row)
  })
  return { shape, pixels: rows, transparent }
}

const rowsOf = (height: number, length: number) =>
  Array.from({ length: height }, (_, y) => Uint8Array.from({ length }, (_, i) => i * 37 + y * 91 + i * y))

describe('PNG', () => {
  const kinds: [type: number, depth: number, samples: number][] = [
    [0, 8, 1],
    [2, 8, 3],
    [4, 8, 2],
    [6, 8, 4],
    [0, 16, 1],
    [2, 16, 3]
  ]
  it.each(kinds)(
    'of colour type %i and depth %i, through every filter',
    async (colourType, depth, samples) => {
      const [width, height] = [13, 11]
      const rows = rowsOf(height, (width * samples * depth) / 8)
      const png = pngBytes({ width, height, colourType, depth, rows, filter: y => y % 5 })
      const { pixels, shape } = await decode(png)
      const channels = colourType === 0 || colourType === 4 ? 1 : 3
      expect(shape).toEqual({ height, width, channels })
      const value = (row: Uint8Array, i: number) =>
        depth === 8 ? row[i] : Math.round((row[2 * i] * 256 + row[2 * i + 1]) / 257)
      const expected = rows.flatMap(row =>
        Array.from({ length: width * channels }, (_, i) => {
          const at = Math.floor(i / channels) * samples
          const alpha = samples > channels ? value(row, at + channels) / 255 : 1
          return Math.round(value(row, at + (i % channels)) * alpha + 255 * (1 - alpha))
        })
      )
      expect(pixels).toEqual(expected)
    }
  )

  it('of fewer bits, and of palettes with transparent colours', async () => {
    const row = Uint8Array.of(0b00011011, 0b11000000)
    const grey = await decode(pngBytes({ width: 5, height: 1, colourType: 0, depth: 2, rows: [row] }))
    expect(grey.pixels).toEqual([0, 85, 170, 255, 255])
    const bits = await decode(pngBytes({ width: 9, height: 1, colourType: 0, depth: 1, rows: [row] }))
    expect(bits.pixels).toEqual([0, 0, 0, 255, 255, 0, 255, 255, 255])
    const palette = [10, 20, 30, 40, 50, 60, 0, 0, 0, 9, 9, 9]
    const coloured: PngOptions = {
      width: 4,
      height: 1,
      colourType: 3,
      depth: 2,
      rows: [row.slice(0, 1)],
      palette
    }
    expect((await decode(pngBytes(coloured))).pixels).toEqual(palette)
    const seeThrough = await decode(pngBytes({ ...coloured, transparency: [255, 255, 0, 51] }))
    // over white: 9/5 + 255 * 4/5
    expect(seeThrough.pixels.slice(6)).toEqual([255, 255, 255, 206, 206, 206])
    expect(seeThrough.transparent).toBe(true)
  })

  it('interlaced: seven images in one', async () => {
    const [width, height] = [5, 4]
    const whole = rowsOf(height, width)
    const at = (x0: number, y0: number, dx: number, dy: number) => {
      const [rows, out] = [[], []] as [number[], Uint8Array[]]
      for (let y = y0; y < height; y += dy) rows.push(y)
      for (const y of rows)
        out.push(Uint8Array.from(whole[y].filter((_, x) => x >= x0 && (x - x0) % dx === 0)))
      return out.filter(row => row.length)
    }
    const passes = [at(0, 0, 8, 8), at(4, 0, 8, 8), at(0, 4, 4, 8), at(2, 0, 4, 4), at(0, 2, 2, 4)]
    const rows = [...passes, at(1, 0, 2, 2), at(0, 1, 1, 2)].flat()
    const png = pngBytes({ width, height, colourType: 0, rows, interlace: 1 })
    expect((await decode(png)).pixels).toEqual(whole.flatMap(row => [...row]))
  })

  it('that is large is streamed', async () => {
    const [width, height] = [1500, 1200]
    const rows = rowsOf(height, width * 3)
    let sum = 0
    await decodePng('x.png', pngBytes({ width, height, rows }), () => row => {
      for (const value of row) sum = (sum * 31 + value) % 1000003
    })
    let expected = 0
    for (const row of rows) for (const value of row) expected = (expected * 31 + value) % 1000003
    expect(sum).toBe(expected)
  })

  it('that is wrong is refused, whatever it promises', async () => {
    const good: PngOptions = { width: 8, height: 8, colourType: 0, rows: rowsOf(8, 8) }
    const damaged = async (bytes: Uint8Array<ArrayBuffer>, code = 'damagedImage') =>
      expect(await decode(bytes).catch(error => (error as DataError).code)).toBe(code)
    await damaged(pngBytes(good).slice(0, -20))
    const flipped = pngBytes(good)
    flipped[50] ^= 1
    await damaged(flipped)
    await damaged(pngBytes({ ...good, rows: rowsOf(7, 8) }))
    await damaged(pngBytes({ ...good, rows: rowsOf(9000, 8) }))
    await damaged(pngBytes({ ...good, depth: 3 }))
    await damaged(pngBytes({ ...good, width: 60000, height: 60000 }), 'imageTooLarge')
    await damaged(pngBytes({ ...good, width: 4000, height: 4000 }))
  })
})

describe('deflate', () => {
  it('is undone, and never past the end of the output', () => {
    const pattern = fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 400 })), { maxLength: 60 })
    fc.assert(
      fc.property(pattern, fc.nat(9), fc.nat(4), (runs, level, strategy) => {
        const bytes = Uint8Array.from(
          runs.flatMap(([v, n]) => Array.from({ length: n }, (_, i) => v + (i % 7) * (v & 3)))
        )
        const packed = deflateRawSync(bytes, { level, strategy })
        const out = new Uint8Array(bytes.length)
        expect(inflate(packed, out)).toEqual({ written: bytes.length, used: packed.length })
        expect(Buffer.compare(out, bytes)).toBe(0)
        if (bytes.length) expect(inflate(packed, new Uint8Array(bytes.length - 1))).toBeUndefined()
        expect(inflate(packed.subarray(0, -1), out)).toBeUndefined()
        expect(crc32(bytes)).toBe(crcOf(bytes))
      }),
      { numRuns: 200, seed: 1 }
    )
  })

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const result = inflate(bytes, new Uint8Array(300))
        if (result) expect(result.written).toBeLessThanOrEqual(300)
      }),
      { numRuns: 3000, seed: 2 }
    )
  })
})

describe('other sizes', () => {
  const image = (height: number, width: number, channels: number) =>
    Array.from({ length: height }, (_, y) =>
      Uint8Array.from({ length: width * channels }, (_, i) => {
        const [x, c] = [Math.floor(i / channels), i % channels]
        return x * 37 + y * 91 + c * 53 + ((x * y) % 7) * 11
      })
    )
  const fitted = (rows: Uint8Array[], channels: number, side: number, fit: 'crop' | 'pad' | 'stretch') => {
    const shape = { height: rows.length, width: rows[0].length / channels, channels }
    const work = resampler(shape, side, fit)
    rows.forEach((row, y) => work.sink(row, y))
    return work.result()
  }

  // height, width, channels, side, the first numbers of Image.resize(..., BILINEAR), and the sum of all, v -> 31 sum + v
  it.each<[number, number, number, number, number[], number]>([
    [11, 17, 1, 8, [61, 123, 146, 89, 113, 138, 124, 85, 157, 131, 111, 160], 592093],
    [5, 4, 3, 8, [0, 53, 106, 9, 62, 115, 28, 81, 134, 46, 99, 152], 615018],
    [40, 30, 3, 28, [35, 88, 141, 79, 132, 171, 122, 156, 140, 140, 130, 183], 95657],
    [100, 3, 1, 28, [85, 85, 85, 85, 85, 89, 95, 101, 107, 113, 119, 125], 622260]
  ])('as Pillow makes them: %i x %i x %i to %i', (height, width, channels, side, first, sum) => {
    const result = fitted(image(height, width, channels), channels, side, 'stretch')
    expect([...result.slice(0, 12)]).toEqual(first)
    expect(result.reduce((a, v) => (a * 31 + v) % 1000003, 0)).toBe(sum)
  })

  it("in grey, as Pillow's convert('L')", () => {
    const out = new Uint8Array(16)
    greyOf(Uint8Array.from(image(4, 4, 3).flatMap(row => [...row])), out)
    expect([...out]).toEqual([43, 80, 117, 154, 134, 182, 201, 99, 196, 105, 87, 146, 60, 130, 171, 164])
  })

  it('by cropping the middle, or with black around', () => {
    const rows = image(20, 9, 1)
    const middle = rows.slice(5, 14)
    expect(fitted(rows, 1, 8, 'crop')).toEqual(fitted(middle, 1, 8, 'stretch'))
    // 20 x 9 becomes 20 x 9: five columns before, six behind
    const padded = fitted(rows, 1, 20, 'pad')
    rows.forEach((row, y) => {
      const expected = [0, 0, 0, 0, 0, ...row, 0, 0, 0, 0, 0, 0]
      expect([...padded.slice(y * 20, y * 20 + 20)]).toEqual(expected)
    })
  })
})

describe('wide images and arrays of them', () => {
  const at = (y: number, x: number, c: number) => (x * 37 + y * 91 + c * 53) & 255
  const pixels = (height: number, width: number, channels: number) =>
    Uint8Array.from({ length: height * width * channels }, (_, i) =>
      at(Math.floor(i / (width * channels)), Math.floor(i / channels) % width, i % channels)
    )
  const fit = (height: number, width: number, channels: number, options: Partial<ReadOptions>) =>
    fitting('a', { height, width, channels }, { ...asTheyAre, ...options })

  it('are cropped to their middle columns, or lie between black rows', () => {
    const wide = pixels(28, 33, 1)
    const cropped = fit(28, 33, 1, { side: 28 }).apply(wide)
    cropped.forEach((v, i) => expect(v).toBe(at(Math.floor(i / 28), (i % 28) + 2, 0)))
    // 14 x 28 keeps its size: seven black rows on either side
    const padded = fit(14, 28, 1, { side: 28, fit: 'pad' }).apply(pixels(14, 28, 1))
    padded.forEach((v, i) => {
      const y = Math.floor(i / 28) - 7
      expect(v).toBe(y < 0 || y >= 14 ? 0 : at(y, i % 28, 0))
    })
  })

  it('with an alpha channel lose it, image by image; grey is of the colours, colour of a grey the same thrice', () => {
    const two = Uint8Array.from([...pixels(9, 9, 4), ...pixels(9, 9, 4).map(v => 255 - v)])
    const opaque = two.filter((_, i) => i % 4 !== 3)
    const asIs = fit(9, 9, 4, {})
    expect([asIs.shape, asIs.same]).toEqual([{ height: 9, width: 9, channels: 3 }, false])
    expect(asIs.apply(two)).toEqual(opaque)
    const grey = new Uint8Array(2 * 81)
    greyOf(opaque, grey)
    expect(fit(9, 9, 4, { colour: 'grey' }).apply(two)).toEqual(grey)
    expect(fit(9, 9, 3, { colour: 'grey' }).apply(opaque)).toEqual(grey)
    expect(fit(9, 9, 1, { colour: 'colour' }).apply(grey)).toEqual(
      Uint8Array.from([...grey].flatMap(v => [v, v, v]))
    )
    const plain = fit(9, 9, 3, {})
    expect([plain.same, plain.apply(opaque) === opaque]).toEqual([true, true])
  })
})

describe('kinds of images', () => {
  const text = (s: string) => Uint8Array.from(s, c => c.charCodeAt(0))
  it('are told by their first bytes, with the size that they announce', () => {
    expect(imageKind(text('\xff\xd8\xff\xe0'))).toBe('jpeg')
    expect(imageKind(text('RIFF....WEBPVP8L'))).toBe('webp')
    expect(imageKind(text('....ftypheic'))).toBe('heic')
    expect(imageKind(text('....ftypavif'))).toBe('avif')
    expect(imageKind(text('BMany words begin so'))).toBeUndefined()
    const jpeg = text('\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\x02\x03\x04')
    expect(sizeOf(jpeg, 'jpeg')).toEqual({ height: 0x102, width: 0x304 })
    expect(sizeOf(new Uint8Array(squaresAvif()), 'avif')).toEqual({ width: 32, height: 32 })
    // a grid: its tiles, and the whole
    const extent = (width: string, height: string) => `ispe\0\0\0\0\0\0${width}\0\0${height}`
    const grid = text(`....ftypavif i ${extent('\x02\x00', '\x01\x00')}${extent('\xff\xff', '\x80\x01')}is`)
    expect(sizeOf(grid, 'avif')).toEqual({ width: 65535, height: 0x8001 })
    expect(sizeOf(text('....ftypavif ispe\0\0\0\0\0\0\x01\x01\0\0\x01'), 'avif')).toBeUndefined()
    expect(sizeOf(text('GIF89a\x05\x00\x06\x01'), 'gif')).toEqual({ width: 5, height: 262 })
  })

  it('but PNG need a browser', async () => {
    const attempt = decodeWithCanvas(
      'a.jpg',
      text('\xff\xd8\xff') as Uint8Array<ArrayBuffer>,
      'jpeg',
      () => () => {}
    )
    await expect(attempt).rejects.toMatchObject({ code: 'needsBrowser', parameters: { file: 'a.jpg' } })
  })
})
