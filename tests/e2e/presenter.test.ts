/** The presenter view in the built page: one screen, large enough, the page's own edits, and everything as it was afterwards. */
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { panels } from './experiments.ts'

const bar = (page: Page) => page.getByRole('banner', { name: 'Presenter view' })
const charts = (page: Page) => page.getByRole('application')
const scroll = (page: Page) => page.evaluate(() => scrollY)
/** What has the focus. */
const focus = (page: Page) => page.evaluate(() => document.activeElement!.getAttribute('aria-label'))

async function enter(page: Page) {
  await page.keyboard.press('Alt+p')
  await bar(page).waitFor()
  // charts are drawn once they are measured
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** What sticks out of the screen or scrolls, and texts that are smaller than a 45th of its height. */
const flaws = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const root = document.documentElement
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page scrolls')
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent: Element = node.parentElement!
      const text = node.textContent!.trim()
      // what only screen readers have is a pixel wide
      const { left, right, top, bottom, width } = parent.getBoundingClientRect()
      if (!text || parent.localName === 'title' || width <= 1 || !parent.checkVisibility()) continue
      const svg = parent instanceof SVGGraphicsElement ? parent.getScreenCTM()!.a : 1
      const size = parseFloat(getComputedStyle(parent).fontSize) * svg
      if (size < innerHeight / 45 - 0.05) found.push(`${text}: ${size.toFixed(1)} px`)
      if (left < 0 || top < 0 || right > innerWidth + 1 || bottom > innerHeight + 1)
        found.push(`${text}: ${[left, top, right, bottom].map(Math.round)}`)
    }
    return found
  })

