/** The list of well-known data sets as the page keeps it: downloads, what stops them, what they hand on. */
import { describe, expect, it } from 'vitest'
import type { Following } from '../../src/runtime/dataProtocol.ts'
import type { DownloadState } from '../../src/runtime/client/types.ts'
import { FakeLaboratory, openApp } from './fakes.ts'

/** A laboratory whose downloads go as the test says. */
class Downloading extends FakeLaboratory {
  following: Following<DownloadState> = {}
  finish: (files: { name: string; blob: Blob }[]) => void = () => {}
  fail: (error: unknown) => void = () => {}
  parts: ({ id: string } & DownloadState)[] = []
  constructor() {
    super()
    this.data.downloads = async () => this.parts
    this.data.download = (_, following = {}) =>
      new Promise((resolve, reject) => {
        this.following = following
        this.finish = resolve
        this.fail = reject
        following.signal?.addEventListener('abort', () => reject(following.signal?.reason))
      })
  }
}

const files = [{ name: 'kmnist-train', blob: new Blob(['x']) }]
const open = () =>
  openApp(new Downloading()) as Promise<{
    app: Awaited<ReturnType<typeof openApp>>['app']
    laboratory: Downloading
  }>

describe('a download', () => {
  it('tells how far it is, and ends in the import dialog; stored, it is forgotten', async () => {
    const { app, laboratory } = await open()
    const got = app.catalogue.get('kmnist')
    expect(app.catalogue.active).toMatchObject({ id: 'kmnist', received: 0 })
    laboratory.following.progress!({ received: 5, total: 10 })
    expect(app.catalogue.active).toEqual({ id: 'kmnist', received: 5, total: 10 })
    expect(app.library.importing).toBeUndefined()
    laboratory.finish(files)
    await got
    expect(app.catalogue.active).toBeUndefined()
    expect(app.library.importing).toBeDefined()
    expect(laboratory.asked).not.toContain('forget kmnist')
    await app.datasets.keepImport()
    expect(laboratory.asked).toContain('forget kmnist')
  })

  it('that is stopped leaves what is here, and says nothing', async () => {
    const { app, laboratory } = await open()
    const got = app.catalogue.get('kmnist')
    laboratory.parts = [{ id: 'kmnist', received: 5, total: 10 }]
    app.catalogue.stop()
    await got
    expect(app.catalogue.problem).toBeUndefined()
    expect(app.catalogue.here.kmnist).toEqual({ received: 5, total: 10 })
    expect(app.library.importing).toBeUndefined()
    laboratory.parts = []
    await app.catalogue.forget('kmnist')
    expect(app.catalogue.here).toEqual({})
  })

  it('that fails says why beside its set, until it is tried again', async () => {
    const { app, laboratory } = await open()
    const got = app.catalogue.get('kmnist')
    laboratory.fail(Object.assign(new Error(), { code: 'downloadOffline', parameters: { file: 'x' } }))
    await got
    expect(app.catalogue.problem).toMatchObject({ id: 'kmnist', notice: { code: 'downloadOffline' } })
    void app.catalogue.get('kmnist')
    expect(app.catalogue.problem).toBeUndefined()
  })

  it('is not forgotten when what is stored are other files', async () => {
    const { app, laboratory } = await open()
    const got = app.catalogue.get('kmnist')
    laboratory.finish(files)
    await got
    await app.library.importing!.cancel()
    await app.datasets.read(files)
    await app.datasets.keepImport()
    expect(laboratory.asked).not.toContain('forget kmnist')
  })

  it.each([
    ['is stored', true],
    ['is read', false]
  ])('that ends while another set %s stays here until it is stored itself', async (_, storing) => {
    const { app, laboratory } = await open()
    const got = app.catalogue.get('kmnist')
    let kept = () => {}
    if (storing) {
      const { keep } = laboratory.data
      laboratory.data.keep = async (...values) => {
        await new Promise<void>(resolve => (kept = resolve))
        return keep(...values)
      }
      await app.datasets.read(files)
      const keeping = app.datasets.keepImport()
      laboratory.finish(files)
      await got
      kept()
      await keeping
    } else {
      // the user's files come while those of the download are being read, and take their place
      const { importFiles } = laboratory.data
      laboratory.data.importFiles = (_files, _options, following) =>
        new Promise((_, reject) =>
          following?.signal?.addEventListener('abort', () => reject(following.signal?.reason))
        )
      laboratory.finish(files)
      await expect.poll(() => app.library.importing).toBeDefined()
      laboratory.data.importFiles = importFiles
      await app.datasets.read(files)
      await got
      await app.datasets.keepImport()
    }
    expect(laboratory.asked).not.toContain('forget kmnist')
    expect(app.library.stored).toHaveLength(1)
  })

  it('is one at a time', async () => {
    const { app } = await open()
    void app.catalogue.get('kmnist')
    await app.catalogue.get('mnist')
    expect(app.catalogue.active).toMatchObject({ id: 'kmnist' })
  })
})
