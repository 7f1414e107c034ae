import { describe, expect, it } from 'vitest'
import { fromTransfer } from '../../src/ui/gather.ts'

interface Item {
  kind: string
  webkitGetAsEntry?: () => Partial<FileSystemEntry> | null
  getAsFile: () => File | null
}
const transferOf = (...items: Item[]) => ({ items }) as unknown as DataTransfer
const fileOf = (name: string): Item => ({ kind: 'file', getAsFile: () => new File(['x'], name) })
const pathsOf = async (transfer: DataTransfer) =>
  (await fromTransfer(transfer, () => {})).map(({ path }) => path)

describe('what is dropped or pasted', () => {
  it('is taken as files, also where their entries cannot be opened', async () => {
    const entry = {
      isFile: true,
      isDirectory: false,
      file: (_: unknown, refused: (error: Error) => void) => refused(new Error('on no disk'))
    }
    const pasted = { ...fileOf('image.png'), webkitGetAsEntry: () => entry }
    const text = { kind: 'string', getAsFile: () => null }
    expect(await pathsOf(transferOf(pasted, text, pasted))).toEqual(['image.png', 'image-2.png'])
    expect(await pathsOf(transferOf(fileOf('plain.csv')))).toEqual(['plain.csv'])
  })

  it('in folders has the paths in them', async () => {
    const inner = {
      isFile: true,
      isDirectory: false,
      fullPath: '/pets/cats/1.png',
      file: (found: (file: File) => void) => found(new File(['x'], '1.png'))
    }
    const portions = [[inner], []]
    const folder = {
      isFile: false,
      isDirectory: true,
      fullPath: '/pets',
      createReader: () => ({ readEntries: (found: (some: unknown[]) => void) => found(portions.shift()!) })
    }
    // as a file a folder has no content
    const dropped = { ...fileOf('pets'), webkitGetAsEntry: () => folder }
    expect(await pathsOf(transferOf(dropped as unknown as Item))).toEqual(['pets/cats/1.png'])
  })
})
