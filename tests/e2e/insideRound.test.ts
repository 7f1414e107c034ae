/** The look inside a round, in the built page: whose images they are, round by round, with and without the images. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/result.ts'
import { readText } from '../../src/core/exchange/schema.ts'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { finished, linkTo, runHere, tiny } from './experiments.ts'

async function openRounds(page: Page): Promise<Locator> {
  await page.locator('summary', { hasText: 'Inside a round' }).click()
  return page.locator('#rounds')
}

async function openResult(page: Page, text: string): Promise<void> {
  const file = { name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(text) }
  await page.locator('main input[type=file]').first().setInputFiles(file)
}

async function saved(page: Page, button: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return readFileSync(await download.path(), 'utf8')
}

/** What a panel counts: by class, images of this round and so far. */
async function countsOf(panel: Locator): Promise<[number, number][]> {
  const rows = await panel.locator('tbody tr').allInnerTexts()
  return rows.map(row => row.trim().split(/\s+/).slice(-2).map(Number) as [number, number])
}

const pickedBy = ({ runs }: Result, strategy: string, size: number, seed: number, labelCount: number) => {
  const run = runs.find(r => r.arm.strategy === strategy && r.arm.initialSize === size && r.seed === seed)
  return run!.points.find(p => p.labelCount === labelCount)!.record!
}

describe('inside a round', () => {
  const { visitor, open, errors } = useBrowser()

  it('each strategy’s own picks are shown, by class and in order, and are taken away as a file', async () => {
    const page = await open(await visitor(), await linkTo(tiny))
    await runHere(page)
    await finished(page)
    const rounds = await openRounds(page)
    await rounds.getByText('Labels 11 to 20', { exact: true }).waitFor()
    const panel = (name: string) => rounds.getByRole('figure', { name })
    await panel('Margin').locator('canvas').first().waitFor()
    const text = await saved(page, page.getByRole('button', { name: 'Download the result' }))
    const { result } = readText(text) as { result: Result }

    for (const [strategy, name] of [
      ['random', 'Random'],
      ['margin', 'Margin'],
      ['bald', 'BALD']
    ]) {
      const record = pickedBy(result, strategy, 10, 0, 20)
      const counts = await countsOf(panel(name))
      expect(counts.map(([, soFar]) => soFar)).toEqual(record.classCounts)
      expect(counts.reduce((sum, [now]) => sum + now, 0)).toBe(10)
      // a strip for each class that was asked for, as wide as it has images
      const widths = await panel(name)
        .locator('canvas')
        .evaluateAll(all => all.map(c => (c as HTMLCanvasElement).width / 29))
      expect(widths).toEqual(counts.map(([now]) => now).filter(Boolean))
    }
    const csv = await saved(page, rounds.getByRole('button', { name: 'This round as CSV' }))
    const lines = csv.trim().split('\r\n').slice(1)
    const margin = lines.map(line => line.split(',')).filter(([strategy]) => strategy === 'margin')
    expect(margin.map(([, , , , label]) => Number(label))).toEqual(
      Array.from({ length: 10 }, (_, i) => 11 + i)
    )
    expect(margin.map(fields => Number(fields[5]))).toEqual([...pickedBy(result, 'margin', 10, 0, 20).added])
    expect(await violations(page)).toEqual([])

    // the first round is everybody's; another seed and size have other ones
    await rounds.getByRole('slider', { name: 'Round' }).focus()
    await page.keyboard.press('Home')
    await rounds.getByText('Initial set: 10 labels', { exact: true }).waitFor()
    expect(await rounds.getByRole('figure').count()).toBe(1)
    await page.keyboard.press('End')
    await rounds.getByRole('combobox', { name: 'Seed' }).selectOption('1')
    await rounds.getByText('from 20', { exact: true }).click()
    await rounds.getByText('Labels 41 to 60', { exact: true }).waitFor()
    const last = await countsOf(panel('BALD'))
    expect(last.map(([, soFar]) => soFar)).toEqual(pickedBy(result, 'bald', 20, 1, 60).classCounts)

    await page.setViewportSize({ width: 390, height: 844 })
    const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    await expect.poll(() => page.evaluate(beyond)).toBe(0)
    expect(errors).toEqual([])
  })

  it('what carries no picks says so; without the images, bars stand for them', async () => {
    const page = await open(await visitor(), await linkTo(tiny))
    const rounds = await openRounds(page)
    await rounds.getByText(/^Links and the sample carry counts/).waitFor()
    await runHere(page)
    await finished(page)
    await rounds.locator('canvas').first().waitFor()
    const text = await saved(page, page.getByRole('button', { name: 'Download the result' }))

    // a later visit finds what was too large to be kept whole
    const bare = JSON.parse(text)
    for (const { points } of bare.runs) for (const point of points) delete point.record
    const later = await visitor()
    await later.addInitScript(
      kept => localStorage.setItem('dal-playground.result', kept),
      JSON.stringify(bare)
    )
    const again = await openRounds(await open(later))
    await again.getByText(/^The page was reloaded, so the detailed records/).waitFor()

    // of a start that was not run it says so
    const partial = JSON.parse(text) as { runs: Result['runs'] }
    partial.runs = partial.runs.filter(({ arm, seed }) => arm.initialSize === 10 || seed === 0)
    await openResult(page, JSON.stringify(partial))
    await rounds.getByRole('combobox', { name: 'Seed' }).selectOption('1')
    await rounds.getByText('from 20', { exact: true }).click()
    await rounds.getByText('Nothing has been labelled yet.').waitFor()

    // the same result of a set that this browser lacks
    const foreign = JSON.parse(text)
    foreign.experiment.source = { kind: 'stored', fingerprint: 'e'.repeat(64), name: 'mine' }
    foreign.dataset.fingerprint = 'f'.repeat(64)
    const other = await open(await visitor(), '')
    await openResult(other, text)
    const elsewhere = await openRounds(other)
    const round = elsewhere.getByRole('slider', { name: 'Round' })
    await round.focus()
    await other.keyboard.press('Home')
    await elsewhere.locator('canvas').first().waitFor()
    await openResult(other, JSON.stringify(foreign))
    // also at the initial set, where both have the same rows
    await elsewhere.getByText(/^The images of this result are not in this browser/).waitFor()
    await round.focus()
    await other.keyboard.press('ArrowRight')
    const panel = elsewhere.getByRole('figure', { name: 'Margin' })
    await panel.waitFor()
    expect(await panel.locator('canvas').count()).toBe(0)
    const asked = (await countsOf(panel)).filter(([now]) => now).length
    expect(await panel.locator('.bar').count()).toBe(asked)
    expect(errors).toEqual([])
  })
})
