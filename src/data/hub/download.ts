/**
 * One file from another host, to the end: in parts that are kept as they come, resumed by a range request where the host
 * answers those, tried again with growing pauses, and checked against its published checksum. What a page learns of a
 * failed request is little: the browser does not say whether the host was not there or did not allow it, so a second,
 * blind request asks whether it is there at all.
 */
import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { joined } from '../../core/bytes.ts'
import type { DownloadStore, Validator } from '../../core/downloads.ts'
import { DataError } from '../errors.ts'
import type { RemoteFile } from './catalogue.ts'

/** What a download needs of its surroundings. */
export interface Net {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** resolves after so many milliseconds; rejects with the signal's reason when that is aborted */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** the browser has a network at all, as far as it knows */
  online(): boolean
  /** milliseconds since 1970 */
  now(): number
}

export interface Download {
  net: Net
  store: DownloadStore
  signal: AbortSignal
  /** bytes here, and of the whole file as far as known */
  progress(received: number, total: number): void
  /** bytes that are kept at a time */
  partBytes?: number
}

/** Bytes of a part: what a closed tab may cost, and the memory a download takes. */
const PART = 4 << 20
/** Failures before it is given up; whenever a part's bytes have arrived since, the count starts again. */
const ATTEMPTS = 5
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 8000
/** milliseconds without a byte after which a connection counts as cut */
const SILENCE = 30000
/** A file that is this much larger than it should be is another one; it must not fill the memory. */
const mostBytes = (file: RemoteFile) => 1.5 * file.bytes + (1 << 20)

/** What went wrong in one attempt, and whether another may go better. */
class Failure extends Error {
  constructor(
    readonly kind: 'refused' | 'cut' | 'status',
    readonly again: boolean,
    readonly status = 0
  ) {
    super(kind)
  }
}

/** What is here of a file: its parts, and their checksum so far. */
class Arrived {
  readonly parts: Blob[] = []
  bytes = 0
  #hash
  readonly #create: () => ReturnType<typeof md5.create> | ReturnType<typeof sha256.create>
  constructor(
    file: RemoteFile,
    public validator: Validator = {}
  ) {
    this.#create = () => (file.hash.algorithm === 'md5' ? md5.create() : sha256.create())
    this.#hash = this.#create()
  }
  add(part: Uint8Array<ArrayBuffer>): void {
    this.#hash.update(part)
    this.parts.push(new Blob([part]))
    this.bytes += part.length
  }
  clear(): void {
    this.#hash = this.#create()
    this.parts.length = this.bytes = 0
    this.validator = {}
  }
  hex = () => bytesToHex(this.#hash.clone().digest())
}

/** The file's bytes, checked. Throws DataError 'download…'; rejects with the signal's reason when that is aborted. */
export async function download(file: RemoteFile, surroundings: Download): Promise<Blob> {
  const { net, store, signal, partBytes = PART } = surroundings
  const arrived = await recall(file, store, signal)
  let resumed = arrived.bytes > 0
  /** bytes that were here when the count of failures began */
  let before = arrived.bytes
  for (let failures = 0; ;) {
    signal.throwIfAborted()
    before = Math.min(before, arrived.bytes)
    surroundings.progress(arrived.bytes, arrived.validator.total ?? file.bytes)
    try {
      if (arrived.bytes !== arrived.validator.total) await fetchRest(file, arrived, surroundings)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) {
        await store.forget([file.url]).catch(() => undefined)
        throw error
      }
      if (arrived.bytes >= before + partBytes) {
        before = arrived.bytes
        failures = 0
      }
      failures++
      if (!error.again || failures >= ATTEMPTS) throw await explained(error, file, arrived, surroundings)
      // a host may allow requests from other sites, but none for a part of a file: the last attempt asks for the whole
      const last = failures === ATTEMPTS - 1
      if (last && error.kind === 'refused' && arrived.bytes && (await answers(file.url, net, signal)))
        arrived.clear()
      await net.pause(Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE), signal)
      continue
    }
    if (arrived.hex() === file.hash.hex) return new Blob(arrived.parts)
    arrived.clear()
    await store.forget([file.url]).catch(() => undefined)
    // a beginning that was kept may be what is wrong: once more from the start
    if (!resumed) throw new DataError('downloadWrong', { file: file.name, host: hostOf(file.url) })
    resumed = false
  }
}

/** What an earlier download has left. */
async function recall(file: RemoteFile, store: DownloadStore, signal: AbortSignal): Promise<Arrived> {
  const kept = await store.get(file.url).catch(() => undefined)
  const arrived = new Arrived(file, kept && { etag: kept.etag, total: kept.total })
  for (const part of kept?.parts ?? []) {
    signal.throwIfAborted()
    arrived.add(new Uint8Array(await part.arrayBuffer()))
  }
  return arrived
}

