/** Each in a worker of one page in headless Chromium; the page is built first. Only from the repository. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Reply } from '../protocol.ts'
import type { Host } from './host.ts'

export interface PageHost extends Host {
  /** runs REF in the page: see page/main.ts */
  reference(backend: string, workers: number, seeds: number, data: string): Promise<Reply>
}

export async function pageHost(flags: string[], data: string, jax: string | undefined): Promise<PageHost> {
  const { build } = await import('vite')
  const { chromium } = await import('playwright')
  const { findBrowser } = await import('../../scripts/browser.ts')
  const { serveFolder } = await import('../../tests/e2e/site.ts')
  const folder = mkdtempSync(join(tmpdir(), 'dal-bench-'))
  await build({
    root: join(import.meta.dirname, '..', 'page'),
    base: './',
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 9999 }
  })
  cpSync(data, join(folder, 'data.npz'))
  if (jax) {
    mkdirSync(join(folder, 'jax'))
    cpSync(dirname(jax), join(folder, 'jax'), { recursive: true })
  }
  const server = await serveFolder(folder, '/')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-background-networking', '--enable-unsafe-webgpu', ...flags]
  })
  const page = await browser.newPage()
  await page.goto(origin)
  await page.waitForFunction('globalThis.bench !== undefined')
  const inspector = await browser.newBrowserCDPSession()
  /** milliseconds of processor time of the page and its workers so far */
  const used = async () => {
    const { processInfo } = await inspector.send('SystemInfo.getProcessInfo')
    return processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'renderer' ? cpuTime * 1000 : 0), 0)
  }
  // passed as text: what runs over there knows nothing of this file
  const call = (code: string): Promise<Reply> =>
    page.evaluate<Reply>(code).catch(error => ({ error: String(error) }))
  return {
    setup: common => ({
      ...common,
      data: `${origin}data.npz`,
      jax: jax && `${origin}jax/${basename(jax)}`,
      wasm: undefined
    }),
    async start(name) {
      const { error, description } = await call(`bench.start(${JSON.stringify(name)})`)
      if (error) throw new Error(error)
      return async command => {
        const before = await used()
        const reply = await call(`bench.ask(${JSON.stringify(description)}, ${JSON.stringify(command)})`)
        return { ...reply, processor: (await used()) - before }
      }
    },
    reference: (...values) => call(`bench.reference(${values.map(v => JSON.stringify(v)).join(', ')})`),
    async close() {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
