/** Which requests the service worker answers, and how. */
import { describe, expect, it } from 'vitest'
import { answerTo } from '../../src/offline/answers.ts'

const scope = 'https://host.example/some/dal/'
const paths = new Set(['index.html', 'favicon.svg', 'assets/index-abc.js'])
const to = (path: string, method = 'GET') =>
  answerTo({ method, url: new URL(path, scope).href }, scope, paths)

describe('the service worker', () => {
  it.each(['', 'index.html', '?from=mail', '#lesson=cycles.2', 'index.html?x#c1.abc'])(
    'asks the host for the page first: %s',
    path => expect(to(path)).toEqual({ way: 'newest', address: `${scope}index.html` })
  )

  it('asks the host first for what has a plain name', () => {
    expect(to('favicon.svg')).toEqual({ way: 'newest', address: `${scope}favicon.svg` })
  })

  it.each(['assets/index-abc.js', 'assets/of-another-version.js'])(
    'takes what is named by its content from what is kept, of whatever version: %s',
    path => expect(to(path)).toEqual({ way: 'kept', address: scope + path })
  )

  it.each([
    ['another copy of the page, deeper down', 'next/'],
    ['its files', 'next/assets/index-abc.js'],
    ['a file that is not the page’s', 'data.npz'],
    ['what lies above', '../'],
    ['a folder that begins alike', '../dal2/assets/index-abc.js'],
    ['another host', 'https://other.example/some/dal/assets/index-abc.js']
  ])('leaves alone %s', (_, path) => expect(to(path)).toBeUndefined())

  it('leaves alone what is not a plain request for a file', () => {
    expect(to('', 'POST')).toBeUndefined()
    expect(to('assets/index-abc.js', 'HEAD')).toBeUndefined()
  })
})
