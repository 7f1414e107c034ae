/**
 * The built site on a plain file host: no headers but the content type, from a sub-path. Beside it a second host, for
 * tests that try to reach one.
 */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { TestProject } from 'vitest/node'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png'
}
export const PREFIX = '/some/folder/dal/'

/** `port`: 0 for one that is free. */
export function serveFolder(folder: string, prefix = PREFIX, port = 0): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
    const file = join(folder, normalize('/' + path.slice(prefix.length)))
    const target = file.endsWith('/') ? join(file, 'index.html') : file
    if (!path.startsWith(prefix) || !existsSync(target) || !statSync(target).isFile())
      return void response.writeHead(404).end('not here')
    response.writeHead(200, { 'content-type': TYPES[extname(target)] ?? 'application/octet-stream' })
    createReadStream(target).pipe(response)
  })
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(server)))
}

export const portOf = (server: Server) => (server.address() as AddressInfo).port

declare module 'vitest' {
  export interface ProvidedContext {
    site: string
    otherHost: string
  }
}

export default async function setup(project: TestProject) {
  if (!existsSync('dist/index.html')) throw new Error('build first: npm run build')
  const site = await serveFolder('dist')
  const other = createServer((request, response) => {
    const type = request.url!.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': type }).end('1')
  })
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', () => resolve()))
  project.provide('site', `http://127.0.0.1:${portOf(site)}${PREFIX}`)
  project.provide('otherHost', `http://127.0.0.1:${portOf(other)}/`)
  return async () => {
    site.close()
    other.close()
  }
}