/** Asks for what is missing and takes what comes. Throws Failure, DataError; what came is kept in either case. */
async function fetchRest(file: RemoteFile, arrived: Arrived, surroundings: Download): Promise<void> {
  const { net, signal } = surroundings
  const mine = new AbortController()
  const both = AbortSignal.any([signal, mine.signal])
  try {
    const response = await patient(
      net.fetch(file.url, {
        headers: arrived.bytes ? { Range: `bytes=${arrived.bytes}-` } : {},
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        // the page keeps the bytes itself: a second copy in the browser's cache is of no use
        cache: 'no-store',
        signal: both
      }),
      net,
      both
    ).catch(error => {
      throw error instanceof Failure ? error : new Failure('refused', true)
    })
    accept(response, arrived)
    await receive(file, response, arrived, { ...surroundings, signal: both })
  } finally {
    // a response that is not read to its end must not go on coming
    mine.abort()
  }
}

/** Judges a response by its head; what is here is forgotten if the response does not go on from it. */
function accept(response: Response, arrived: Arrived): void {
  const { status, headers } = response
  if (status !== 200 && status !== 206) {
    // the host knows the file to be shorter than what is here: it is another one
    if (status === 416) arrived.clear()
    throw new Failure('status', status === 416 || status === 408 || status === 429 || status >= 500, status)
  }
  const number = (text: string | null | undefined) => (text ? Number(text) : undefined)
  const [, from, whole] = /^bytes (\d+)-\d+\/(\d+)/.exec(headers.get('content-range') ?? '') ?? []
  const length = number(headers.get('content-length'))
  const etag = headers.get('etag') ?? undefined
  const start = status === 206 ? arrived.bytes : 0
  const total = number(whole) ?? (length === undefined ? undefined : start + length)
  const known = arrived.validator
  const other = (etag && known.etag && etag !== known.etag) || (total && known.total && total !== known.total)
  const elsewhere = status === 206 && from !== undefined && Number(from) !== arrived.bytes
  if (status === 200) arrived.clear()
  else if (other || elsewhere) {
    arrived.clear()
    throw new Failure('cut', true)
  }
  arrived.validator = { etag: etag ?? arrived.validator.etag, total: total ?? arrived.validator.total }
}

async function receive(
  file: RemoteFile,
  response: Response,
  arrived: Arrived,
  { net, store, signal, progress, partBytes = PART }: Download
): Promise<void> {
  const total = arrived.validator.total
  if (total !== undefined && total > mostBytes(file))
    throw new DataError('downloadWrong', { file: file.name, host: hostOf(file.url) })
  const reader = response.body!.getReader()
  const waiting: Uint8Array[] = []
  let size = 0
  const flush = async () => {
    if (!size) return
    const part = joined(waiting.splice(0))
    size = 0
    const offset = arrived.bytes
    arrived.add(part)
    // where the browser refuses to keep it, the download goes on without
    await store.append(file.url, offset, part.buffer, arrived.validator, net.now()).catch(() => undefined)
  }
  try {
    for (;;) {
      const { done, value } = await patient(reader.read(), net, signal).catch(() => {
        throw new Failure('cut', true)
      })
      if (done) break
      waiting.push(value)
      size += value.length
      if (arrived.bytes + size > mostBytes(file)) {
        throw new DataError('downloadWrong', { file: file.name, host: hostOf(file.url) })
      }
      if (size >= partBytes) await flush()
      progress(arrived.bytes + size, total ?? file.bytes)
    }
  } finally {
    await flush()
  }
  if (total !== undefined && arrived.bytes < total) throw new Failure('cut', true)
  arrived.validator.total = arrived.bytes
}

/** A promise that fails when nothing comes for too long. */
async function patient<T>(promise: Promise<T>, net: Net, signal: AbortSignal): Promise<T> {
  const enough = new AbortController()
  const silence = net.pause(SILENCE, AbortSignal.any([signal, enough.signal])).then(
    () => {
      throw new Failure('cut', true)
    },
    () => new Promise<never>(() => undefined)
  )
  try {
    return await Promise.race([promise, silence])
  } finally {
    enough.abort()
  }
}

const hostOf = (url: string) => new URL(url).host

/** The last failure as what a person can do something about. */
async function explained(
  { kind, status }: Failure,
  file: RemoteFile,
  arrived: Arrived,
  { net, signal }: Download
): Promise<DataError> {
  const [host, name] = [hostOf(file.url), file.name]
  if (!net.online()) return new DataError('downloadOffline', { file: name })
  if (kind === 'status') return new DataError('downloadStatus', { file: name, host, status })
  if (kind === 'cut') {
    const expected = arrived.validator.total ?? file.bytes
    return new DataError('downloadCut', { file: name, host, received: arrived.bytes, expected })
  }
  const there = await answers(file.url, net, signal)
  return new DataError(there ? 'downloadForbidden' : 'downloadUnreachable', { file: name, host })
}

/** Whether the host is there at all: what it says is kept from the page, that it says something is not. */
function answers(url: string, net: Net, signal: AbortSignal): Promise<boolean> {
  const init = { method: 'HEAD', mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal } as const
  return patient(net.fetch(url, init), net, signal).then(
    () => true,
    () => false
  )
}
