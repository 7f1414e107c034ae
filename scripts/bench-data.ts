/**
 * Imports full-size data sets into the built page in headless Chromium: how long from the files to the dialog and from
 * there to the stored set, the processor time of both, the longest frame of the page and the largest memory meanwhile,
 * and how long a stored set takes to be looked at again after a reload. The files are made here, of noise in the layouts of MNIST,
 * CIFAR-10 (binary), MedMNIST (an npz of 158 MB) and a zip of 10,000 PNGs. `npm run bench:data [names of cases]`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { chromium } from 'playwright'
import { serveFolder } from '../tests/e2e/site.ts'
import { findBrowser } from './browser.ts'

const PREFIX = '/dal/'
const BUTTON = 'Keep and use it'

/** Bytes that look like blurred writing: they compress about as well as real images do. */
function pixels(n: number): Buffer {
  const out = Buffer.alloc(n)
  let state = 1
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    out[i] = (i >> 4) % 3 ? 0 : state >>> 24
  }
  return out
}
const labels = (n: number) => Buffer.from(Array.from({ length: n }, (_, i) => i % 10))
const number = (value: number, bytes: 2 | 4, big = false) => {
  const out = Buffer.alloc(bytes)
  if (bytes === 2) out.writeUInt16LE(value)
  else if (big) out.writeUInt32BE(value)
  else out.writeUInt32LE(value)
  return out
}

const idx = (dims: number[], values: Buffer) =>
  gzipSync(
    Buffer.concat([Buffer.from([0, 0, 8, dims.length]), ...dims.map(d => number(d, 4, true)), values]),
    {
      level: 1
    }
  )

function mnist(): [string, Buffer][] {
  const part = (name: string, n: number): [string, Buffer][] => [
    [`${name}-images-idx3-ubyte.gz`, idx([n, 28, 28], pixels(n * 784))],
    [`${name}-labels-idx1-ubyte.gz`, idx([n], labels(n))]
  ]
  return [...part('train', 60000), ...part('t10k', 10000)]
}

function cifar(): [string, Buffer][] {
  const batch = () => {
    const out = pixels(10000 * 3073)
    for (let i = 0; i < 10000; i++) out[i * 3073] = i % 10
    return out
  }
  const names = [1, 2, 3, 4, 5].map(i => `data_batch_${i}.bin`)
  return [...names, 'test_batch.bin'].map(name => [name, batch()])
}

/** Members one after the other; `deflated`: packed, as most programs do. */
function zip(members: [string, Buffer][], deflated: boolean): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of members) {
    const packed = deflated ? deflateSync(bytes, { level: 1 }).subarray(2, -4) : bytes
    const path = Buffer.from(name)
    const common = Buffer.concat([
      ...[20, 0, deflated ? 8 : 0, 0, 0x21].map(n => number(n, 2)),
      ...[crc32(bytes), packed.length, bytes.length].map(n => number(n, 4)),
      number(path.length, 2),
      number(0, 2)
    ])
    const local = Buffer.concat([number(0x04034b50, 4), common, path])
    parts.push(local, packed)
    directory.push(
      Buffer.concat([number(0x02014b50, 4), number(20, 2), common, Buffer.alloc(10), number(offset, 4), path])
    )
    offset += local.length + packed.length
  }
  const table = Buffer.concat(directory)
  const count = number(members.length, 2)
  return Buffer.concat([
    ...parts,
    table,
    ...[number(0x06054b50, 4), number(0, 4), count, count, number(table.length, 4), number(offset, 4)],
    number(0, 2)
  ])
}

function npy(shape: number[], values: Buffer): Buffer {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const head = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n'
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    number(head.length, 2),
    Buffer.from(head),
    values
  ])
}

/** 67,200 colour images of 28 x 28: 158 MB, as np.savez writes them. */
function npz(): [string, Buffer][] {
  const part = (name: string, n: number): [string, Buffer][] => [
    [`${name}_images.npy`, npy([n, 28, 28, 3], pixels(n * 2352))],
    [`${name}_labels.npy`, npy([n, 1], labels(n))]
  ]
  return [['noise.npz', zip([...part('train', 60000), ...part('test', 7200)], false)]]
}

