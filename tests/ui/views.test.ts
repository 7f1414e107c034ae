/** How a pretraining may change images: set with the data set, and the user's from then on. */
import { describe, expect, it } from 'vitest'
import { viewsSuiting } from '../../src/core/storedDataset.ts'
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
/** of the catalogue: photographs of things and of tissue */
const COLOUR = ['cifar-10', 'pathmnist', 'dermamnist', 'retinamnist', 'bloodmnist']

const [grey, colour, numbers] = [set(1, 1), set(2, 3), set(3, 3, 'signs')]

describe('views', () => {
  it('are signs for grey images and what is drawn here, pictures for colour, and what is known of a set', async () => {
    const { app } = await openApp()
    const views = () => app.draft.experiment.pretrainingViews
    app.datasets.take(colour)
    expect(views()).toBe('pictures')
    app.datasets.take(numbers)
    expect(views()).toBe('signs')
    app.datasets.take(colour)
    app.datasets.take(grey)
    expect(views()).toBe('signs')
    app.datasets.take(colour)
    app.datasets.takeBuiltIn('shapes')
    expect([views(), app.draft.experiment.source]).toEqual(['signs', { kind: 'synthetic', id: 'shapes' }])
  })

  it('stay as the user chose them until another set is chosen', async () => {
    const { app } = await openApp()
    app.datasets.take(colour)
    app.edit({ pretrainingViews: 'signs' })
    app.datasets.take(colour)
    expect(app.draft.experiment.pretrainingViews).toBe('signs')
    app.datasets.take(numbers)
    app.datasets.take(colour)
    expect(app.draft.experiment.pretrainingViews).toBe('pictures')
    app.datasets.takeBuiltIn('digits')
    app.edit({ pretrainingViews: 'pictures' })
    app.datasets.takeBuiltIn('digits')
    expect(app.draft.experiment.pretrainingViews).toBe('pictures')
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
      await app.datasets.read([{ name: 'x', blob: new Blob() }])
      await app.library.importing!.read({ fit: 'crop', colour: 'colour' })
      await app.datasets.keepImport()
    }
    expect(kept).toEqual(['signs', undefined])
  })

  it('suit every set of the catalogue', () => {
    const signs = catalogue.filter(({ shape: [height, width, channels] }) => {
      return viewsSuiting({ shape: { height, width, channels } }) === 'signs'
    })
    expect(catalogue.filter(set => !signs.includes(set)).map(set => set.id)).toEqual(COLOUR)
  })
})
