/**
 * Locks between the tabs of one browser, where there are locks. An import holds one, so that another tab does not sweep its
 * chunks away; the tab that computes an experiment holds the session's, so that no other offers to go on with it.
 */

const SESSION = 'dal-playground-session'
const LOCK = 'dal-playground-import'
const locks = () => (typeof navigator === 'undefined' ? undefined : navigator.locks)

export function whileImporting<T>(work: () => Promise<T>): Promise<T> {
  const manager = locks()
  return manager ? (manager.request(LOCK, { mode: 'shared' }, work) as Promise<T>) : work()
}

/** Does nothing, and says 0, while somebody imports. */
export function whenNobodyImports(work: () => Promise<number>): Promise<number> {
  const manager = locks()
  if (!manager) return work()
  return manager.request(LOCK, { ifAvailable: true }, lock => (lock ? work() : 0)) as Promise<number>
}

/** Takes the session's lock; gives what lets it go again, or undefined if another tab has it. */
export function takeSession(): Promise<(() => void) | undefined> {
  const manager = locks()
  if (!manager) return Promise.resolve(() => {})
  return new Promise(resolve => {
    manager
      .request(SESSION, { ifAvailable: true }, lock =>
        lock ? new Promise<void>(release => resolve(release)) : resolve(undefined)
      )
      // refused altogether, as by a browser that stores nothing: then there is nobody to share with
      .catch(() => resolve(() => {}))
  })
}

export async function sessionTaken(): Promise<boolean> {
  const { held = [] } = (await locks()
    ?.query()
    .catch(() => undefined)) ?? { held: [] }
  return held.some(lock => lock.name === SESSION)
}

/** Resolves when no tab has it. */
export async function sessionFree(): Promise<void> {
  await locks()
    ?.request(SESSION, () => {})
    .catch(() => {})
}
