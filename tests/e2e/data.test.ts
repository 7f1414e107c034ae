/** Files of one's own: dropped, checked, kept, there after a reload, used in an experiment, deleted. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Locator, Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { readDataset } from '../../src/data/readDataset.ts'
import { buildView } from '../../src/data/view.ts'
import { defaultKnobs } from '../../src/core/datasource.ts'
import { plainPng, zipBytes } from '../data/containers.ts'
import { useBrowser, workerNamed } from './browser.ts'
import { finished, linkTo, numbersOf, runHere, tiny } from './experiments.ts'
import { squaresAvif } from '../data/avif.ts'

function idx(dims: number[], bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length)
  head.set([0, 0, 8, dims.length])
  dims.forEach((d, i) => head.writeUInt32BE(d, 4 + 4 * i))
  return Buffer.concat([head, bytes])
}

/** As `cat a.gz b.gz` makes it. */
const inTwoMembers = (bytes: Buffer) =>
  Buffer.concat([bytes.subarray(0, 100), bytes.subarray(100)].map(part => gzipSync(part)))

/** Four MNIST-style files of drawn digits, some of them gzipped. */
function files() {
  const { pool, test } = buildView(
    { kind: 'synthetic', id: 'digits' },
    { ...defaultKnobs, poolSize: 400, testSize: 200 }
  )
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
  return [
    file('t10k-labels-idx1-ubyte', idx([200], Uint8Array.from(test.labels))),
    file('train-images-idx3-ubyte.gz', gzipSync(idx([400, 28, 28], pool.images))),
    file('t10k-images-idx3-ubyte', idx([200, 28, 28], test.images)),
    file('train-labels-idx1-ubyte.gz', inTwoMembers(idx([400], Uint8Array.from(pool.labels))))
  ]
}

type Colour = readonly [number, number, number]

/** Sides of the drawn images: four squares, of the size of JPEG's and WebP's blocks. */
const [SIDE, SQUARE] = [32, 16]

/** BMP of 24 bits: rows from the last to the first, blue first. */
function bmp(colourAt: (x: number, y: number) => Colour): Buffer {
  const head = Buffer.alloc(54)
  head.write('BM')
  head.writeUInt32LE(54 + SIDE * SIDE * 3, 2)
  head.writeUInt32LE(54, 10)
  head.writeUInt32LE(40, 14)
  head.writeInt32LE(SIDE, 18)
  head.writeInt32LE(SIDE, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(24, 28)
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) =>
    colourAt(i % SIDE, SIDE - 1 - Math.floor(i / SIDE)).toReversed()
  )
  return Buffer.concat([head, Buffer.from(pixels.flat())])
}

/** GIF of four colours; its table starts anew before every pixel, so that every code has three bits. */
function gif(colours: readonly Colour[], indexAt: (x: number, y: number) => number): Buffer {
  const [clear, end] = [4, 5]
  const codes = Array.from({ length: SIDE * SIDE }, (_, i) => [
    clear,
    indexAt(i % SIDE, Math.floor(i / SIDE))
  ])
  const bits = [...codes.flat(), end].flatMap(code => [code & 1, (code >> 1) & 1, code >> 2])
  const packed = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit, at) => byte | (bit << at), 0)
  )
  const blocks = Array.from({ length: Math.ceil(packed.length / 255) }, (_, i) =>
    packed.slice(255 * i, 255 * i + 255)
  )
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.of(SIDE, 0, SIDE, 0, 0x91, 0, 0, ...colours.flat()),
    Buffer.of(0x2c, 0, 0, 0, 0, SIDE, 0, SIDE, 0, 0, 2),
    ...blocks.map(block => Buffer.of(block.length, ...block)),
    Buffer.of(0, 0x3b)
  ])
}

/** A JPEG whose camera lay on its side: its EXIF data ask for a quarter turn, clockwise. */
function turnedToTheRight(jpeg: Buffer): Buffer {
  const orientation = Buffer.from('010112000300000001000600000000', 'hex')
  const exif = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\b\0', 'latin1'), orientation, Buffer.alloc(3)])
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)])
}

