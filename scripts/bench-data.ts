/**
 * Imports full-size data sets into the built page in headless Chromium and says which limits are met: seconds from the files
 * to the dialog and from there to the stored set, the longest frame of the page, memory beyond the decoded set, and seconds until a
 * stored set is looked at again after a reload. The files are made here, of noise in the layouts of MNIST, CIFAR-10
 * (binary, as an archive), an npz of 158 MB that holds 212 MB, and a zip of 10,000 PNGs. The page tells the times
 * itself: whoever asks it from outside takes part of them. Processor time, which depends less on who else uses the
 * machine, stands beside them. `npm run bench:data [names of cases]`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright'
import { randomBytes } from '../src/data/bytes.ts'
import { tarBytes } from '../tests/data/containers.ts'
import { serveFolder } from '../tests/e2e/site.ts'
import { findBrowser } from './browser.ts'

const PREFIX = '/dal/'

/** What the import must keep to. */
const limits = {
  /** from the files to the stored set */
  seconds: { mnist: 3, cifar: 8, npz: 5, pngs: 15 },
  /** of the npz */
  reopened: 1,
  frameMilliseconds: 100,
  /** beyond the decoded set */
  megabytes: 64
}

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

/** Six random bits of eight: packs about as well as photographs do. */
function noise(n: number, seed: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(n / 8) * 8)
  randomBytes(bytes, [seed, 1])
  for (let i = 0; i < bytes.length; i++) bytes[i] &= 63
  return bytes.subarray(0, n)
}

