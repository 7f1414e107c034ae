/** For everybody: axe in both languages and themes, the keyboard, a phone. */
import { describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { panels } from './experiments.ts'

describe('access', () => {
  const { visitor, open } = useBrowser()

  it.each([
    ['en-GB', 'light', 1920, 1080],
    ['en-GB', 'dark', 1280, 800],
    ['ja-JP', 'light', 1280, 800],
    ['ja-JP', 'dark', 390, 844]
  ] as const)('axe finds nothing: %s, %s, %i x %i', async (locale, colorScheme, width, height) => {
    const page = await open(await visitor({ locale, colorScheme, viewport: { width, height } }))
    await page.getByRole('application').first().waitFor()
    await page.locator('#maps summary').first().click()
    await page.locator('#maps [role=application]').waitFor()
    // with all numbers open, and with what an edit brings
    const closed = page.locator('figure [aria-expanded=false]')
    while (await closed.count()) await closed.first().click()
    await page.locator('.dial .stops [aria-pressed=false]').first().click()
    await page.locator('#curves [role=region]').nth(1).waitFor()
    // a mistake, told at the foot of the window
    const number = page.getByRole('spinbutton').first()
    await number.fill('0')
    await number.press('Enter')
    await page.locator('#maps').scrollIntoViewIfNeeded()
    await page.locator('#run button[title]').waitFor()
    expect(await violations(page)).toEqual([])
    // nothing sticks out sideways
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    ).toBe(0)
  })

  it('the charts are read out with the arrow keys, and N is moved by keys', async () => {
    const page = await open(await visitor())
    const chart = page.getByRole('application', { name: /^Learning curves/ })
    await chart.focus()
    await page.keyboard.press('ArrowRight')
    const spoken = page.locator('[aria-live="polite"]').filter({ hasText: /labels.*%/ })
    await expect.poll(() => spoken.count()).toBeGreaterThan(0)
    const before = await spoken.first().innerText()
    await page.keyboard.press('ArrowDown')
    await expect.poll(async () => (await spoken.first().innerText()) !== before).toBe(true)

    const n = page.getByRole('slider', { name: /compare at/ }).first()
    await n.focus()
    const value = await n.getAttribute('aria-valuenow')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => n.getAttribute('aria-valuenow')).not.toBe(value)
  })

  it('groups of strategies are opened and closed by keys', async () => {
    const page = await open(await visitor())
    const hybrid = page.getByRole('button', { name: /^hybrid/i })
    const badge = page.getByRole('checkbox', { name: /^BADGE/ })
    // nothing of it is part of the sample
    expect(await badge.count()).toBe(0)
    await hybrid.focus()
    await page.keyboard.press('Enter')
    await badge.check()
    expect(await hybrid.innerText()).toMatch(/1 of \d/)
    await badge.uncheck()
    expect(await badge.isVisible()).toBe(true)
    await hybrid.press('Enter')
    await expect.poll(() => badge.count()).toBe(0)
  })

  it('the dial is moved, added to and thinned by keys alone', async () => {
    const page = await open(await visitor())
    await panels(page).first().waitFor()
    const handles = page.getByRole('slider', { name: 'Initial size' })
    const sizes = async () => Promise.all((await handles.all()).map(h => h.getAttribute('aria-valuenow')))
    expect(await sizes()).toEqual(['20', '50', '100', '200'])
    await handles.first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await sizes()).includes('30')).toBe(true)
    await page.keyboard.press('Delete')
    await expect.poll(() => handles.count()).toBe(3)
  })
})