/** The four squares as the browser itself writes them in a format. */
async function drawn(page: Page, type: string, colours: readonly Colour[]): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ({ type, colours, side, square }) => {
      const canvas = new OffscreenCanvas(side, side)
      const context = canvas.getContext('2d')!
      colours.forEach(([r, g, b], i) => {
        context.fillStyle = `rgb(${r} ${g} ${b})`
        context.fillRect((i % 2) * square, (i >> 1) * square, square, square)
      })
      const blob = await canvas.convertToBlob({ type, quality: 0.95 })
      if (blob.type !== type) throw new Error(`no ${type}`)
      return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())))
    },
    { type, colours, side: SIDE, square: SQUARE }
  )
  return Buffer.from(base64, 'base64')
}

/** Until files are taken. */
const ready = (page: Page) =>
  page.getByRole('button', { name: 'Choose files' }).and(page.locator(':enabled')).waitFor()

async function choose(page: Page, chosen: ReturnType<typeof files>): Promise<void> {
  await ready(page)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles(chosen)
}

/** Files as a drop or a paste carries them. */
function transferOf(page: Page, carried: ReturnType<typeof files>) {
  const plain = carried.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') }))
  return page.evaluateHandle(files => {
    const transfer = new DataTransfer()
    for (const { name, base64 } of files)
      transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name))
    return transfer
  }, plain)
}

/** Drops files in the middle of the page. */
async function drop(page: Page, dropped: ReturnType<typeof files>): Promise<void> {
  await page.dispatchEvent('main', 'drop', { dataTransfer: await transferOf(page, dropped) })
}

/** Drops a file or a folder of the disk in the middle of the page, as a hand does. */
async function dropPath(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data })
  await session.detach()
}

const classNames = (dialog: Locator) =>
  dialog
    .getByRole('textbox', { name: /^Name of class/ })
    .evaluateAll(boxes => boxes.map(box => (box as HTMLInputElement).value))

/** Chunks in the database of data sets. */
const storedChunks = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('dal-playground-data')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const db = opening.result
          const keys = db.transaction('entries').objectStore('entries').getAllKeys()
          keys.onsuccess = () => {
            db.close()
            resolve(keys.result.filter(key => !String(key).endsWith('/manifest')).length)
          }
        }
      })
  )