describe('the presenter view', () => {
  const { visitor, open, errors } = useBrowser()

  it.each([
    [1920, 1080, 'en-GB', 'light', 2],
    [1280, 720, 'ja-JP', 'dark', 2],
    [1024, 768, 'en-GB', 'dark', 1]
  ] as const)(
    'is one screen, legible from afar: %i x %i, %s, %s',
    async (width, height, locale, colorScheme, count) => {
      const page = await open(
        await visitor({ viewport: { width, height }, locale, colorScheme }),
        '#lesson=firstChoice'
      )
      await page.locator('[data-origin=lesson]').waitFor()
      await page.keyboard.press('Alt+p')
      await page.locator('#presenter').waitFor()
      await expect.poll(() => charts(page).count()).toBe(count)
      await expect.poll(() => flaws(page)).toEqual([])
      expect(await violations(page)).toEqual([])
      // what is read at a desk is not there for anybody
      expect(await page.getByRole('complementary').count()).toBe(0)
      expect(await page.getByRole('contentinfo').count()).toBe(0)
      expect(await page.getByRole('spinbutton').count()).toBe(0)
      // the rest is reached by keyboard, all of it
      const reached = new Set<string>()
      for (let i = 0; i < 50; i++) {
        await page.keyboard.press('Tab')
        reached.add(
          await page.evaluate(() => {
            const at = document.activeElement!
            const part = at.closest('#presenter, #run, .dial, .strip, figure')
            return `${part?.id || part?.className.split(' ')[0]} ${at.role ?? ''}`.trim()
          })
        )
      }
      for (const part of ['presenter', 'run', 'dial slider', 'dial', 'strip'])
        expect([...reached]).toContain(part)
      expect([...reached].filter(part => part.endsWith('application'))).toHaveLength(1)
      expect(errors).toEqual([])
    }
  )

  it('is entered and left by key or button, edits are the page’s, and everything is where it was', async () => {
    const page = await open(await visitor())
    await panels(page).first().waitFor()
    const button = page.getByRole('button', { name: 'Presenter view' })
    await button.click()
    await bar(page).waitFor()
    await bar(page).getByRole('button', { name: 'Leave' }).click()
    await expect.poll(() => button.evaluate(b => b === document.activeElement)).toBe(true)

    const chart = page.getByRole('application', { name: /^Accuracy by initial size/ })
    await chart.focus()
    const [y, at] = [await scroll(page), await focus(page)]
    expect([y > 200, at]).toEqual([true, await chart.getAttribute('aria-label')])
    await enter(page)
    expect(await scroll(page)).toBe(0)
    // the dial, by keys and by hand
    const handles = page.getByRole('slider', { name: 'Initial size' })
    const sizes = async () => Promise.all((await handles.all()).map(h => h.getAttribute('aria-valuenow')))
    await handles.first().focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Enter')
    await expect.poll(sizes).toEqual(['30', '50', '100', '200'])
    await page.getByRole('button', { name: 'Initial size 70' }).click()
    await expect.poll(sizes).toEqual(['30', '50', '70', '100', '200'])
    // N and a strategy
    const n = page.getByRole('slider', { name: /compare at/ })
    const box = (await n.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + 40)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + 40, { steps: 4 })
    await page.mouse.up()
    const labels = await n.getAttribute('aria-valuenow')
    expect(Number(labels)).toBeLessThan(300)
    await page.getByRole('button', { name: 'BALD', exact: true }).click()
    // one chart, then the other
    await page.locator('#presenter').focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: 'Learning curves', pressed: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => charts(page).getAttribute('aria-label')).toMatch(/^Accuracy by initial size/)
    await page.keyboard.press('Escape')
    await bar(page).waitFor({ state: 'detached' })
    await expect.poll(() => focus(page)).toBe(at)
    await expect.poll(() => scroll(page)).toBe(y)
    expect(await sizes()).toEqual(['30', '50', '70', '100', '200'])
    expect(await n.getAttribute('aria-valuenow')).toBe(labels)
    await page.getByRole('button', { name: 'Show BALD in the charts', pressed: false }).waitFor()
    // neither the address nor a reload knows of it
    expect(await page.evaluate(() => location.hash)).toBe('')
    expect(errors).toEqual([])
  })

  it('goes through the steps of a lesson as a remote does, and leaves charts and dial their keys', async () => {
    const page = await open(await visitor({ viewport: { width: 1366, height: 768 } }), '#lesson=seeds')
    await page.locator('[data-origin=lesson]').waitFor()
    await enter(page)
    const step = (name: string) => bar(page).getByText(name, { exact: true }).waitFor()
    await step('One seed')
    for (const [key, name] of [
      ['PageDown', 'Another seed'],
      ['ArrowRight', 'All ten'],
      ['PageDown', 'All ten'],
      ['ArrowLeft', 'Another seed'],
      ['PageUp', 'One seed'],
      ['ArrowLeft', 'One seed']
    ]) {
      await page.keyboard.press(key)
      await step(name)
    }
    await bar(page)
      .getByRole('button', { name: /^Next step/ })
      .click()
    await step('Another seed')
    expect(await page.evaluate(() => location.hash)).toBe('#lesson=seeds.2')
    // a chart that was reached by keyboard has all of them
    const chart = charts(page).first()
    await page.keyboard.press('Tab')
    await chart.focus()
    const spoken = page.locator('.spoken').first()
    for (const key of ['ArrowRight', 'PageDown']) {
      const before = await spoken.innerText()
      await page.keyboard.press(key)
      await expect.poll(async () => (await spoken.innerText()) !== before).toBe(true)
    }
    await step('Another seed')
    // one that was pressed lets go of a remote's
    await chart.click({ position: { x: 120, y: 90 } })
    await page.keyboard.press('PageDown')
    await step('All ten')
    // another lesson, from the list
    await bar(page)
      .getByRole('button', { name: /^Lessons/ })
      .press('Enter')
    await page.keyboard.press('Escape')
    await bar(page)
      .getByRole('button', { name: /^Lessons/ })
      .press('Enter')
    await page.getByRole('link', { name: 'What if some classes are rare?' }).press('Enter')
    await page.getByRole('heading', { name: 'What if some classes are rare?' }).waitFor()
    await expect.poll(() => flaws(page)).toEqual([])
    await page.keyboard.press('Alt+p')
    await bar(page).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Close the lesson' }).waitFor()
    expect(errors).toEqual([])
  })

  it('has the whole screen where the browser gives it, and is left with it', async () => {
    const page = await open(await visitor())
    await panels(page).first().waitFor()
    await enter(page)
    const whole = () => page.evaluate(() => document.fullscreenElement?.localName)
    await expect.poll(whole).toBe('html')
    await page.evaluate(() => document.exitFullscreen())
    await bar(page).waitFor({ state: 'detached' })
    await enter(page)
    await expect.poll(whole).toBe('html')
    await bar(page).getByRole('button', { name: 'Leave' }).click()
    await expect.poll(whole).toBeUndefined()
  })

  it('does without it, and without what cannot be loaded', async () => {
    const context = await visitor()
    await context.addInitScript(() => {
      Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused'))
    })
    let cut = true
    await context.route('**/assets/stage-*.js', route => (cut ? route.abort() : route.continue()))
    const page = await open(context)
    await panels(page).first().waitFor()
    await page.keyboard.press('Alt+p')
    await page.getByText(/^A part of the page could not be loaded/).waitFor()
    expect(await bar(page).count()).toBe(0)
    cut = false
    await page.reload()
    await panels(page).first().waitFor()
    await enter(page)
    await page.keyboard.press('Escape')
    await bar(page).waitFor({ state: 'detached' })
  })

  it('is not offered where there is no room for it; its keys say why', async () => {
    const page = await open(await visitor({ viewport: { width: 390, height: 844 } }))
    await panels(page).first().waitFor()
    expect(await page.getByRole('button', { name: 'Presenter view' }).count()).toBe(0)
    await page.keyboard.press('Alt+p')
    const why = page.getByText(/^The presenter view needs a window of at least 900 × 500 pixels\./)
    await why.waitFor()
    expect(await bar(page).count()).toBe(0)
    // and it is no longer said where there is
    await page.setViewportSize({ width: 900, height: 500 })
    await enter(page)
    expect(await why.count()).toBe(0)
  })
})
