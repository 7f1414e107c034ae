/**
 * Builds the service worker (src/offline/worker.ts) into the root of the built page, where its scope is the page's folder: one
 * script without imports, in which the list of all files is written. So every build that differs has a worker that differs,
 * which is how browsers notice.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { build, type Plugin } from 'vite'
import { isNamedByContent, PAGE } from '../src/offline/answers.ts'
import type { Shipped } from '../src/offline/keeping.ts'

const FILE = 'sw.js'

/** Those that are named by their content first, the page last: with it the version is complete. */
const place = (path: string) => (path === PAGE ? 2 : isNamedByContent(path) ? 0 : 1)

/** All files of a built page but the worker itself, in the order in which they are kept. */
export function shippedFiles(folder: string): Shipped[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'))
    .filter(path => path !== FILE)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(path => [path, `sha256-${hash(readFileSync(join(folder, path)))}`])
}

const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('base64')

/** Writes the worker of the page in a folder into it. */
async function writeWorker(folder: string): Promise<void> {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { SHIPPED: JSON.stringify(shippedFiles(folder)) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: 'src/offline/worker.ts',
        output: { format: 'iife', entryFileNames: FILE }
      }
    }
  })
}

export const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  writeBundle: {
    // when all is there, what is only copied too
    sequential: true,
    order: 'post',
    handler: ({ dir = 'dist' }) => writeWorker(dir)
  }
}
