/** The list of files that the service worker keeps. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { shippedFiles } from '../../scripts/serviceWorker.ts'

it('names all files but the worker with the hash of each, the page last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dal-page-'))
  for (const path of ['index.html', 'sw.js', 'assets/b.js', 'assets/a/c.json', 'icon.png']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path === 'icon.png' ? '' : path)
  }
  const files = shippedFiles(`${folder}/`)
  rmSync(folder, { recursive: true })
  expect(files.map(([path]) => path)).toEqual(['assets/a/c.json', 'assets/b.js', 'icon.png', 'index.html'])
  // SHA-256 of nothing
  expect(files[2][1]).toBe('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
  expect(new Set(files.map(([, integrity]) => integrity)).size).toBe(4)
})
