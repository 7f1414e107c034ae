/**
 * npx tsx scripts/bench-formats.ts: seconds from files to decoded images for the formats people have in large, with the memory
 * taken beyond the file and the decoded images. Files are made here from noise that packs about as well as photographs
 * do: CIFAR-10's binary archive, an npz of 212 MB, a zip of 10,000 PNGs.
 */
import { deflateSync, gzipSync } from 'node:zlib'
import { randomBytes } from '../src/data/bytes.ts'
import { readFiles, type InputFile } from '../src/data/formats/index.ts'
import { join, npyBytes, npzBytes, pngBytes, tarBytes, zipBytes } from '../tests/data/containers.ts'

/** Six random bits of eight. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8)
  randomBytes(bytes, [seed, 1])
  return bytes.map(byte => byte & 63).subarray(0, length)
}

function cifar(): Uint8Array {
  const records = noise(10_000 * 3073, 1)
  for (let i = 0; i < 10_000; i++) records[i * 3073] = i % 10
  const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']
  return gzipSync(tarBytes(names.map(name => ({ name: `${name}.bin`, content: records }))), { level: 1 })
}

function npz(): Uint8Array {
  const n = 69_000
  const images = npyBytes('|u1', [n, 32, 32, 3], noise(n * 3072, 2))
  return npzBytes({
    train_images: images,
    train_labels: npyBytes(
      '|u1',
      [n, 1],
      new Uint8Array(n).map((_, i) => i % 10)
    )
  })
}

function pngs(): Uint8Array {
  const entries = Array.from({ length: 10_000 }, (_, i) => {
    const pixels = noise(32 * 96, i)
    const rows = Array.from({ length: 32 }, (_, y) => pixels.subarray(y * 96, y * 96 + 96))
    const data = deflateSync(join(...rows.flatMap(row => [Uint8Array.of(0), row])))
    const content = pngBytes({ width: 32, height: 32, rows: [], data })
    return { name: `set/class ${i % 10}/${i}.png`, content, stored: true }
  })
  return zipBytes(entries)
}

const cases: [string, string, () => Uint8Array][] = [
  ['CIFAR-10 binary, 60,000 images', 'cifar-10-binary.tar.gz', cifar],
  ['npz of 69,000 images', 'images.npz', npz],
  ['zip of 10,000 PNGs', 'photos.zip', pngs]
]

for (const [title, name, make] of cases) {
  const made = make()
  const files: InputFile[] = [{ name, blob: new Blob([Uint8Array.from(made)]) }]
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  const [start, used] = [performance.now(), process.cpuUsage()]
  const read = await readFiles(files)
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(used)
  clearInterval(watch)
  const sets = [read.pool, ...(read.test ? [read.test] : [])]
  const decoded = sets.reduce((sum, set) => sum + ('images' in set ? set.images.length : 0), 0)
  console.log(
    JSON.stringify({
      format: title,
      megabytes: Math.round(made.length / 1e6),
      seconds: Number(seconds.toFixed(2)),
      processorSeconds: Number(((user + system) / 1e6).toFixed(2)),
      decodedMegabytes: Math.round(decoded / 1e6),
      extraMegabytes: Math.round((most - before - decoded) / 1e6)
    })
  )
}