describe('data of one’s own', () => {
  const { visitor, open, errors } = useBrowser()

  it('four IDX files: previewed, kept, there after a reload, run, deleted', async () => {
    const context = await visitor()
    const page = await open(context, await linkTo(tiny))
    await choose(page, files())
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.waitFor()
    expect(await dialog.innerText()).toMatch(/pool 400 · test 200/)
    expect(await storedChunks(page)).toBe(0)
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('My digits')
    // two classes of one name are refused until one of them has another
    const three = dialog.getByRole('textbox', { name: 'Name of class 3' })
    await three.fill('4')
    await dialog.getByText('Two classes are called “4”').waitFor()
    expect(await dialog.getByRole('button', { name: 'Keep and use it' }).isDisabled()).toBe(true)
    await three.fill('three')
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await page.getByRole('button', { name: /My digits.*change the data set/ }).waitFor()

    await runHere(page)
    await finished(page)
    expect(await numbersOf(page, 'Learning curves')).toMatch(/Margin/)
    await page.getByText('My digits').first().waitFor()
    await page
      .getByTitle(/^three: /)
      .first()
      .waitFor()

    await page.goto('about:blank')
    await page.goto(inject('site'))
    const stored = page.getByRole('button', { name: /^My digits/ }).first()
    await stored.waitFor()
    await page.getByRole('button', { name: 'Delete My digits' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Delete My digits' }).waitFor({ state: 'detached' })
    expect(errors).toEqual([])
  })

  it('a lopsided test part is pointed out, and can be balanced', async () => {
    const page = await open(await visitor(), await linkTo({ ...tiny, strategies: ['random'], seeds: 1 }))
    const chosen = files()
    // 150 of 200 test images are of class 0, four of class 9
    const labels = Uint8Array.from({ length: 200 }, (_, i) => (i < 150 ? 0 : i < 196 ? 1 + (i % 8) : 9))
    chosen[0].buffer = idx([200], labels)
    await choose(page, chosen)
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByText('Always answering “0” would be right for 75% of the test set.').waitFor()
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await page.getByText('More settings').click()
    await page.getByLabel('Test classes', { exact: true }).selectOption('balanced')
    const largest = page.getByText('Make the test set 49 images or fewer.')
    await largest.waitFor()
    const size = page.getByLabel('Test set', { exact: true })
    await size.fill('40')
    await size.press('Enter')
    await largest.waitFor({ state: 'detached' })
    await runHere(page)
    await finished(page)
    await page.getByText('The same number of test images of each class: balanced accuracy').first().waitFor()
    // of forty images each is two and a half points
    const accuracies = [...(await numbersOf(page, 'Learning curves', 5)).matchAll(/(\d+(?:\.\d)?)%/g)].map(
      m => +m[1]
    )
    expect(accuracies.length).toBeGreaterThan(3)
    for (const a of accuracies) expect((a / 2.5) % 1).toBeCloseTo(0)
    expect(errors).toEqual([])
  })

  it('a broken file gets a sentence with its name, and nothing is stored', async () => {
    const page = await open(await visitor())
    const chosen = files()
    chosen[2].buffer = chosen[2].buffer.subarray(0, 5000)
    await choose(page, chosen)
    const dialog = page.getByRole('dialog', { name: 'This could not be read' })
    expect(await dialog.getByRole('alert').innerText()).toMatch(/t10k-images-idx3-ubyte/)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: /^Delete / }).count()).toBe(0)
    expect(await storedChunks(page)).toBe(0)
  })

  it('dropped, split anew, thinned, and called off: nothing stays; a set deleted leaves the focus beside it', async () => {
    const page = await open(await visitor())
    await ready(page)
    await drop(page, files())
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByRole('button', { name: 'draw one' }).click()
    await dialog.getByRole('spinbutton', { name: 'Share of each class' }).fill('50')
    await dialog.getByRole('button', { name: 'at most' }).click()
    const most = dialog.getByRole('spinbutton', { name: 'Maximum number of images' })
    await most.fill('100')
    await most.press('Tab')
    await dialog.getByText('pool 50 · test 50').waitFor()
    // what cannot be taken is told, and keeps the set from being stored
    for (const [typed, why] of [
      ['1', 'At least 2.'],
      ['2000000000', /^At most /],
      ['', 'This must be a number.']
    ] as const) {
      await most.fill(typed)
      await most.press('Tab')
      await dialog.getByText(why).waitFor()
    }
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    expect(await storedChunks(page)).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await storedChunks(page)).toBe(0)

    await drop(page, files())
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await storedChunks(page)).toBeGreaterThan(0)
    await page.getByRole('button', { name: /^Delete / }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(() => storedChunks(page)).toBe(0)
    await page.getByText('Your data sets').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('data')
  })

  it('a folder dropped: its images by class, kept for good if the browser agrees; saved and opened again it is the same set', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dal-drop-'))
    // more in one folder than a browser lists at a time
    const counts = { cats: 230, dogs: 40 }
    let shade = 0
    for (const [name, count] of Object.entries(counts)) {
      await mkdir(join(folder, name))
      for (let i = 0; i < count; i++, shade++) {
        const png = plainPng(28, [shade & 255, shade >> 8, name.length * 10])
        await writeFile(join(folder, name, `${String(i).padStart(3, '0')}.png`), png)
      }
    }
    const context = await visitor({ acceptDownloads: true })
    const page = await open(context)
    await page.evaluate(() => {
      // Firefox asks the user, who may let it stand there
      navigator.storage.persist = () => {
        document.title = 'asked'
        return new Promise(() => {})
      }
    })
    await ready(page)
    await dropPath(page, folder)
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByText(/28×28×3/).waitFor()
    expect(await classNames(dialog)).toEqual(['cats', 'dogs'])
    const [, pool, test] = /pool (\d+) · test (\d+)/.exec(await dialog.innerText())!
    expect(Number(pool) + Number(test)).toBe(270)
    expect(await page.title()).not.toBe('asked')
    const name = dialog.getByRole('textbox', { name: 'Name', exact: true })
    await name.fill('Pets')
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => page.title()).toBe('asked')

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save Pets as a file' }).click()
    const saved = join(folder, 'Pets.npz')
    await (await saving).saveAs(saved)
    await page.getByRole('button', { name: 'Save Pets as a file' }).and(page.locator(':enabled')).waitFor()
    await dropPath(page, saved)
    await dialog.getByText(/28×28×3/).waitFor()
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    // one fingerprint, one entry
    expect(await page.locator('#data [data-delete]').count()).toBe(1)
    await rm(folder, { recursive: true })
    expect(errors).toEqual([])
  })

  it('the samples of Teachable Machine, a zip for each class', async () => {
    const page = await open(await visitor())
    await ready(page)
    const zip = (name: string, red: number) => ({
      name,
      mimeType: 'application/zip',
      buffer: Buffer.from(
        zipBytes(
          Array.from({ length: 12 }, (_, i) => ({ name: `${i}.png`, content: plainPng(28, [red, 5 * i, 9]) }))
        )
      )
    })
    await drop(page, [zip('Rock-samples.zip', 200), zip('Paper-samples.zip', 20)])
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByText(/28×28×3/).waitFor()
    expect(await classNames(dialog)).toEqual(['Paper', 'Rock'])
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await storedChunks(page)).toBeGreaterThan(0)
    expect(errors).toEqual([])
  })

  it('images that the browser opens keep their colours, and stand upright', async () => {
    const page = await open(await visitor({ acceptDownloads: true }))
    await ready(page)
    const base: readonly Colour[] = [
      [190, 70, 50],
      [60, 150, 80],
      [70, 90, 180],
      [210, 200, 110]
    ]
    // a class for each kind, with squares of its own
    const kinds = ['avif', 'bmp', 'gif', 'jpeg', 'png', 'turned', 'webp']
    const types = { jpeg: 'jpeg', png: 'png', turned: 'jpeg', webp: 'webp' }
    const colours = kinds.map((_, k) =>
      base.map((_, i): Colour => {
        const [r, g, b] = base[(i + k) % 4]
        return [r + k, g + 2 * k, b + 3 * k]
      })
    )
    const squareAt = (x: number, y: number) => Math.floor(x / SQUARE) + 2 * Math.floor(y / SQUARE)
    const contents = [
      squaresAvif(),
      bmp((x, y) => colours[1][squareAt(x, y)]),
      gif(colours[2], squareAt),
      ...(await Promise.all(
        Object.entries(types).map(([kind, type]) => {
          const shown = colours[kinds.indexOf(kind)]
          const laid = kind === 'turned' ? [shown[1], shown[3], shown[0], shown[2]] : shown
          return drawn(page, `image/${type}`, laid)
        })
      ))
    ]
    contents[5] = turnedToTheRight(contents[5])
    const entries = kinds.flatMap((kind, k) =>
      Array.from({ length: 6 }, (_, i) => ({
        name: `${kind}/${i}.${kind === 'turned' ? 'jpeg' : kind}`,
        content: contents[k],
        stored: true
      }))
    )
    await drop(page, [
      { name: 'kinds.zip', mimeType: 'application/zip', buffer: Buffer.from(zipBytes(entries)) }
    ])
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByText(/32×32×3/).waitFor()
    expect(await classNames(dialog)).toEqual(kinds)
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Save .* as a file$/ }).click()
    const saved = new Blob([await readFile(await (await saving).path())])
    const { pool, test } = (await readDataset([{ name: 'kinds.npz', blob: saved }])).dataset
    expect(pool.labels.length + test.labels.length).toBe(entries.length)

    /** the largest difference from what was drawn, by kind; next to a border JPEG and WebP may blur */
    const furthest = kinds.map(() => 0)
    for (const { images, labels } of [pool, test])
      for (const [n, k] of labels.entries())
        for (let y = 0; y < SIDE; y++)
          for (let x = 0; x < SIDE; x++) {
            const near = [x, y].some(at => Math.abs(at - SQUARE + 0.5) < 2)
            if (near && ['jpeg', 'turned', 'webp'].includes(kinds[k])) continue
            const at = ((n * SIDE + y) * SIDE + x) * 3
            colours[k][squareAt(x, y)].forEach((value, c) => {
              furthest[k] = Math.max(furthest[k], Math.abs(images[at + c] - value))
            })
          }
    const of = (kind: string) => furthest[kinds.indexOf(kind)]
    expect([of('avif'), of('bmp'), of('gif'), of('png')]).toEqual([0, 0, 0, 0])
    expect(Math.max(of('jpeg'), of('turned'))).toBeLessThanOrEqual(4)
    expect(of('webp')).toBeLessThanOrEqual(6)
    expect(errors).toEqual([])
  })

  it('pasted, brought to another size and colour, and held in memory where nothing may be stored', async () => {
    const context = await visitor()
    const none = `Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })\n`
    await context.addInitScript(none)
    await context.route('**/*worker*.js', async route => {
      const response = await route.fetch()
      await route.fulfill({ response, body: none + (await response.text()) })
    })
    const page = await open(context)
    await ready(page)
    const clipboardData = await transferOf(page, files())
    await page.evaluate(
      clipboardData => dispatchEvent(new ClipboardEvent('paste', { clipboardData })),
      clipboardData
    )
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.getByText(/28×28×1 · pool 400 · test 200/).waitFor()
    await dialog.getByRole('combobox', { name: 'Pixels' }).selectOption('32×32')
    await dialog.getByText(/32×32×1/).waitFor()
    await dialog.getByRole('combobox', { name: 'Colour' }).selectOption('colour')
    await dialog.getByText(/32×32×3/).waitFor()
    await dialog.getByText(/in memory, until this tab is closed/).waitFor()
    await dialog.getByRole('button', { name: 'Use it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Your data sets (in this tab only)').waitFor()
    await page
      .locator('#data')
      .getByText(/^32×32×3 ·\s+pool 400/)
      .waitFor()
    // they came in grey
    const panel = page.locator('#pretraining')
    await panel.locator('summary').first().click()
    expect(await panel.getByRole('combobox', { name: 'Views' }).inputValue()).toBe('signs')
  })

  it('an experiment whose data set is elsewhere says which, and leads to it', async () => {
    const source = { kind: 'stored' as const, fingerprint: '0f'.repeat(32), name: 'Hers' }
    const page = await open(await visitor(), await linkTo({ ...tiny, source }))
    await page.getByText('“Hers”, is not in this browser').waitFor()
    // the curves on screen are not said to be its own
    await page
      .getByText(/It cannot be run here: .*The curves on screen belong to another experiment/)
      .waitFor()
    expect(await page.getByText('The curves can be read without it').count()).toBe(0)
    await page.getByRole('button', { name: 'Get it' }).click()
    await page.getByText('0f'.repeat(32)).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('data')
    // on a phone, by a name of many words or of one
    for (const name of ['the last version of her data '.repeat(4), 'her_data_'.repeat(15)]) {
      const phone = await visitor({ viewport: { width: 360, height: 740 } })
      const other = await open(phone, await linkTo({ ...tiny, source: { ...source, name } }))
      await other
        .getByText(/is not in this browser\./)
        .first()
        .waitFor()
      expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    }
  })
})

