/** Raw deflate through the platform's own streams. Compressors differ from browser to browser: never compare their output. */
import { joined } from '../bytes.ts'
import { ExchangeError } from './errors.ts'

async function collect(stream: ReadableStream<Uint8Array>, cap: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > cap) {
      // stop here: a few bytes can ask for gigabytes
      reader.cancel().catch(() => {})
      throw new ExchangeError('tooLarge', '', { limit: cap })
    }
    chunks.push(value)
  }
  return joined(chunks)
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  cap: number
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter()
  // errors show at the reading end
  writer.write(bytes).catch(() => {})
  writer.close().catch(() => {})
  return collect(stream.readable as ReadableStream<Uint8Array>, cap)
}

export const deflate = (bytes: Uint8Array<ArrayBuffer>) =>
  through(bytes, new CompressionStream('deflate-raw'), Infinity)

/** Rejects with ExchangeError: 'tooLarge' beyond `cap` bytes, 'unreadable' for what is not raw deflate. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, cap: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await through(bytes, new DecompressionStream('deflate-raw'), cap)
  } catch (error) {
    throw error instanceof ExchangeError ? error : new ExchangeError('unreadable')
  }
}
