/** How a pretraining may change images: set with the data set, and the user's from then on. */
import { describe, expect, it } from 'vitest'
import { viewsSuiting } from '../../src/core/experiment/parts.ts'
import { catalogue } from '../../src/data/hub/catalogue.ts'
import type { StoredDataset } from '../../src/runtime/client/types.ts'
import { openApp, preview } from './fakes.ts'

const set = (n: number, channels: number, views?: 'signs'): StoredDataset => ({
  ...preview,
  fingerprint: String(n).repeat(64),
  storedAt: 0,
  shape: { height: 32, width: 32, channels },
  ...(views && { views })
})
const [grey, colour, numbers] = [set(1, 1), set(2, 3), set(3, 3, 'signs')]

describe('views', () => {
  it('are signs for grey images and what is drawn here, pictures for colour, and what is known of a set', async () => {
    const { app } = await openApp()
    const views = () => app.draft.experiment.pretrainingViews
    app.useDataset(colour)
    expect(views()).toBe('pictures')
    app.useDataset(numbers)
    expect(views()).toBe('signs')
    app.useDataset(colour)
    app.useDataset(grey)
    expect(views()).toBe('signs')
    app.useDataset(colour)
    app.useBuiltIn('shapes')
    expect([views(), app.draft.experiment.source]).toEqual(['signs', { kind: 'synthetic', id: 'shapes' }])
  })

  it('stay as the user chose them until another set is chosen', async () => {
    const { app } = await openApp()
    app.useDataset(colour)
    app.edit({ pretrainingViews: 'signs' })
    app.useDataset(colour)
    expect(app.draft.experiment.pretrainingViews).toBe('signs')
    app.useDataset(numbers)
    app.useDataset(colour)
    expect(app.draft.experiment.pretrainingViews).toBe('pictures')
    app.useBuiltIn('digits')
    app.edit({ pretrainingViews: 'pictures' })
    app.useBuiltIn('digits')
    expect(app.draft.experiment.pretrainingViews).toBe('pictures')
  })

  it('that the catalogue knows are stored with what was downloaded, and with nothing else', async () => {
    const { app, laboratory } = await openApp()
    const kept: unknown[] = []
    const keep = laboratory.data.keep
    laboratory.data.keep = (id, choices, ...rest) => {
      kept.push(choices.views)
      return keep(id, choices, ...rest)
    }
    await app.catalogue.get('house-numbers', 'signs')
    await app.keepImport()
    await app.catalogue.get('cifar-10')
    await app.keepImport()
    await app.catalogue.get('house-numbers', 'signs')
    await app.readFiles([{ name: 'x', blob: new Blob() }])
    await app.keepImport()
    expect(kept).toEqual(['signs', undefined, undefined])
  })

  it('are those of grey images where these were brought to colour', async () => {
    const { app, laboratory } = await openApp()
    const kept: unknown[] = []
    const { keep, importFiles } = laboratory.data
    laboratory.data.keep = (id, choices, ...rest) => {
      kept.push(choices.views)
      return keep(id, choices, ...rest)
    }
    for (const channels of [1, 3]) {
      laboratory.data.importFiles = async (files, options) => {
        const read = await importFiles(files, options)
        const shape = { ...read.found.shape, channels: options?.colour === 'colour' ? 3 : channels }
        return { ...read, found: { ...read.found, shape } }
      }
      await app.readFiles([{ name: 'x', blob: new Blob() }])
      await app.library.importing!.read({ fit: 'crop', colour: 'colour' })
      await app.keepImport()
    }
    expect(kept).toEqual(['signs', undefined])
  })

  it('suit every set of the catalogue', () => {
    const of = (id: string) => {
      const { shape, views } = catalogue.find(set => set.id === id)!
      const [height, width, channels] = shape
      return viewsSuiting({ shape: { height, width, channels }, views })
    }
    expect(['mnist', 'kmnist', 'fashion-mnist', 'cifar-10', 'pathmnist'].map(of)).toEqual([
      'signs',
      'signs',
      'signs',
      'pictures',
      'pictures'
    ])
  })
})
