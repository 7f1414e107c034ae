/**
 * A host of files like those the catalogue names, with their manners and their faults, and a browser's rules in front of
 * it: what another origin sends without its permission is a failed request, in redirects too.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a file is served; what is left out is as the best hosts do it. */
export interface Manners {
  /** the rest of a file is sent when it is asked for */
  ranges?: boolean
  /** other sites may read it */
  cors?: boolean
  /** the headers a range request tells the page about */
  exposes?: boolean
  /** the connection breaks after so many bytes of each answer */
  cutAfter?: number
  /** only the first answers are cut; later ones are whole */
  cuts?: number
  status?: number
  /** the first so many answers have the status */
  statuses?: number
  /** sends the reader on to this address */
  redirect?: string
  etag?: string
  /** the answer begins and then nothing more comes */
  silent?: boolean
  /** a request for a part of the file is not allowed to other sites */
  corsForRanges?: boolean
  /** the length is not said beforehand */
  chunked?: boolean
}

export interface Request {
  path: string
  range?: string
  method: string
}

export class Host {
  readonly requests: Request[] = []
  readonly files = new Map<string, { bytes: Uint8Array; manners: Manners }>()
  #answers = new Map<string, number>()
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Host> {
    const server = createServer((request, response) => host.answer(request, response))
    const host = new Host(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return host
  }

  get origin() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  serve(path: string, bytes: Uint8Array, manners: Manners = {}): string {
    this.files.set(path, { bytes, manners })
    this.#answers.delete(path)
    return this.origin + path
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise(resolve => this.server.close(() => resolve()))
  }

  private answer({ url = '', method = '', headers }: IncomingMessage, response: ServerResponse): void {
    const range = headers.range
    this.requests.push({ path: url, method, range })
    const file = this.files.get(url)
    if (!file) return void response.writeHead(404, { 'access-control-allow-origin': '*' }).end()
    const { bytes, manners } = file
    const nth = this.#answers.get(url) ?? 0
    this.#answers.set(url, nth + 1)
    const { ranges = true, cors = true, exposes = true, corsForRanges = true } = manners
    if (cors && (corsForRanges || !range)) response.setHeader('access-control-allow-origin', '*')
    if (exposes) response.setHeader('access-control-expose-headers', 'content-range, etag')
    if (manners.redirect) return void response.writeHead(302, { location: manners.redirect }).end()
    if (manners.status && nth < (manners.statuses ?? Infinity))
      return void response.writeHead(manners.status).end('no')
    if (manners.etag) response.setHeader('etag', manners.etag)
    const start = ranges && range ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0
    if (start >= bytes.length)
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    const body = bytes.subarray(start)
    if (start) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`)
    if (!manners.chunked) response.setHeader('content-length', body.length)
    response.writeHead(start ? 206 : 200)
    if (method === 'HEAD') return void response.end()
    if (manners.silent) return void response.write(body.subarray(0, 10))
    const cut = manners.cutAfter !== undefined && nth < (manners.cuts ?? Infinity)
    if (!cut) return void response.end(body)
    response.write(body.subarray(0, manners.cutAfter), () => setTimeout(() => response.destroy(), 20))
  }
}

/** Node's fetch under a browser's rules for reading from other origins. */
export async function browserFetch(url: string, init: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { ...init, redirect: 'manual' })
    if (init.mode === 'no-cors') return response
    const told = response.headers
    if (told.get('access-control-allow-origin') !== '*') {
      await response.body?.cancel()
      throw new TypeError('Failed to fetch')
    }
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      url = new URL(told.get('location')!, url).href
      continue
    }
    const shown = new Set((told.get('access-control-expose-headers') ?? '').split(', '))
    // what a browser shows of another origin's headers
    const safe = [
      'cache-control',
      'content-language',
      'content-length',
      'content-type',
      'expires',
      'last-modified'
    ]
    const headers = new Headers([...told].filter(([name]) => safe.includes(name) || shown.has(name)))
    return new Proxy(response, {
      get: (target, key) => {
        if (key === 'headers') return headers
        const value = Reflect.get(target, key) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      }
    })
  }
}
