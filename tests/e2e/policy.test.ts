/** The content security policy, tried from inside the page and from inside each worker of the built site. */
import type { Page, Worker } from 'playwright'
import { describe, expect, inject, it } from 'vitest'
import { hosts } from '../../src/data/hub/catalogue.ts'
import { useBrowser, workerNamed } from './browser.ts'
import { linkTo, tiny } from './experiments.ts'

/**
 * What code in this place can do, as a program text (the test runner would rewrite its import). It runs in a timer:
 * what the debugger evaluates directly is exempt from the policy's ban on eval.
 */
const attempt = (other: string) => `new Promise(resolve => setTimeout(async () => {
  const outcome = promise => promise.then(() => 'allowed', () => 'refused')
  resolve({
    fetched: await outcome(fetch(${JSON.stringify(other)}, { mode: 'no-cors' })),
    evaluated: await outcome((async () => new Function('return 1')())()),
    imported: await outcome(import(${JSON.stringify(other + 'module.js')}))
  })
}))`

interface Outcome {
  fetched: string
  evaluated: string
  imported: string
}

const REFUSED = { fetched: 'refused', evaluated: 'refused', imported: 'refused' }

async function workersOf(page: Page, count: number): Promise<Worker[]> {
  await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(count)
  return page.workers()
}

describe('policy', () => {
  const { visitor, open } = useBrowser()

  it('the test itself can tell: without a policy all of it is allowed', async () => {
    const page = await (await visitor()).newPage()
    await page.goto(inject('otherHost'))
    const outcome: Outcome = await page.evaluate(attempt(inject('otherHost')))
    expect(outcome).toEqual({ fetched: 'allowed', evaluated: 'allowed', imported: 'allowed' })
  })

  it('holds in the page', async () => {
    const page = await open(await visitor())
    expect(await page.evaluate(attempt(inject('otherHost')))).toEqual(REFUSED)
  })

  it('holds in every worker: data and training', async () => {
    const page = await open(await visitor())
    // opening the page starts the training workers; the preview of the data set starts the data worker
    const workers = await workersOf(page, 3)
    for (const worker of workers) expect(await worker.evaluate(attempt(inject('otherHost')))).toEqual(REFUSED)
  })

  it('holds in the workers of maps and of pretraining', async () => {
    const context = await visitor()
    // they end with their work: here they stay to be asked
    await context.addInitScript('Worker.prototype.terminate = () => {}')
    const small = { ...tiny, poolSize: 60, pretrainingEpochs: 1, pretrainingBatch: 32 }
    const page = await open(context, await linkTo(small))
    await page.locator('summary', { hasText: 'Maps of the pool' }).click()
    const map = page.getByRole('figure', { name: 'Embedding map' })
    await map.getByRole('application').waitFor()
    await map.getByText('UMAP', { exact: true }).click()
    const missing = page.getByRole('figure', { name: 'Dataset map' })
    await missing.getByRole('button', { name: 'Pretrain now' }).click()
    for (const name of ['map', 'pretraining']) {
      const worker = await workerNamed(page, name)
      expect(await worker.evaluate(attempt(inject('otherHost'))), name).toEqual(REFUSED)
    }
  })

  it('holds in a worker that a worker starts', async () => {
    const page = await open(await visitor())
    const code = `onmessage = async () => postMessage(await ${attempt(inject('otherHost'))})`
    const [worker] = await workersOf(page, 3)
    const outcome = await worker.evaluate(
      code =>
        new Promise(resolve => {
          const inner = new Worker(URL.createObjectURL(new Blob([code])))
          inner.onmessage = event => resolve(event.data)
          inner.postMessage(0)
        }),
      code
    )
    expect(outcome).toEqual(REFUSED)
  })

  it('lets the page and every worker reach the hosts of the catalogue', async () => {
    const context = await visitor()
    const answer = { body: '1', headers: { 'access-control-allow-origin': '*' } }
    await context.route(/^https:\/\/.*/, route => route.fulfill(answer))
    const page = await open(context)
    const places: { evaluate(code: string): Promise<unknown> }[] = [page, ...(await workersOf(page, 3))]
    for (const host of hosts) {
      const url = host.replace('*', 'region.cdn') + '/file'
      const reach = `fetch(${JSON.stringify(url)}).then(r => r.status, () => 'refused')`
      for (const place of places) expect(await place.evaluate(reach), url).toBe(200)
    }
  })

  it('asks no other host for anything', async () => {
    const context = await visitor()
    const hosts = new Set<string>()
    context.on('request', request => {
      const { protocol, host } = new URL(request.url())
      if (protocol.startsWith('http')) hosts.add(host)
    })
    const page = await open(context)
    await workersOf(page, 3)
    expect([...hosts]).toEqual([new URL(inject('site')).host])
  })
})
