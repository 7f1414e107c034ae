/** The locks of a browser, as far as this program asks for them (W3C Web Locks): Node 20 has none. */
interface Waiting {
  mode: LockMode
  grant(): void
}

interface Options {
  mode?: LockMode
  ifAvailable?: boolean
  signal?: AbortSignal
}

type Work = (lock: { name: string; mode: LockMode } | null) => unknown

export class WebLocks {
  private readonly held = new Map<string, LockMode[]>()
  private readonly queues = new Map<string, Waiting[]>()

  request = (name: string, ...rest: [Work] | [Options, Work]): Promise<unknown> => {
    const work = rest.at(-1) as Work
    const { mode = 'exclusive', ifAvailable, signal } = (rest.length > 1 ? rest[0] : {}) as Options
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? []
      this.queues.set(name, queue)
      if (ifAvailable && !(queue.length === 0 && this.isFree(name, mode)))
        return void Promise.resolve()
          .then(() => work(null))
          .then(resolve, reject)
      const waiting: Waiting = {
        mode,
        grant: () => {
          signal?.removeEventListener('abort', called)
          const held = this.held.get(name) ?? []
          this.held.set(name, [...held, mode])
          void Promise.resolve()
            .then(() => work({ name, mode }))
            .finally(() => {
              const now = this.held.get(name)!
              now.splice(now.indexOf(mode), 1)
              this.next(name)
            })
            .then(resolve, reject)
        }
      }
      const called = () => {
        queue.splice(queue.indexOf(waiting), 1)
        reject(signal!.reason)
        this.next(name)
      }
      if (signal?.aborted) return reject(signal.reason)
      signal?.addEventListener('abort', called)
      queue.push(waiting)
      this.next(name)
    })
  }

  query = async () => ({
    held: [...this.held].flatMap(([name, modes]) => modes.map(mode => ({ name, mode }))),
    pending: [...this.queues].flatMap(([name, queue]) => queue.map(({ mode }) => ({ name, mode })))
  })

  private isFree(name: string, mode: LockMode): boolean {
    const held = this.held.get(name) ?? []
    return !held.length || (mode === 'shared' && held.every(m => m === 'shared'))
  }

  private next(name: string): void {
    const queue = this.queues.get(name)!
    while (queue.length && this.isFree(name, queue[0].mode)) queue.shift()!.grant()
  }
}
