/** What two tabs of one browser keep from each other: two stores on the same databases, with the locks of a browser. */
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startExperiment } from '../../src/core/experiment/table.ts'
import { openStore } from '../../src/store/index.ts'
import { turnAtEncoder, whenNobodyImports, whileImporting } from '../../src/store/locks.ts'
import { WebLocks } from '../support/webLocks.ts'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('navigator', { locks: new WebLocks() })
})
afterEach(() => vi.unstubAllGlobals())

/** Turns of the event loop in which whatever can happen does. */
const settled = () => new Promise(resolve => setTimeout(resolve, 5))

/** Work that ends when it is let go. */
function lasting() {
  let end = () => {}
  const ended = new Promise<void>(resolve => (end = resolve))
  return { work: () => ended.then(() => 7), end: () => end() }
}

const mine = { ...startExperiment, seeds: 7 }
const its = { ...startExperiment, seeds: 9 }

describe('the session', () => {
  it('is that of the tab which computes, until it is done', async () => {
    const [tab, other] = [(await openStore()).session, (await openStore()).session]
    expect([await tab.busy(), await other.busy()]).toEqual([false, false])
    await tab.put(mine)
    expect([await tab.busy(), await other.busy()]).toEqual([true, true])
    expect([await tab.claim(), await other.claim()]).toEqual([true, false])
    // the other neither replaces it nor throws it away
    await other.put(its)
    await other.clear()
    expect(await other.get()).toEqual(mine)
    let free = false
    const told = other.free().then(() => (free = true))
    await settled()
    expect(free).toBe(false)

    await tab.clear()
    await told
    expect(await other.get()).toBeUndefined()
    expect(await tab.busy()).toBe(false)
    await other.put(its)
    expect(await tab.get()).toEqual(its)
    expect(await tab.claim()).toBe(false)
  })

  it('stays with a tab that begins the next before the last is cleared away', async () => {
    const [tab, other] = [(await openStore()).session, (await openStore()).session]
    await tab.put(mine)
    await Promise.all([tab.clear(), tab.put(its)])
    expect(await tab.get()).toEqual(its)
    expect(await other.claim()).toBe(false)
  })

  it('is everybody’s where there are no locks, or the browser refuses them', async () => {
    const refuse = async () => {
      throw new DOMException('not allowed', 'SecurityError')
    }
    for (const locks of [undefined, { request: refuse, query: refuse }]) {
      vi.stubGlobal('navigator', { locks })
      const [tab, other] = [(await openStore()).session, (await openStore()).session]
      expect([await tab.claim(), await other.claim(), await tab.busy()]).toEqual([true, true, false])
      await tab.put(mine)
      await tab.free()
      await other.clear()
      expect(await tab.get()).toBeUndefined()
    }
  })
})

describe('sweeping', () => {
  it('waits for a time when nobody imports; who imports waits for nobody who does', async () => {
    const [one, two] = [lasting(), lasting()]
    const imports = [whileImporting(one.work), whileImporting(two.work)]
    await settled()
    const sweep = vi.fn(async () => 3)
    expect(await whenNobodyImports(sweep)).toBe(0)
    two.end()
    expect(await imports[1]).toBe(7)
    expect(await whenNobodyImports(sweep)).toBe(0)
    one.end()
    await imports[0]
    expect(sweep).not.toHaveBeenCalled()
    expect(await whenNobodyImports(sweep)).toBe(3)
  })
})

describe('an encoder', () => {
  const never = new AbortController().signal

  it('is made by one at a time, others meanwhile', async () => {
    const done = await turnAtEncoder('a', never)
    let came = false
    const next = turnAtEncoder('a', never).then(end => {
      came = true
      return end
    })
    ;(await turnAtEncoder('b', never))()
    await settled()
    expect(came).toBe(false)
    done()
    ;(await next)()
    ;(await turnAtEncoder('a', never))()
  })

  it('is not waited for any longer when that is called off, and those behind come up', async () => {
    const done = await turnAtEncoder('a', never)
    const calling = new AbortController()
    const impatient = turnAtEncoder('a', calling.signal)
    const patient = turnAtEncoder('a', never)
    calling.abort(new Error('another experiment'))
    await expect(impatient).rejects.toThrow('another experiment')
    done()
    ;(await patient)()
  })

  it('is made by everybody where there are no locks, or the browser refuses them', async () => {
    const refuse = async () => {
      throw new DOMException('not allowed', 'SecurityError')
    }
    for (const locks of [undefined, { request: refuse }]) {
      vi.stubGlobal('navigator', { locks })
      await turnAtEncoder('a', never)
      ;(await turnAtEncoder('a', never))()
    }
  })
})
