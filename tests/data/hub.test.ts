/** The catalogue as data: what is in it holds together, and the policy lets the page reach all of it. */
import { describe, expect, it } from 'vitest'
import { catalogue, findSet, hosts } from '../../src/data/hub/catalogue.ts'
import { recognise } from '../../src/data/formats/knownSets.ts'
import { catalogues } from '../../src/i18n/catalogues.ts'
import { downloadService } from '../../src/runtime/downloads.ts'
import { memoryStore } from '../../src/store/index.ts'

const files = catalogue.flatMap(set => set.files)

describe('the catalogue', () => {
  it('has every id and every address once', () => {
    for (const list of [catalogue.map(set => set.id), files.map(file => file.url)])
      expect(new Set(list).size).toBe(list.length)
    for (const set of catalogue) expect(findSet(set.id)).toBe(set)
  })

  it('names checksums of the right length, sizes, classes and people', () => {
    for (const { hash, bytes } of files) {
      expect(hash.hex).toMatch(hash.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/)
      expect(bytes).toBeGreaterThan(1000)
    }
    for (const { classNames, attribution, images, page } of catalogue) {
      expect(new Set(classNames).size).toBe(classNames.length)
      expect(classNames.length).toBeGreaterThan(1)
      expect(attribution).not.toBe('')
      expect(Math.min(...images)).toBeGreaterThan(100)
      expect(page).toMatch(/^https:/)
    }
  })

  it('says what each set shows, in both languages', () => {
    const ids = catalogue.map(set => set.id).sort()
    for (const { catalogue: words } of Object.values(catalogues))
      expect(Object.keys(words.sets).sort()).toEqual(ids)
  })

  it('is recognised by the names of its files, with the classes it promises', () => {
    for (const { name, classNames, files: own } of catalogue.filter(set => set.id !== 'cifar-10')) {
      const known = recognise(
        own.map(file => file.name),
        classNames.map((_, c) => c)
      )
      expect([known?.name, known?.classNames]).toEqual([name, classNames])
    }
  })

  it('is reached over https at hosts that the policy lists', () => {
    for (const { url } of files) expect(hosts).toContain(new URL(url).origin)
    for (const host of hosts) expect(host).toMatch(/^https:\/\/(\*\.)?[a-z.]+$/)
  })
})

describe('what is here', () => {
  it('is told by set, and forgotten by set', async () => {
    const { downloads } = memoryStore()
    const service = downloadService(downloads, {
      fetch: () => Promise.reject(new TypeError('no network')),
      pause: async () => {},
      online: () => false,
      now: () => 0
    })
    const [first, second] = findSet('kmnist')!.files
    await downloads.append(first.url, 0, new ArrayBuffer(70), { total: 1000 }, 0)
    await downloads.append(second.url, 0, new ArrayBuffer(30), {}, 0)
    const rest = findSet('kmnist')!
      .files.slice(1)
      .reduce((sum, { bytes }) => sum + bytes, 0)
    expect(await service.downloads()).toEqual([{ id: 'kmnist', received: 100, total: 1000 + rest }])
    await expect(service.download('kmnist')).rejects.toMatchObject({ code: 'downloadOffline' })
    await service.forgetDownload('kmnist')
    expect(await service.downloads()).toEqual([])
    await expect(service.download('nothing')).rejects.toThrow('nothing')
  })
})