function png(side: number): Buffer {
  const rows = Buffer.alloc(side * (1 + 3 * side))
  const values = pixels(side * 3 * side)
  for (let y = 0; y < side; y++) values.copy(rows, y * (1 + 3 * side) + 1, y * 3 * side, (y + 1) * 3 * side)
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    return Buffer.concat([number(data.length, 4, true), body, number(crc32(body), 4, true)])
  }
  const header = Buffer.concat([number(side, 4, true), number(side, 4, true), Buffer.from([8, 2, 0, 0, 0])])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

function pngs(): [string, Buffer][] {
  const image = png(32)
  const name = (i: number) => `noise/class-${i % 10}/${String(i).padStart(5, '0')}.png`
  return [
    [
      'pngs.zip',
      zip(
        Array.from({ length: 10000 }, (_, i) => [name(i), image]),
        true
      )
    ]
  ]
}

const cases = { mnist, cifar, npz, pngs } as const
type Case = keyof typeof cases
const wanted = process.argv.slice(2).filter((name): name is Case => name in cases)

const folder = await mkdtemp(join(tmpdir(), 'dal-bench-'))
const server = await serveFolder('dist', PREFIX)
const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-background-networking']
})
const session = await browser.newBrowserCDPSession()

/** Notes the longest time between two frames. Passed as text: it runs over there. */
const WATCH = `{ let last = performance.now(); globalThis.longest = 0
  const frame = now => { globalThis.longest = Math.max(globalThis.longest, now - last); last = now; requestAnimationFrame(frame) }
  requestAnimationFrame(frame) }`

/**
 * Of the page with its workers: processor time in seconds, which does not depend on who else uses the machine, and the
 * resident memory in megabytes (where /proc tells).
 */
async function usage(): Promise<{ seconds: number; megabytes: number }> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const pages = processInfo.filter(({ type }) => type === 'renderer')
  const memory = await Promise.all(
    pages.map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
      return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1000
    })
  )
  return {
    seconds: processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'GPU' ? 0 : cpuTime), 0),
    megabytes: memory.reduce((sum, mb) => sum + mb, 0)
  }
}

async function measure(name: Case) {
  const files = cases[name]()
  const paths: string[] = []
  let bytes = 0
  for (const [file, content] of files) {
    const path = join(folder, file)
    await writeFile(path, content)
    paths.push(path)
    bytes += content.length
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(site)
  await page.getByRole('button', { name: 'Choose files' }).and(page.locator(':enabled')).waitFor()
  await page.locator('#data canvas').first().waitFor()
  await page.waitForTimeout(1000)
  await page.evaluate(WATCH)

  const before = await usage()
  let most = 0
  const watching = setInterval(() => void usage().then(now => (most = Math.max(most, now.megabytes))), 200)
  const began = performance.now()
  await page.locator('#data input[type=file]').first().setInputFiles(paths)
  await page.getByRole('button', { name: BUTTON }).waitFor({ timeout: 300_000 })
  const read = performance.now() - began
  const keeping = performance.now()
  await page.getByRole('button', { name: BUTTON }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 300_000 })
  const stored = performance.now() - keeping
  clearInterval(watching)
  const after = await usage()
  const longestFrame = Number(await page.evaluate('globalThis.longest'))

  await page.reload()
  const shelf = page.locator('#data .set').first()
  await shelf.waitFor()
  const reopening = performance.now()
  await shelf.click()
  await page.locator('#data .look:not(.stale) canvas').first().waitFor()
  const reopened = performance.now() - reopening
  await context.close()
  return {
    megabytes: Math.round(bytes / 1e6),
    secondsToDialog: +(read / 1000).toFixed(2),
    secondsToStore: +(stored / 1000).toFixed(2),
    secondsInAll: +((read + stored) / 1000).toFixed(2),
    secondsToReopen: +(reopened / 1000).toFixed(2),
    longestFrameMilliseconds: Math.round(longestFrame),
    processorSeconds: +(after.seconds - before.seconds).toFixed(2),
    moreMegabytes: Math.round(most - before.megabytes)
  }
}

for (const name of wanted.length ? wanted : (Object.keys(cases) as Case[]))
  console.log(name, JSON.stringify(await measure(name).catch(error => ({ failed: String(error) })), null, 1))

await browser.close()
server.close()
await rm(folder, { recursive: true })
process.exit(0)
