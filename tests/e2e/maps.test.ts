/** Maps of the pool and encoders in the built page: made, moved about in, taken away as files, and brought back. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { finished, linkTo, runHere, tiny } from './experiments.ts'

const experiment = { ...tiny, poolSize: 200, pretrainingEpochs: 2, pretrainingBatch: 64 }

async function openMaps(page: Page): Promise<Locator> {
  await page.locator('summary', { hasText: 'Maps of the pool' }).click()
  const map = page.getByRole('figure', { name: 'Embedding map' })
  await map.getByRole('application').waitFor()
  return map
}

/** What a download button hands over. */
async function fileOf(page: Page, within: Locator, name: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    within.getByRole('button', { name, exact: true }).click()
  ])
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
}

/** Where the images of the first class lie. */
const placesOf = (map: Locator) => map.locator('svg .layer path').first().getAttribute('d') as Promise<string>

describe('maps', () => {
  const { visitor, open, errors } = useBrowser()

  it('the embedding map: components, UMAP in its worker, one class brought out, files', async () => {
    const page = await open(await visitor(), await linkTo(experiment))
    const map = await openMaps(page)
    await page.getByText(/^These maps show the pool of the experiment that is set here\./).waitFor()
    const components = await placesOf(map)
    await map.getByText('UMAP', { exact: true }).click()
    await expect.poll(() => placesOf(map)).not.toBe(components)
    expect(await map.getByRole('radio', { name: 'UMAP' }).isChecked()).toBe(true)
    await map.getByText(/^200 of 200 images\./).waitFor()

    // by keyboard: an image is read out
    await map.getByRole('application').focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => map.locator('[aria-live]').innerText()).toMatch(/^Image \d+: /)
    // its class stays brought out, and no longer after a second press
    await page.keyboard.press('Enter')
    await expect.poll(() => map.locator('.layer.faded').count()).toBe(2 * 9)
    await page.keyboard.press('Enter')
    await expect.poll(() => map.locator('.layer.faded').count()).toBe(0)
    // the same from the legend, where arrow keys go from one class to the next
    const legend = map.getByRole('toolbar', { name: /^Legend by class/ })
    await legend.getByRole('button').first().press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await legend.getByRole('button', { pressed: true }).count()).toBe(1)
    await expect.poll(() => map.locator('.layer.faded').count()).toBe(2 * 9)

    const csv = await fileOf(page, map, 'CSV')
    expect(csv.name).toBe('dal-digits-embedding-map-pixels-umap.csv')
    const lines = csv.text.trim().split('\r\n')
    expect(lines[0]).toMatch(/image,class,x,y$/)
    expect(lines).toHaveLength(201)
    expect((await fileOf(page, map, 'SVG')).text).toMatch(/Arranged by UMAP/)
    expect((await fileOf(page, map, 'PNG')).name).toBe('dal-digits-embedding-map-pixels-umap.png')

    await map.getByRole('button', { name: 'By class, as numbers' }).click()
    expect(await map.getByRole('table').getByRole('row').count()).toBe(11)
    expect(errors).toEqual([])
  })

  it('tables of numbers wider than their column scroll in it, and leave the rest of the page alone', async () => {
    const page = await open(await visitor(), await linkTo({ ...experiment, seeds: 1 }))
    await runHere(page)
    await finished(page)
    await openMaps(page)
    expect(await page.getByText(/^These maps show the pool of/).count()).toBe(0)
    const made = page.getByRole('figure', { name: 'Dataset map' })
    await made.getByRole('button', { name: 'Pretrain now' }).click()
    await made.getByRole('application').waitFor()
    for (const name of ['Embedding map', 'Dataset map']) {
      const map = page.getByRole('figure', { name })
      // by the round, the table has two more columns
      await map.getByText('round', { exact: true }).click()
      await map.getByRole('button', { name: 'By class, as numbers' }).press('Enter')
    }
    for (const [width, height] of [
      [1366, 768],
      [390, 844]
    ]) {
      await page.setViewportSize({ width, height })
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      await expect.poll(() => page.evaluate(beyond)).toBe(0)
      for (const name of ['Embedding map', 'Dataset map']) {
        const map = page.getByRole('figure', { name })
        const table = map.getByRole('region', {
          name: new RegExp(`^${name}: By class, as numbers, labelled by Random`)
        })
        const csv = await fileOf(page, map, 'CSV')
        expect(csv.name).toMatch(/-random-from-10-seed-0\.csv$/)
        expect(csv.text.trim().split('\r\n')).toHaveLength(201)
        const hidden = () => table.evaluate(e => e.scrollWidth - e.clientWidth)
        // on a wide page it depends on the fonts whether they fit
        if (width > 390 && !(await hidden())) continue
        await expect.poll(hidden).toBeGreaterThan(0)
        await table.focus()
        await page.keyboard.press('ArrowRight')
        await expect.poll(() => table.evaluate(e => e.scrollLeft)).toBeGreaterThan(0)
      }
      expect(await violations(page)).toEqual([])
    }
    expect(errors).toEqual([])
  })

  it('the dataset map comes with a pretraining; its encoder is saved, deleted, and opened again', async () => {
    const page = await open(await visitor(), await linkTo(experiment))
    await openMaps(page)
    const map = page.getByRole('figure', { name: 'Dataset map' })
    await map.getByRole('button', { name: 'Pretrain now' }).click()
    await map.getByRole('application').waitFor()
    await map.getByText(/^200 of 200 images\. Mean confidence/).waitFor()

    const panel = page.getByRole('region', { name: 'Pretraining' })
    const name = /SimCLR, 28×28, small network, 2 epochs, batches of 64/
    const saved = panel.getByRole('button', { name: new RegExp(`Save as a file: ${name.source}`) })
    const [download] = await Promise.all([page.waitForEvent('download'), saved.click()])
    const path = await download.path()
    expect(download.suggestedFilename()).toMatch(/^dal-encoder-simclr-[0-9a-f]{8}\.json$/)
    const remove = panel.getByRole('button', { name: /^Delete: / })
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    await remove.press('Enter')
    await panel.getByText(/It would have to be pretrained again/).waitFor()
    await expect.poll(focused).toBe('Keep')
    await page.keyboard.press('Enter')
    await saved.waitFor()
    await remove.press('Enter')
    await panel.getByRole('button', { name: 'Delete', exact: true }).press('Enter')
    await expect.poll(() => saved.count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pretraining')

    const again = { name: 'encoder.json', mimeType: 'application/json', buffer: readFileSync(path) }
    await page.locator('main input[type=file]').first().setInputFiles(again)
    await saved.waitFor()
    const embedding = page.getByRole('figure', { name: 'Embedding map' })
    await embedding.getByText('encoder', { exact: true }).click()
    await embedding.getByText(/^200 of 200 images\./).waitFor()
    const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(beyond)).toBe(0)
    expect(errors).toEqual([])
  })

  describe('two tabs that want the same encoder', () => {
    /** Both with the panel of pretraining open. */
    async function two(pretrainingEpochs: number) {
      const both = await visitor()
      const link = await linkTo({ ...experiment, pretrainingEpochs })
      const panels: Locator[] = []
      for (const page of [await open(both, link), await open(both, link)]) {
        await page.locator('summary', { hasText: 'An encoder trained without labels' }).click()
        const panel = page.getByRole('region', { name: 'Pretraining' })
        await panel.getByRole('button', { name: 'Pretrain now' }).waitFor()
        panels.push(panel)
      }
      return panels
    }
    const press = (panel: Locator, name: string) => panel.getByRole('button', { name, exact: true }).click()
    const says = (panel: Locator, text: RegExp) => panel.getByText(text).first().waitFor()
    const [works, waits] = [/^SimCLR: epoch \d+ of/, /^SimCLR: another tab of this browser is pretraining/]

    it('take turns: one waits while the other works, and goes on when that pauses or is called off', async () => {
      // more epochs than there is time for
      const [first, second] = await two(1000)
      await press(first, 'Pretrain now')
      await says(first, works)
      await press(second, 'Pretrain now')
      await says(second, waits)
      await press(first, 'Pause')
      await says(second, works)
      await press(first, 'Resume')
      await says(first, waits)
      await press(second, 'Cancel')
      await says(first, works)
      await press(first, 'Cancel')
      expect(errors).toEqual([])
    })

    it('both have what one of them has made', async () => {
      const panels = await two(10)
      for (const panel of panels) await press(panel, 'Pretrain now')
      for (const panel of panels) {
        await says(panel, /^SimCLR: finished after 10 epochs/)
        expect(await panel.getByRole('button', { name: /^Save as a file: SimCLR/ }).count()).toBe(1)
      }
      expect(errors).toEqual([])
    })
  })

  it('an experiment that waits for its encoder says so, pauses with it, and ends it when it is cancelled', async () => {
    const waits = { ...experiment, mode: 'linear' as const, pretrainingEpochs: 1000 }
    const page = await open(await visitor(), await linkTo(waits))
    await runHere(page)
    const bar = page.locator('#run')
    await bar.getByText(/^The encoder comes first\. SimCLR: epoch \d+ of 1,000/).waitFor()
    await bar.getByRole('button', { name: 'Pause' }).click()
    await bar.getByText(/, paused$/).waitFor()
    const panel = page.getByRole('region', { name: 'Pretraining' })
    await panel.getByRole('button', { name: 'Resume' }).waitFor()
    await bar.getByRole('button', { name: 'Resume' }).click()
    await panel.getByRole('button', { name: 'Pause' }).waitFor()
    await bar.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByRole('button', { name: 'Pretrain now' }).waitFor()
    await bar
      .getByText(/^Cancelled/)
      .first()
      .waitFor()
    expect(errors).toEqual([])
  })
})
