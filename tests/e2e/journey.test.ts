/** A newcomer's way through the built page, with real training: run, change, reload, share, re-run. */
import type { Page } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { finished, linkTo, numbersOf, panels, runHere, someDone, tiny } from './experiments.ts'

describe('journey', () => {
  const { visitor, open, errors } = useBrowser()

  it('opens with the finished sample on screen, marked as computed earlier', async () => {
    const page = await open(await visitor())
    await page
      .getByText(/computed earlier/i)
      .first()
      .waitFor()
    await expect.poll(() => panels(page).count()).toBe(4)
    expect(await numbersOf(page, 'Learning curves')).toMatch(/Random/)
  })

  it('loads one language beside the page, the other when it is switched to; one that does not come changes nothing', async () => {
    const context = await visitor({ locale: 'ja-JP' })
    const asked: string[] = []
    let cut = true
    await context.route(/assets\/(en|ja)-/, route => {
      const [, locale] = /assets\/(en|ja)-/.exec(route.request().url())!
      asked.push(locale)
      return locale === 'en' && cut ? route.abort() : route.continue()
    })
    const page = await context.newPage()
    await page.goto(inject('site'))
    await page.getByRole('heading', { name: 'DALプレイグラウンド' }).waitFor()
    await page.getByRole('application').first().waitFor()
    expect(asked).toEqual(['ja'])
    await page.getByRole('button', { name: /English/ }).click()
    await page.getByText(/^ページの一部を読み込めませんでした/).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('ja')
    cut = false
    await page.getByRole('button', { name: /English/ }).click()
    await page.getByRole('heading', { name: 'DAL Playground' }).waitFor()
    // what was chosen is what a reload asks for, and at once
    asked.length = 0
    await page.reload()
    await page.getByRole('heading', { name: 'DAL Playground' }).waitFor()
    await page.getByRole('application').first().waitFor()
    expect(asked).toEqual(['en'])
    // a language that does not come leaves the page in the other one
    cut = true
    await page.reload()
    await page.getByText(/^ページの一部を読み込めませんでした/).waitFor()
  })

  it('runs, is shared with its results, and is re-run by the reader with the same curves', async () => {
    const context = await visitor()
    const page = await open(context, await linkTo(tiny))
    await runHere(page)
    await finished(page)
    const numbers = await numbersOf(page, 'Learning curves')
    // a link carries no records, and so no classes
    const inLinks = await numbersOf(page, 'Learning curves', 6)
    expect(numbers.split('\n').length).toBeGreaterThan(6)

    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('radio', { name: /With its results/ }).check()
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied.').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toMatch(/#r1\./)

    // where all of it was computed, a link to the experiment finds it there
    const anew = await open(context, await linkTo(tiny))
    const run = (page: Page) => page.getByRole('region', { name: 'Computing' })
    await run(anew)
      .getByText(/^All of this experiment has been computed here\./)
      .waitFor()
    expect(await anew.getByRole('button', { name: 'Run this experiment here' }).count()).toBe(0)
    expect(await numbersOf(anew, 'Learning curves')).toBe(numbers)
    // as after a finished run, more seeds of it are a press away; how long they take is known from these
    await run(anew)
      .getByText(/ These take \d+ more trainings, about \d/)
      .waitFor()
    await run(anew).getByRole('button', { name: 'Continue to 10 seeds' }).click()
    await someDone(anew, 1)
    await anew.close()

    const reader = await open(await visitor(), new URL(link).hash)
    await run(reader)
      .getByText(/^This link contains an experiment with its results\. Run it here to check them\./)
      .waitFor()
    // it is what is offered first, and not the demo
    expect(await run(reader).locator('.primary').allTextContents()).toEqual(['Run this experiment here'])
    await reader.getByText(/^Shared by link\. Its numbers have not been checked/).waitFor()
    expect(await numbersOf(reader, 'Learning curves', 6)).toBe(inLinks)
    await reader.getByRole('button', { name: 'Run it again here' }).click()
    await finished(reader)
    expect(await numbersOf(reader, 'Learning curves')).toBe(numbers)
    await reader.getByText(/^What was computed here: all \d+ points are the same as in the link\.$/).waitFor()
    // and it is no longer said of the link's curves that nobody has
    await reader.getByRole('button', { name: 'From the link' }).click()
    await reader.getByText('Shared by link.', { exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  it('keeps curves beside those of another setting, with the difference in the numbers', async () => {
    const page = await open(await visitor(), await linkTo({ ...tiny, firstSeed: 80 }))
    await runHere(page)
    await finished(page)
    await page.getByRole('button', { name: 'Keep these curves for comparison' }).click()
    await page.getByText(/^Kept for comparison in this tab/).waitFor()
    await page.getByText('More settings').click()
    await page.getByRole('combobox', { name: 'Training mode' }).selectOption('warm')
    await page.getByText(/^Thin lines, kept for comparison: Training mode: from scratch\.$/).waitFor()
    await finished(page)
    const notes = page.getByText('Thin lines: the curves kept for comparison (Training mode: from scratch).')
    await expect.poll(() => notes.count()).toBe(2)
    const [head, ...rows] = (await numbersOf(page, /^Initial size and accuracy/)).split('\n')
    expect(head).toMatch(/Kept curves.*Against kept/)
    for (const row of rows) expect(row).toMatch(/\d%.*\d%/)
    // a reload finds both again, with the differences
    await page.reload()
    await expect.poll(() => notes.count()).toBe(2)
    expect((await numbersOf(page, /^Initial size and accuracy/)).split('\n')).toEqual([head, ...rows])
    await page.getByRole('button', { name: 'Stop comparing' }).click()
    await expect.poll(() => notes.count()).toBe(0)
    await page.reload()
    await page.getByText('Computed here, in this browser.').waitFor()
    expect(await page.getByRole('button', { name: 'Keep these curves for comparison' }).count()).toBe(1)
    expect(errors).toEqual([])
  })

  it('takes a result out of a file: it is announced, and in view', async () => {
    const page = await open(await visitor())
    await page.locator('main input[type=file]').first().setInputFiles('src/lessons/results/sample.json')
    await page
      .getByText(/^Results opened from sample\.json: Digits, initial sizes 20, 50/)
      .waitFor({ state: 'attached' })
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('curves')
    const top = () => page.locator('#curves').evaluate(e => e.getBoundingClientRect().top)
    await expect.poll(async () => Math.abs(await top())).toBeLessThan(24)
    expect(errors).toEqual([])
  })

  it('goes on after a reload in the middle, and ends with the curves of an undisturbed run', async () => {
    const link = await linkTo({ ...tiny, firstSeed: 5 })
    const calm = await open(await visitor(), link)
    await runHere(calm)
    await finished(calm)
    const undisturbed = await numbersOf(calm, 'Learning curves')

    const context = await visitor()
    const page = await open(context, link)
    await runHere(page)
    await someDone(page, 4)
    await page.goto('about:blank')
    await page.goto(inject('site'))
    await page.getByRole('button', { name: 'Continue it' }).click()
    await finished(page)
    expect(await numbersOf(page, 'Learning curves')).toBe(undisturbed)
  })

  it('is gone on with in one tab only', async () => {
    const context = await visitor()
    const first = await open(context, await linkTo({ ...tiny, firstSeed: 40, seeds: 20 }))
    await runHere(first)
    await someDone(first, 1)
    const second = await open(context)
    await second.getByText('Another tab is computing this experiment.').waitFor()
    expect(await second.getByRole('button', { name: 'Continue it' }).count()).toBe(0)
    await first.close()
    await second.getByRole('button', { name: 'Continue it' }).waitFor()
  })

  it('takes another initial size while trainings go on, pauses and goes on, in two languages', async () => {
    const page = await open(await visitor(), await linkTo({ ...tiny, firstSeed: 9, seeds: 3 }))
    await runHere(page)
    await someDone(page, 2)
    await page.getByRole('button', { name: 'Initial size 30', exact: true }).click()
    await panels(page).filter({ hasText: 'from 30' }).waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused.').first().waitFor()
    await page.getByRole('button', { name: /日本語/ }).click()
    await page.getByRole('button', { name: '再開' }).click()
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('ja')
    await page.getByRole('button', { name: /English/ }).click()
    await finished(page)
    expect(await panels(page).allTextContents()).toEqual(['from 10', 'from 20', 'from 30'])
    // going back is a look-up: nothing is trained, so it is finished at once
    await page.getByRole('button', { name: 'Initial size 30', exact: true }).click()
    await expect.poll(() => panels(page).count()).toBe(2)
    await finished(page)
  })

  it('cancelling keeps what was finished, on screen too after a reload', async () => {
    const page = await open(await visitor(), await linkTo({ ...tiny, firstSeed: 20, seeds: 5 }))
    await runHere(page)
    await someDone(page, 3)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page
      .getByText(/Cancelled/)
      .first()
      .waitFor()
    const numbers = await numbersOf(page, 'Learning curves')
    expect(numbers).toMatch(/\d\d\.\d/)
    // of another experiment it is not said
    await page.getByRole('button', { name: 'Initial size 30', exact: true }).click()
    await page.getByText(/^The curves on screen belong to another experiment/).waitFor()
    expect(await page.getByText(/Cancelled/).count()).toBe(0)
    await page.getByRole('button', { name: 'Undo the changes' }).click()
    await page.reload()
    await page.getByText('Computed here, in this browser.').waitFor()
    expect(await numbersOf(page, 'Learning curves')).toBe(numbers)
    await page.getByRole('button', { name: 'Run a demo here' }).waitFor()
    expect(await page.getByRole('button', { name: 'Continue it' }).count()).toBe(0)
  })
})

describe('edits', () => {
  const { visitor, open } = useBrowser()

  it.each([
    ['the sample', 'sample', async () => ''],
    ['a link', 'link', () => linkTo(tiny)]
  ])('of %s outlive a reload, are what is shared, and can be left', async (_name, from, hashOf) => {
    const context = await visitor()
    const hash = await hashOf()
    const page = await open(context, hash)
    await page.getByText(/computed earlier/i).waitFor()
    const seeds = page.getByRole('spinbutton', { name: 'Seeds', exact: true })
    const before = await seeds.inputValue()
    const again = page.getByRole('button', { name: `Start from the ${from} again` })
    expect(await again.count()).toBe(0)
    await seeds.fill('7')
    await seeds.press('Enter')
    await again.waitFor()
    await page.reload()
    await again.waitFor()
    expect(await seeds.inputValue()).toBe('7')

    await page.getByRole('button', { name: 'Share' }).click()
    expect(await page.getByRole('radio', { name: /The experiment only/ }).isChecked()).toBe(true)
    await page
      .getByText(/^Your changes are not included\. The link contains the results on screen \(Sample: /)
      .waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: 'Link' }).inputValue()).toMatch(/#c1\./)
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue()
    await page.keyboard.press('Escape')
    const reader = await open(await visitor(), new URL(link).hash)
    await reader.getByText('This link contains an experiment').waitFor()
    expect(await reader.getByRole('spinbutton', { name: 'Seeds', exact: true }).inputValue()).toBe('7')

    // opened anew, the address shows what it says
    await page.goto('about:blank')
    await page.goto(inject('site') + hash)
    await page.getByText(/computed earlier/i).waitFor()
    await expect.poll(() => seeds.inputValue()).toBe(before)
    await seeds.fill('7')
    await seeds.press('Enter')
    await again.press('Enter')
    await expect.poll(() => seeds.inputValue()).toBe(before)
    await page.reload()
    await page.getByText(/computed earlier/i).waitFor()
    expect([await seeds.inputValue(), await again.count()]).toEqual([before, 0])
  })
})

describe('links that are not right', () => {
  const { visitor, open } = useBrowser()
  it.each([
    ['cut off', async () => (await linkTo(tiny)).slice(0, -12)],
    [
      'changed on the way',
      async () => (await linkTo(tiny)).replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`)
    ],
    ['of a later version', async () => '#r9.AAAA~abcdef'],
    ['nonsense', async () => '#r1.%%%<script>alert(1)</script>']
  ])('%s: a message, and the page goes on', async (_name, link) => {
    const page = await open(await visitor(), await link())
    await expect
      .poll(() => page.getByRole('region', { name: 'Messages' }).innerText())
      .toMatch(/link|later version/i)
    expect(await page.getByRole('button', { name: 'Run a demo here' }).isEnabled()).toBe(true)
  })
})
