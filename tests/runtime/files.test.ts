import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readFolder } from '../../src/runtime/node/files.ts'

it('a folder is all files in it and in its folders, named by their way from there; a file is itself', async () => {
  const root = await mkdtemp(join(tmpdir(), 'folder-'))
  try {
    await mkdir(join(root, 'train', 'cat'), { recursive: true })
    await mkdir(join(root, 'empty'))
    await writeFile(join(root, 'train', 'cat', '1.png'), 'cat')
    await writeFile(join(root, 'labels.csv'), 'x')
    const files = await readFolder(root)
    expect(files.map(f => f.name)).toEqual(['labels.csv', 'train/cat/1.png'])
    expect(await files[1].blob.text()).toBe('cat')
    expect((await readFolder(join(root, 'labels.csv'))).map(f => f.name)).toEqual(['labels.csv'])
  } finally {
    await rm(root, { recursive: true })
  }
})