function cifar(): [string, Buffer][] {
  const records = noise(10000 * 3073, 1)
  for (let i = 0; i < 10000; i++) records[i * 3073] = i % 10
  const names = [1, 2, 3, 4, 5].map(i => `data_batch_${i}.bin`)
  const members = [...names, 'test_batch.bin'].map(name => ({ name, content: records }))
  return [['cifar-10-binary.tar.gz', gzipSync(tarBytes(members), { level: 1 })]]
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

/** 69,000 colour images of 32 x 32, as np.savez_compressed writes them. */
function npz(): [string, Buffer][] {
  const part = (name: string, n: number): [string, Buffer][] => [
    [`${name}_images.npy`, npy([n, 32, 32, 3], noise(n * 3072, n))],
    [`${name}_labels.npy`, npy([n, 1], labels(n))]
  ]
  return [['noise.npz', zip([...part('train', 60000), ...part('test', 9000)], true)]]
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
const decodedMegabytes: Record<Case, number> = { mnist: 54.9, cifar: 184.3, npz: 212, pngs: 30.7 }
const chosen = process.argv.slice(2).filter((name): name is Case => name in cases)
const wanted = chosen.length ? chosen : (Object.keys(cases) as Case[])

const folder = await mkdtemp(join(tmpdir(), 'dal-bench-'))
const server = await serveFolder('dist', PREFIX)
const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`

/** Runs in the page: notes the longest time between two frames, and when something is there. Text, since it runs over there. */
const WATCH = `{ const bench = globalThis.bench = { longest: 0, began: 0 }
  let last = performance.now()
  const frame = now => { bench.longest = Math.max(bench.longest, now - last); last = now; requestAnimationFrame(frame) }
  requestAnimationFrame(frame)
  bench.until = holds => new Promise(resolve => {
    const look = () => { if (holds()) { seen.disconnect(); resolve(performance.now() - bench.began) } }
    const seen = new MutationObserver(look)
    seen.observe(document, { subtree: true, childList: true, attributes: true })
    look()
  })
  bench.press = (selector, holds) => {
    bench.began = performance.now()
    bench.before = document.querySelector('#data .look').innerHTML
    document.querySelector(selector).click()
    return bench.until(holds)
  }
  document.querySelector('#data input[type=file]').addEventListener('change', () => (bench.began = performance.now()), true) }`
const SET = '#data .set'
const BUILT_IN = '#data .segments button'
const KEEP = 'dialog button.primary:not(:disabled)'
const LOOK = '#data .look:not(.stale)'
const there = (selector: string) => `() => !!document.querySelector('${selector}')`
const fresh = `() => { const look = document.querySelector('${LOOK}'); return !!look && look.innerHTML !== bench.before }`
const gone = (selector: string) => `() => !document.querySelector('${selector}')`
const inPage = (page: Page, expression: string) => page.evaluate(expression) as Promise<number>

async function open(page: Page): Promise<void> {
  await page.waitForSelector('#data input[type=file]', { state: 'attached' })
  await page.waitForSelector(LOOK)
  // the backends are tried out when the page is open
  await page.waitForTimeout(4000)
  await page.evaluate(WATCH)
}

async function measure(name: Case) {
  const paths: string[] = []
  let bytes = 0
  for (const [file, content] of cases[name]()) {
    const path = join(folder, file)
    await writeFile(path, content)
    paths.push(path)
    bytes += content.length
  }
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-background-networking']
  })
  const session = await browser.newBrowserCDPSession()
  /** Of the page with its workers, the memory in megabytes (where /proc tells); of all but the GPU process, processor seconds. */
  async function usage(field: 'VmRSS' | 'VmHWM') {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    let megabytes = 0
    for (const { type, id } of processInfo) {
      if (type !== 'renderer') continue
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
      megabytes += Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1000
      // from now on the most is counted anew
      if (field === 'VmRSS') await writeFile(`/proc/${id}/clear_refs`, '5').catch(() => {})
    }
    const seconds = processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'GPU' ? 0 : cpuTime), 0)
    return { megabytes, seconds }
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  await page.goto(site)
  await open(page)

  const before = await usage('VmRSS')
  const input = page.locator('#data input[type=file]').first()
  const reading = inPage(page, `bench.until(${there(KEEP)})`)
  await input.setInputFiles(paths)
  const read = await reading
  const between = await usage('VmHWM')
  const stored = await inPage(page, `bench.press('${KEEP}', ${gone('dialog')})`)
  const after = await usage('VmHWM')
  const longest = await inPage(page, 'bench.longest')

  // another one is at hand when the page comes back: the set is to be opened anew
  await page.locator(BUILT_IN).first().click()
  await page.reload()
  await page.waitForSelector(SET)
  await open(page)
  const idle = await usage('VmRSS')
  const reopened = await inPage(page, `bench.press('${SET}', ${fresh})`)
  const again = await usage('VmHWM')
  await browser.close()
  return {
    fileMegabytes: Math.round(bytes / 1e6),
    secondsToDialog: read / 1000,
    secondsToStore: stored / 1000,
    secondsToReopen: reopened / 1000,
    processorSecondsToDialog: between.seconds - before.seconds,
    processorSecondsToStore: after.seconds - between.seconds,
    processorSecondsToReopen: again.seconds - idle.seconds,
    longestFrameMilliseconds: longest,
    megabytesBeyondDecoded: after.megabytes - before.megabytes - decodedMegabytes[name]
  }
}

interface Row {
  what: string
  limit: number
  measured: number
  processor?: number
}
const rows: Row[] = []
console.log(`load before: ${loadavg()[0].toFixed(1)}`)
for (const name of wanted) {
  const m = await measure(name)
  const rounded = Object.entries(m).map(([key, value]) => [key, Number(value.toFixed(2))])
  console.log(name, JSON.stringify(Object.fromEntries(rounded)))
  rows.push(
    {
      what: `${name}: seconds from the files to the stored set`,
      limit: limits.seconds[name],
      measured: m.secondsToDialog + m.secondsToStore,
      processor: m.processorSecondsToDialog + m.processorSecondsToStore
    },
    {
      what: `${name}: longest frame, milliseconds`,
      limit: limits.frameMilliseconds,
      measured: m.longestFrameMilliseconds
    },
    {
      what: `${name}: megabytes beyond the decoded set`,
      limit: limits.megabytes,
      measured: m.megabytesBeyondDecoded
    }
  )
  if (name === 'npz')
    rows.push({
      what: 'npz (212 MB decoded): seconds to reopen',
      limit: limits.reopened,
      measured: m.secondsToReopen,
      processor: m.processorSecondsToReopen
    })
}
console.log(`load after: ${loadavg()[0].toFixed(1)}\n`)
const line = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`)
line('', 'limit', 'measured', 'processor', 'met')
line('---', '---', '---', '---', '---')
for (const { what, limit, measured, processor } of rows)
  line(
    what,
    String(limit),
    measured.toFixed(measured < 20 ? 2 : 0),
    processor?.toFixed(2) ?? '',
    measured <= limit ? 'yes' : 'NO'
  )

server.close()
await rm(folder, { recursive: true })
process.exit(0)
