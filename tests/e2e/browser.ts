/** One browser for a test file; a fresh profile (context) for each visitor. */
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Worker
} from 'playwright'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { findBrowser } from '../../scripts/browser.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** For what a page is waited for, in milliseconds: a loaded machine takes its time. */
const PATIENCE = 120_000

/** `flags`: more of them than all tests have. */
export function useBrowser(flags: readonly string[] = []) {
  let browser: Browser
  const contexts: BrowserContext[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findBrowser(), args: [...FLAGS, ...flags] })
  })
  afterAll(() => browser.close())

  /** A new profile, in which nothing is kept for use offline. Errors of its pages fail the test that asks for them. */
  async function visitor(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      serviceWorkers: 'block',
      ...options
    })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    context.setDefaultTimeout(PATIENCE)
    contexts.push(context)
    return context
  }

  const errors: string[] = []
  async function open(context: BrowserContext, hash = '', site = inject('site')): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', error => errors.push(String(error)))
    page.on('console', message => message.type() === 'error' && errors.push(message.text()))
    await page.goto(site + hash)
    return page
  }
  return { visitor, open, errors, browser: () => browser }
}

/** The worker that was started under a name: waits until it runs. */
export async function workerNamed(page: Page, name: string): Promise<Worker> {
  let found: Worker | undefined
  const look = async () => {
    for (const worker of page.workers())
      if ((await worker.evaluate('self.name').catch(() => '')) === name) found = worker
    return found !== undefined
  }
  await expect.poll(look).toBe(true)
  return found!
}
