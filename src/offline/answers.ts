/**
 * Which requests the service worker answers, and how. What lies under assets/ has a name that its content gives it, so what
 * is kept of it is right for whatever page asks. The page itself and the few files with plain names (its icons) are asked of
 * the host first: online it is always the newest page that opens. All else is left alone, other copies of the page that lie
 * deeper in the scope too.
 */
export const PAGE = 'index.html'

export interface Answer {
  /** kept: the host is asked only for what is not here; newest: what is here is for when the host does not answer */
  way: 'kept' | 'newest'
  /** under which address the file is kept */
  address: string
}

export const isNamedByContent = (path: string): boolean => path.startsWith('assets/')

/** `scope`: the folder of the page; `paths`: of the files that come with it, from there. */
export function answerTo(
  { method, url }: Pick<Request, 'method' | 'url'>,
  scope: string,
  paths: ReadonlySet<string>
): Answer | undefined {
  const { origin, pathname } = new URL(url)
  const whole = origin + pathname
  if (method !== 'GET' || !whole.startsWith(scope)) return undefined
  const path = whole.slice(scope.length) || PAGE
  const address = scope + path
  if (isNamedByContent(path)) return { way: 'kept', address }
  return paths.has(path) ? { way: 'newest', address } : undefined
}
