/** An import holds this lock, so that another tab does not sweep its chunks away (where there are locks). */

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
