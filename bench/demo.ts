/**
 * Times a newcomer's first minutes in headless Chromium on the built site: first paint, size of the first load, the
 * demo's first point, the first seed of every arm, all of it; and how soon the dial answers.
 */
import { gzipSync } from 'node:zlib'
import type { AddressInfo } from 'node:net'
import { serveFolder } from '../tests/e2e/site.ts'
import { findBrowser } from '../scripts/browser.ts'

const PREFIX = '/dal/'
/** rows of the demo's numbers: four strategies x (50, 100, 200, 300 from 50; 100, 200, 300 from 100) */
const ROWS = 28

export async function timeDemo(): Promise<boolean> {
  const { chromium } = await import('playwright')
  const { build } = await import('vite')
  await build({ logLevel: 'error' })
  const server = await serveFolder('dist', PREFIX)
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-background-networking']
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })

  let loading = true
  let bytes = 0
  let files = 0
  page.on('response', async response => {
    if (!loading || !response.url().startsWith('http')) return
    const body = await response.body().catch(() => Buffer.alloc(0))
    files++
    bytes += gzipSync(body).length
  })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`)
  await page.getByRole('application').first().waitFor()
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime
  )
  const curves = await page.evaluate(() => performance.now())
  loading = false
  const firstLoad = { files, kilobytesGzip: Math.round(bytes / 1024) }
  await page.waitForTimeout(4000)

  const seconds = (since: number) => Math.round((Date.now() - since) / 100) / 10
  const began = Date.now()
  await page.getByRole('button', { name: 'Run a demo here' }).click()
  async function until(ready: () => Promise<boolean>): Promise<number> {
    while (!(await ready())) await page.waitForTimeout(50)
    return seconds(began)
  }
  const firstPoint = await until(async () => (await page.locator('[data-origin=live]').count()) > 0)
  await page.getByRole('button', { name: 'Show numbers' }).first().click()
  const rows = () => page.getByRole('table', { name: 'Learning curves' }).locator('tbody tr').count()
  const firstSeed = await until(async () => (await rows()) >= ROWS)
  const all = await until(async () => (await page.getByText(/^Finished: /).count()) > 0)

  // the dial, timed inside the page: a size that was never computed, then back. Passed as text: it runs over there.
  const dial = (size: number, ready: string): Promise<number> =>
    page.evaluate(`new Promise(resolve => {
      const began = performance.now()
      const stop = [...document.querySelectorAll('button')].find(b => b.getAttribute('aria-label') === 'Initial size ${size}')
      const look = () => [...document.querySelectorAll('main p')].some(p => /${ready}/.test(p.textContent))
        ? resolve(Math.round(performance.now() - began)) : requestAnimationFrame(look)
      stop.click()
      requestAnimationFrame(look)
    })`)
  const newTraining = await dial(30, 'Training on 30 labels')
  await page.waitForTimeout(500)
  const back = await dial(30, '^Finished')

  console.log(
    JSON.stringify(
      {
        paintMilliseconds: Math.round(paint),
        curvesOnScreenMilliseconds: Math.round(curves),
        firstLoad,
        demoSeconds: { firstPoint, firstSeed, all },
        dialMilliseconds: { newTraining, back }
      },
      null,
      2
    )
  )
  await browser.close()
  server.close()
  return true
}
