/** A pretraining in the built page whose tab is loaded again: it goes on where it stood. */
import { describe, expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { linkTo, tiny } from './experiments.ts'

/** More than anybody waits for. */
const experiment = { ...tiny, pretrainingEpochs: 900, pretrainingBatch: 64 }

describe('a pretraining', () => {
  const { visitor, open, errors } = useBrowser()

  it('goes on after a reload, with the epochs before it', async () => {
    const page = await open(await visitor(), await linkTo(experiment))
    const panel = page.locator('#pretraining')
    await panel.locator('summary').first().click()
    await panel.getByRole('button', { name: 'Pretrain now' }).click()
    await panel
      .getByText(/epoch \d+ of 900/)
      .first()
      .waitFor()
    // until the disk has it
    const kept = () =>
      page.evaluate(
        () =>
          new Promise<boolean>(resolve => {
            const opening = indexedDB.open('dal-playground-encoders')
            opening.onsuccess = () => {
              const keys = opening.result.transaction('entries').objectStore('entries').getAllKeys()
              keys.onsuccess = () => resolve(keys.result.some(key => String(key).startsWith('unfinished/')))
              opening.result.close()
            }
          })
      )
    await expect.poll(kept, { timeout: 60_000 }).toBe(true)
    await page.reload()

    await panel.locator('summary').first().click()
    const goOn = panel.getByRole('button', { name: /^Continue after epoch \d+ of 900$/ })
    await goOn.waitFor()
    const done = Number(/epoch (\d+)/.exec(await goOn.innerText())![1])
    expect(done).toBeGreaterThan(0)
    await goOn.click()
    const epochs = async () => {
      await panel.getByText('All epochs as numbers').waitFor()
      return panel.locator('tbody tr td:first-child').allTextContents()
    }
    // as soon as anything is told, all that was is there
    expect((await epochs()).slice(0, done + 1)).toEqual(Array.from({ length: done + 1 }, (_, i) => String(i)))
    await expect.poll(async () => (await epochs()).length).toBeGreaterThan(done + 1)

    // called off, it can be gone on with as well
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await goOn.waitFor()
    expect(errors).toEqual([])
  })
})
