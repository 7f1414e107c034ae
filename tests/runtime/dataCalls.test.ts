/** Calls across a channel: answers, errors, progress, and calls that are called off. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/store/index.ts'
import { dataCalls } from '../../src/runtime/client/data.ts'
import type { DataAnswer, DataCalls, DataRequest, Following } from '../../src/runtime/dataProtocol.ts'
import { serveData } from '../../src/runtime/dataServer.ts'
import { dataService } from '../../src/runtime/dataService.ts'
import { channel } from '../support/ports.ts'

type Call = (...values: unknown[]) => Promise<unknown>

/** A page and a worker that does what the test says when asked to `list` or `remove`. */
function connected(service: { list?: Call; remove?: Call }) {
  const { page, worker } = channel<DataRequest, DataAnswer>()
  serveData(worker, Promise.resolve(service as unknown as DataCalls))
  return { calls: dataCalls(() => page) as unknown as Record<'list' | 'remove', Call>, page }
}

const turn = () => new Promise(resolve => setTimeout(resolve, 5))

describe('a call', () => {
  it('is answered under its own number, whatever the order of the answers', async () => {
    const open: ((value: unknown) => void)[] = []
    const { calls } = connected({ list: () => new Promise(resolve => open.push(resolve)) })
    const [a, b] = [calls.list(), calls.list()]
    await turn()
    open[1]('second')
    open[0]('first')
    expect(await Promise.all([a, b])).toEqual(['first', 'second'])
  })

  it('is refused with the code and parameters of the error', async () => {
    const error = Object.assign(new Error('text'), { code: 'oneClass', parameters: { file: 'y' } })
    const { calls } = connected({ list: () => Promise.reject(error) })
    await expect(calls.list()).rejects.toMatchObject({ code: 'oneClass', parameters: { file: 'y' } })
  })

  it('tells its progress to whoever follows it, the first word at once and never after the answer', async () => {
    const seen: unknown[] = []
    const { calls } = connected({
      remove: async (name, following) => {
        const { progress } = following as Following
        for (let done = 1; done <= 1000; done++) progress!({ name, done })
        return 'removed'
      }
    })
    expect(await calls.remove('x', { progress: (state: unknown) => seen.push(state) })).toBe('removed')
    expect(seen[0]).toEqual({ name: 'x', done: 1 })
    expect(seen.length).toBeLessThan(10)
    const before = seen.length
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(seen).toHaveLength(before)
  })

  it('that is called off rejects at once, and the worker is told', async () => {
    let stopped = false
    const { calls } = connected({
      list: (following: unknown) =>
        new Promise((_, reject) => {
          const { signal } = following as Required<Following>
          signal.addEventListener('abort', () => {
            stopped = true
            reject(signal.reason)
          })
        })
    })
    const off = new AbortController()
    const call = calls.list({ signal: off.signal })
    await turn()
    off.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await turn()
    expect(stopped).toBe(true)
    await expect(calls.list({ signal: off.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('of files that is called off while its answer is on the way is discarded', async () => {
    const service = dataService(memoryStore().datasets, () => 1)
    const { page, worker } = channel<DataRequest, DataAnswer>()
    const off = new AbortController()
    const post: typeof worker.post = (answer, transfer) => {
      worker.post(answer, transfer)
      if (answer.number === 1 && 'value' in answer) off.abort()
    }
    serveData({ ...worker, post }, Promise.resolve(service as DataCalls))
    const calls = dataCalls(() => page)
    const row = (i: number) => [i % 2, ...Array.from({ length: 64 }, (_, j) => (i * j) % 256)]
    const csv = Array.from({ length: 60 }, (_, i) => row(i).join()).join('\n')
    const files = [{ name: 'a.csv', blob: new Blob([csv]) }]
    const call = calls.importFiles(files, undefined, { signal: off.signal })
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await turn()
    const { choices } = await service.importFiles(files)
    await expect(service.plan(1, choices)).rejects.toMatchObject({ code: 'importGone' })

    // and one that is called off when all is read already
    const late = new AbortController()
    const read = service.importFiles(files, undefined, { progress: () => late.abort(), signal: late.signal })
    await expect(read).rejects.toMatchObject({ name: 'AbortError' })
    await expect(service.plan(3, choices)).rejects.toMatchObject({ code: 'importGone' })
  })

  it('is rejected when the worker dies, and the next one gets a new worker', async () => {
    const ends: ReturnType<typeof channel<DataRequest, DataAnswer>>[] = []
    const calls = dataCalls(() => {
      const end = channel<DataRequest, DataAnswer>()
      ends.push(end)
      const list = () => (ends.length === 1 ? new Promise(() => {}) : Promise.resolve([]))
      serveData(end.worker, Promise.resolve({ list } as unknown as DataCalls))
      return end.page
    })
    const call = calls.list()
    await turn()
    ends[0].page.fail('gone')
    await expect(call).rejects.toMatchObject({ code: 'workerFailed' })
    expect(await calls.list()).toEqual([])
  })
})
