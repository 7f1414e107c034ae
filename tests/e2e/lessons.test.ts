/** Lessons in the built page: found, gone through, shared by address, run again, and left. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { finished, runHere } from './experiments.ts'

const lesson = (page: Page, title: RegExp) => page.getByRole('region', { name: title })
const origin = (page: Page) => page.locator('[data-origin]').getAttribute('data-origin')
const hash = (page: Page) => page.evaluate(() => location.hash)

describe('lessons', () => {
  const { visitor, open, errors } = useBrowser()

  it('are chosen from a list, gone through step by step, back and forth, and closed, by keyboard', async () => {
    const page = await open(await visitor())
    await page.locator('[data-origin=sample]').waitFor()
    await page.getByRole('button', { name: /^Lessons/ }).press('Enter')
    expect(await violations(page)).toEqual([])
    await page
      .getByRole('link', { name: 'Does self-supervised pretraining cure the cold start?' })
      .press('Enter')
    const card = lesson(page, /Does self-supervised pretraining/)
    await page.locator('[data-origin=lesson]').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('lesson')
    expect(await hash(page)).toBe('#lesson=pretraining')
    const steps = card.getByRole('group', { name: 'Steps of this lesson' }).getByRole('button')
    expect(await steps.allInnerTexts()).toEqual(['1. From scratch', '2. Linear on SimCLR', '3. Fine-tuning'])
    expect(await page.locator('[data-ghost]').count()).toBe(0)
    await steps.nth(1).press('Enter')
    await page.locator('[data-ghost]', { hasText: 'Training mode: from scratch' }).waitFor()
    expect(await steps.nth(1).getAttribute('aria-pressed')).toBe('true')
    expect(await violations(page)).toEqual([])
    // where the curves are, the steps stand at the foot of the window
    await page.locator('#curves').evaluate(curves => curves.scrollIntoView())
    const dock = page.locator('.dock').getByRole('button', { name: '3. Fine-tuning' })
    await dock.click()
    await page.locator('[data-ghost]', { hasText: 'linear' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.goBack()
    await page.locator('[data-ghost]', { hasText: 'from scratch' }).waitFor()
    await page.evaluate(() => scrollTo(0, 0))
    await dock.waitFor({ state: 'detached' })
    await page.goBack()
    await page.locator('[data-ghost]').waitFor({ state: 'detached' })
    expect(await steps.nth(0).getAttribute('aria-pressed')).toBe('true')
    await page.goForward()
    await page.locator('[data-ghost]').waitFor()
    await page.reload()
    await page.locator('[data-ghost]').waitFor()
    await steps.nth(1).press('Enter')
    // from step to step and on to the next lesson by one button
    const onward = card.getByRole('button', { name: 'Next step: Fine-tuning' })
    await onward.press('Enter')
    expect(await steps.nth(2).getAttribute('aria-pressed')).toBe('true')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Next lesson: /)
    await card.getByRole('button', { name: /^Next lesson: Does a better first choice/ }).press('Enter')
    await lesson(page, /Does a better first choice/).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('lesson')
    await page.getByRole('button', { name: 'Close the lesson' }).press('Enter')
    await page.locator('[data-origin=sample]').waitFor()
    expect(await hash(page)).toBe('')
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
    await page.getByRole('heading', { level: 2, name: /Which query strategy is best/ }).waitFor()
    expect(errors).toEqual([])
  })

  it('are opened by their address in the reader’s language, and what is run again agrees', async () => {
    const page = await open(await visitor({ locale: 'ja-JP' }), '#lesson=cycles')
    await lesson(page, /サイクルの回数/).waitFor()
    await page.locator('[data-origin=lesson]').waitFor()
    await page.getByRole('button', { name: /English/ }).click()
    await lesson(page, /Does the number of rounds/).waitFor()
    // one of its ten seeds
    await page.getByRole('spinbutton', { name: 'Seeds', exact: true }).fill('1')
    await page.keyboard.press('Tab')
    await runHere(page)
    await finished(page)
    // still the lesson, now with what was computed here: every point of that seed
    await lesson(page, /Does the number of rounds/).waitFor()
    expect(await origin(page)).toBe('live')
    await page
      .getByText(/What was computed here so far: 10 of 100 points, all of them the same as in the lesson/)
      .waitFor()
    expect(errors).toEqual([])
  })

  it('that do not come are said, and the page stays as it was', async () => {
    const context = await visitor()
    await context.route('**/below-*.json', route => route.fulfill({ status: 404, body: 'no' }))
    const page = await open(context, '#lesson=below')
    await page.getByText('The lesson could not be loaded.').waitFor()
    await page.locator('[data-origin=sample]').waitFor()
    expect(await hash(page)).toBe('')
    await page.evaluate(() => (location.hash = '#lesson=nothing'))
    await page.getByText('names a lesson that this version of the page does not have').waitFor()
    errors.length = 0
    // and the way in for newcomers
    await page.getByRole('link', { name: 'New to this? Begin with a lesson.' }).click()
    await lesson(page, /How many images should the initial set hold/).waitFor()
  })

  it('open in another tab where that is asked for, and have nothing to be run before they are there', async () => {
    const context = await visitor()
    let go = () => {}
    const gone = new Promise<void>(resolve => (go = resolve))
    await context.route('**/imbalance-*.json', route => gone.then(() => route.continue()))
    const page = await open(context)
    await page.locator('[data-origin=sample]').waitFor()
    await page.getByRole('button', { name: /^Lessons/ }).click()
    const link = page.getByRole('link', { name: 'What if some classes are rare?' })
    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      link.click({ modifiers: ['ControlOrMeta'] })
    ])
    await lesson(tab, /some classes are rare/).waitFor()
    await tab.close()
    expect([await hash(page), await page.locator('.lesson').count()]).toEqual(['', 0])
    await link.click()
    const run = page.getByRole('button', { name: 'Run this experiment here' })
    await lesson(page, /some classes are rare/).waitFor()
    expect(await run.isDisabled()).toBe(true)
    expect(await page.getByText('belong to another experiment').count()).toBe(0)
    go()
    await page.locator('[data-origin=lesson]').waitFor()
    expect(await run.isEnabled()).toBe(true)
    expect(errors).toEqual([])
  })

  it('on a narrow screen: the list fits, the two lines at the foot do not cover each other, words are not cut', async () => {
    const page = await open(await visitor({ viewport: { width: 360, height: 740 } }), '#lesson=steps.2')
    await page.locator('[data-origin=lesson]').waitFor()
    await page.getByRole('button', { name: /^Lessons/ }).click()
    const list = await page.locator('.panel:visible').boundingBox()
    expect(list!.y + list!.height).toBeLessThanOrEqual(740)
    await page.keyboard.press('Escape')
    const seeds = page.getByRole('spinbutton', { name: 'Seeds', exact: true })
    await seeds.fill('0')
    await seeds.press('Tab')
    await page.locator('#curves').evaluate(curves => curves.scrollIntoView())
    const docks = page.locator('.dock')
    await expect.poll(() => docks.count()).toBe(2)
    const [steps, run] = await Promise.all([docks.first().boundingBox(), docks.last().boundingBox()])
    expect(steps!.y + steps!.height).toBeLessThanOrEqual(run!.y)
    await seeds.fill('1')
    await seeds.press('Tab')
    await runHere(page)
    await page.locator('[data-origin=live]').waitFor()
    const shown = page.getByRole('group', { name: 'Shown result' })
    for (const name of ['Lesson', 'Sample']) {
      // whole words take one line
      const lines = await shown.getByRole('button', { name }).evaluate(button => {
        const range = document.createRange()
        range.selectNodeContents(button)
        return new Set([...range.getClientRects()].map(rect => rect.top)).size
      })
      expect([name, lines]).toEqual([name, 1])
    }
    expect(errors).toEqual([])
  })
})
