/** Experiments small enough to be run many times, and how a page runs and reads them. */
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { encodeLink } from '../../src/core/exchange/link.ts'
import { frozenExperiment, type Experiment } from '../../src/core/experiment/table.ts'

export const tiny: Experiment = {
  ...frozenExperiment,
  poolSize: 300,
  testSize: 200,
  initialSizes: [10, 20],
  querySize: 20,
  budget: 60,
  strategies: ['random', 'margin', 'bald'],
  seeds: 2,
  network: 'small',
  epochs: 2,
  stepsFloor: 30
}

export const linkTo = (experiment: Experiment) => encodeLink({ experiment })

export async function runHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run this experiment here' }).click()
}

export const finished = (page: Page) =>
  page
    .getByText(/^Finished: /)
    .first()
    .waitFor({ timeout: 180000 })

/** Waits until some trainings are done, not all. */
export async function someDone(page: Page, least: number): Promise<void> {
  await expect
    .poll(
      async () => Number(/(\d+) of \d+ trainings/.exec(await page.locator('main').innerText())?.[1] ?? 0),
      { timeout: 120000 }
    )
    .toBeGreaterThanOrEqual(least)
}

/** The panels of the learning curves, by their titles. */
export const panels = (page: Page) =>
  page.getByRole('application', { name: /^Learning curves/ }).getByText(/^from \d+$/)

/** The numbers of a chart, from the table behind its button: its first columns, all by default. */
export async function numbersOf(page: Page, chart: string | RegExp, columns?: number): Promise<string> {
  const figure = page.getByRole('figure', { name: chart }).first()
  const button = figure.getByRole('button', { name: 'Show numbers' })
  if (await button.count()) await button.first().click()
  const rows = await page.getByRole('table', { name: chart }).getByRole('row').allInnerTexts()
  const cut = (row: string) => row.split('\t').slice(0, columns).join('\t')
  return rows.map(r => cut(r).replace(/\s+/g, ' ').trim()).join('\n')
}