describe('data of one’s own while memory is tidied up all the time', () => {
  const { visitor, open, errors } = useBrowser(['--js-flags=--expose-gc'])

  /** The data worker collects its garbage at every turn: what it waits for and does not hold is gone. */
  async function tidyUp(page: Page): Promise<void> {
    const worker = await workerNamed(page, 'data')
    await worker.evaluate('{ const tidy = () => { gc(); setTimeout(tidy) }; tidy() }')
  }

  /** 20 MB, in IDX. */
  function large() {
    const images = (n: number) =>
      idx(
        [n, 28, 28],
        Uint8Array.from({ length: n * 784 }, (_, i) => i % 251)
      )
    const labels = (n: number) =>
      idx(
        [n],
        Uint8Array.from({ length: n }, (_, i) => i % 10)
      )
    const part = (name: string, n: number) => [
      { name: `${name}-images-idx3-ubyte`, mimeType: '', buffer: images(n) },
      { name: `${name}-labels-idx1-ubyte`, mimeType: '', buffer: labels(n) }
    ]
    return [...part('train', 24000), ...part('t10k', 2000)]
  }

  it('a large set is read, kept, and looked at again after a reload', async () => {
    const page = await open(await visitor())
    await ready(page)
    await tidyUp(page)
    await choose(page, large())
    await page.getByRole('button', { name: 'Keep and use it' }).click()
    const set = page.locator('#data .set')
    await set.waitFor()
    await page.reload()
    await ready(page)
    await tidyUp(page)
    await set.click()
    await page.locator('#data .set[aria-pressed=true]').waitFor()
    await page.locator('#data .look:not(.stale)').waitFor()
    expect(errors).toEqual([])
  })
})
