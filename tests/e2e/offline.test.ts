/** The built page without its host: kept after one visit, and never in the way of a newer version. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { shippedFiles } from '../../scripts/serviceWorker.ts'
import { useBrowser } from './browser.ts'
import { finished, linkTo, runHere, tiny } from './experiments.ts'
import { portOf, PREFIX, serveFolder } from './site.ts'

const NEXT = '9.9.9'

/** Builds the page as its next version, which differs in a number, and so in the names of some of its files. */
function buildNext(folder: string): string {
  for (const part of ['src', 'public', 'scripts', 'index.html', 'vite.config.ts', 'svelte.config.js'])
    cpSync(part, join(folder, part), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction')
  const next = { ...JSON.parse(readFileSync('package.json', 'utf8')), version: NEXT }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(next))
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], {
    cwd: folder,
    encoding: 'utf8',
    // a page for people, not for the test runner
    env: { ...process.env, NODE_ENV: 'production', VITEST: '' }
  })
  if (status !== 0) throw new Error(stderr)
  return join(folder, 'dist')
}

describe('offline', () => {
  const { visitor, open, errors } = useBrowser()
  const folder = mkdtempSync(join(tmpdir(), 'dal-next-'))
  let next: string
  let server: Server
  let site: string

  beforeAll(async () => {
    next = buildNext(folder)
    server = await serveFolder('dist')
    site = `http://127.0.0.1:${portOf(server)}${PREFIX}`
  })
  afterAll(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const stop = () =>
    new Promise<unknown>(resolve => {
      server.close(resolve)
      server.closeAllConnections()
    })
  const serve = async (folder: string) => {
    server = await serveFolder(folder, PREFIX, Number(new URL(site).port))
  }

  const footer = (page: Page) => page.locator('body > #app > footer')
  const shown = (page: Page, origin: string) => page.locator(`[data-origin=${origin}]`).waitFor()
  const versionOf = async (page: Page) => /\d+\.\d+\.\d+/.exec(await footer(page).innerText())?.[0]
  /** paths of what is kept, from the page's folder, in all caches */
  const keptIn = (page: Page, scope: string) =>
    page.evaluate(async scope => {
      const caches = await Promise.all((await window.caches.keys()).map(name => window.caches.open(name)))
      const requests = await Promise.all(caches.map(cache => cache.keys()))
      return requests.flat().map(({ url }) => url.replace(scope, ''))
    }, scope)
  const pathsOf = (folder: string) => shippedFiles(folder).map(([path]) => path)

  it('opens, shows sample and lessons and trains without a network; a new version is there at the first load', async () => {
    const context = await visitor({ serviceWorkers: 'allow' })
    const first = await open(context, '', site)
    await footer(first).getByText('Ready for offline use.').waitFor()
    expect((await keptIn(first, site)).sort()).toEqual(pathsOf('dist').sort())

    await stop()
    // the tab of the first visit, which began before anything was kept
    await first.evaluate(() => (location.hash = '#lesson=imbalance'))
    await shown(first, 'lesson')
    await first.getByRole('button', { name: 'Close the lesson' }).click()
    await shown(first, 'sample')
    await first.reload()
    await shown(first, 'sample')
    expect(await versionOf(first)).toBe(version)
    const lesson = await open(context, '#lesson=cycles', site)
    await shown(lesson, 'lesson')
    const run = await open(context, await linkTo(tiny), site)
    await runHere(run)
    await finished(run)
    expect(errors).toEqual([])
    await run.close()

    // another version under the same address, the files of the old one gone
    await serve(next)
    const second = await open(context, '', site)
    // what was computed in this browser last
    await shown(second, 'live')
    expect(await versionOf(second)).toBe(NEXT)
    // an old tab goes on, with what it had not loaded yet
    await first.evaluate(() => (location.hash = '#lesson=luck'))
    await shown(first, 'lesson')
    await first.getByRole('button', { name: /日本語/ }).click()
    await expect.poll(() => first.locator('html').getAttribute('lang')).toBe('ja')

    // it is kept beside the old one, whose tab may still need it
    await expect
      .poll(() => second.evaluate(async () => !!(await navigator.serviceWorker.ready).waiting))
      .toBe(true)
    await stop()
    await second.reload()
    await shown(second, 'live')
    expect(await versionOf(second)).toBe(NEXT)
    for (const page of [first, lesson, second]) await page.close()

    // when no tab has the old one any more, it goes
    await serve(next)
    const third = await open(context, '#lesson=below', site)
    // a closed tab may be there for a moment yet
    const cameAnew = async () => {
      await third.goto('about:blank')
      await third.goto(`${site}#lesson=below`)
      await shown(third, 'lesson')
      return (await keptIn(third, site)).sort()
    }
    await expect.poll(cameAnew).toEqual(pathsOf(next).sort())
    await stop()
    await third.reload()
    await shown(third, 'lesson')
    expect(await versionOf(third)).toBe(NEXT)
    expect(errors).toEqual([])
    await serve(next)
  })
})
