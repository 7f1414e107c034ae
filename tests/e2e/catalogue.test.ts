/**
 * Well-known data sets in the built page: its own policy, the browser's own rules for other origins. The hosts are not
 * there: the browser's requests are answered here, with files made in the test, whose checksums take the place of the
 * published ones in the served worker.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { BrowserContext, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { findSet } from '../../src/data/hub/catalogue.ts'
import { idxBytes } from '../data/idxFiles.ts'
import { hubFile } from '../data/parquetFiles.ts'
import { useBrowser } from './browser.ts'

const set = findSet('kmnist')!
const pixel = (i: number) => (i * 31 + (i >> 6) * 17) & 255
const contents = [
  gzipSync(idxBytes([60, 28, 28], pixel)),
  gzipSync(idxBytes([60], i => i % 10)),
  gzipSync(idxBytes([20, 28, 28], pixel)),
  gzipSync(idxBytes([20], i => i % 10))
]

/** The worker as it is served, but with these files' checksums. */
async function withOurSums(context: BrowserContext): Promise<void> {
  await context.route('**/data.worker-*.js', async route => {
    const response = await route.fetch()
    const script = set.files.reduce(
      (text, { hash }, i) => text.replace(hash.hex, createHash('md5').update(contents[i]).digest('hex')),
      await response.text()
    )
    await route.fulfill({ response, body: script })
  })
}

const openList = (page: Page) => page.locator('summary', { hasText: 'Well-known data sets' }).click()

describe('a well-known data set', () => {
  const { visitor, open, errors } = useBrowser()

  it('is downloaded over a broken connection, looked at, kept, and forgotten as a download', async () => {
    const context = await visitor()
    await withOurSums(context)
    let broken = 1
    const asked: string[] = []
    await context.route('https://huggingface.co/**', route => {
      const url = route.request().url()
      asked.push(url)
      if (broken-- > 0) return route.abort('connectionreset')
      const body = contents[set.files.findIndex(file => file.url === url)]
      return route.fulfill({ body, headers: { 'access-control-allow-origin': '*' } })
    })
    const page = await open(context)
    await openList(page)
    await page.getByRole('button', { name: 'Get KMNIST' }).click()
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.waitFor()
    expect(await dialog.innerText()).toMatch(/pool 60 · test 20/)
    expect(asked).toEqual([set.files[0].url, ...set.files.map(file => file.url)])
    // the dialog was closed by mistake: nothing has to be downloaded again
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Open KMNIST, which has been downloaded' }).click()
    await dialog.waitFor()
    expect(asked).toHaveLength(5)
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await page.getByRole('button', { name: /KMNIST.*change the data set/ }).waitFor()
    await page.getByRole('button', { name: 'Get KMNIST' }).waitFor()
    expect(errors.filter(text => !/net::ERR_CONNECTION_RESET/.test(text))).toEqual([])
  })

  it('that its host does not let the page read is said so, with a way to get it by hand', async () => {
    const context = await visitor()
    await context.route('https://huggingface.co/**', route =>
      route.fulfill({
        body: contents[0],
        headers: { 'access-control-allow-origin': 'https://other.example' }
      })
    )
    const page = await open(context)
    await openList(page)
    await page.getByRole('button', { name: 'Get KMNIST' }).click()
    const alert = page.locator('#data [role=alert]').filter({ hasText: set.files[0].name })
    await alert.waitFor()
    expect(await alert.innerText()).toContain('does not allow this page to read')
    const links = await alert
      .getByRole('link')
      .evaluateAll(all => all.map(a => (a as HTMLAnchorElement).href))
    expect(links).toEqual(set.files.map(file => file.url))
  })

  it('as the hub stores it is read where the policy holds, from a file too', async () => {
    const page = await open(await visitor())
    const labels = Array.from({ length: 36 }, (_, i) => i % 3)
    const buffer = Buffer.from(hubFile(labels))
    await page
      .locator('#data input[type=file]')
      .first()
      .setInputFiles({ name: 'train-00000-of-00001.parquet', mimeType: 'application/octet-stream', buffer })
    await page
      .getByRole('dialog')
      .getByText(/pool \d+ · test \d+/)
      .waitFor()
  })
})
