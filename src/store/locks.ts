/**
 * Locks between the tabs of one browser, where there are locks. An import holds one, so that another tab does not sweep its
 * chunks away; the tab that computes an experiment holds the session's, so that no other offers to go on with it; the one that
 * pretrains an encoder holds that encoder's, so that no other makes the same.
 */

const SESSION = 'dal-playground-session'
const LOCK = 'dal-playground-import'
const ENCODER = 'dal-playground-encoder'
const locks = () => (typeof navigator === 'undefined' ? undefined : navigator.locks)

/** Works within a lock, or without where the browser has none or refuses it, as one that stores nothing may. */
async function within<T>(options: LockOptions, work: (free: boolean) => Promise<T>): Promise<T> {
  let begun = false
  try {
    const manager = locks()
    if (manager)
      return await (manager.request(LOCK, options, lock => {
        begun = true
        return work(lock !== null)
      }) as Promise<T>)
  } catch (error) {
    if (begun) throw error
  }
  return work(true)
}

export const whileImporting = <T>(work: () => Promise<T>): Promise<T> => within({ mode: 'shared' }, work)

/** Does nothing, and says 0, while somebody imports. */
export const whenNobodyImports = (work: () => Promise<number>): Promise<number> =>
  within({ ifAvailable: true }, async free => (free ? work() : 0))

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

/** Waits until no other tab makes this encoder; gives what lets the next one. Rejects with the signal's reason when it is called off. */
export function turnAtEncoder(name: string, signal: AbortSignal): Promise<() => void> {
  const manager = locks()
  if (!manager) return Promise.resolve(() => {})
  return new Promise((resolve, reject) => {
    manager
      .request(`${ENCODER} ${name}`, { signal }, () => new Promise<void>(release => resolve(release)))
      .catch(() => (signal.aborted ? reject(signal.reason) : resolve(() => {})))
  })
}
