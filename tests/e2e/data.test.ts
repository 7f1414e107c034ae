/** Files of one's own: dropped, checked, kept, there after a reload, used in an experiment, deleted. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { buildView } from '../../src/data/view.ts'
import { defaultKnobs } from '../../src/core/datasource.ts'
import { useBrowser } from './browser.ts'
import { finished, linkTo, numbersOf, runHere, tiny } from './experiments.ts'

function idx(dims: number[], bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length)
  head.set([0, 0, 8, dims.length])
  dims.forEach((d, i) => head.writeUInt32BE(d, 4 + 4 * i))
  return Buffer.concat([head, bytes])
}

/** Four MNIST-style files of drawn digits, some of them gzipped. */
function files() {
  const { pool, test } = buildView(
    { kind: 'synthetic', id: 'digits' },
    { ...defaultKnobs, poolSize: 400, testSize: 200 }
  )
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
  return [
    file('t10k-labels-idx1-ubyte', idx([200], Uint8Array.from(test.labels))),
    file('train-images-idx3-ubyte.gz', gzipSync(idx([400, 28, 28], pool.images))),
    file('t10k-images-idx3-ubyte', idx([200, 28, 28], test.images)),
    file('train-labels-idx1-ubyte.gz', gzipSync(idx([400], Uint8Array.from(pool.labels))))
  ]
}

async function choose(page: Page, chosen: ReturnType<typeof files>): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles(chosen)
}

describe('data of one’s own', () => {
  const { visitor, open, errors } = useBrowser()

  it('four IDX files: previewed, kept, there after a reload, run, deleted', async () => {
    const context = await visitor()
    const page = await open(context, await linkTo(tiny))
    await choose(page, files())
    const dialog = page.getByRole('dialog', { name: 'Is this what you meant?' })
    await dialog.waitFor()
    expect(await dialog.innerText()).toMatch(/pool 400 · test 200/)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('My digits')
    await dialog.getByRole('button', { name: 'Keep and use it' }).click()
    await page.getByRole('button', { name: /My digits.*data set, change/ }).waitFor()

    await runHere(page)
    await finished(page)
    expect(await numbersOf(page, 'Learning curves')).toMatch(/Margin/)
    await page.getByText('My digits').first().waitFor()

    await page.goto('about:blank')
    await page.goto(inject('site'))
    const stored = page.getByRole('button', { name: /^My digits/ }).first()
    await stored.waitFor()
    await page.getByRole('button', { name: 'Delete My digits' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Delete My digits' }).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('a broken file gets a sentence with its name, and nothing is stored', async () => {
    const page = await open(await visitor())
    const chosen = files()
    chosen[2].buffer = chosen[2].buffer.subarray(0, 5000)
    await choose(page, chosen)
    await expect
      .poll(() => page.getByRole('region', { name: 'Messages' }).innerText(), { timeout: 20000 })
      .toMatch(/t10k-images-idx3-ubyte/)
    expect(await page.getByRole('button', { name: /^Delete / }).count()).toBe(0)
  })
})
