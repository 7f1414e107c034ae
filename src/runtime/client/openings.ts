/**
 * Which backend is opened: the one that is wanted or was last time, else the fastest; the next where it cannot be had. One
 * opening at a time: one that is under way is ended by the next, and whoever waits for it waits for its successor.
 */
import type { BackendDescription, BackendName } from '../../core/engine.ts'
import type { SettingStore } from '../../store/meta.ts'
import type { Director } from '../director.ts'
import type { RuntimeError } from '../errors.ts'
import type { FromWorker, ToWorker, WorkerPort } from '../protocol.ts'
import { candidates, ranked, workersFor } from './backends.ts'
import { LabError } from './types.ts'

interface Options {
  director: Pick<Director, 'open' | 'close'>
  /** a worker to try a backend out */
  createWorker(): WorkerPort<ToWorker, FromWorker>
  settings: SettingStore
  opened(description: BackendDescription, workers: number): void
  /** one could not be had */
  failed(code: string, parameters: { backend: BackendName; message: string }): void
}

export class Openings {
  /** what was asked for last; a failure is not remembered */
  private opening: Promise<BackendDescription> | undefined
  /** the end of the one before it */
  private ended: Promise<unknown> = Promise.resolve()
  private stop = new AbortController()

  constructor(private readonly options: Options) {}

  /** `givenUp`: one that has proved useless here is not tried again until it is asked for. Rejects with LabError 'noBackend'. */
  reopen(wanted?: BackendName, givenUp?: BackendName): Promise<BackendDescription> {
    this.stop.abort()
    const { signal } = (this.stop = new AbortController())
    const made = this.ended.then(() => this.open(signal, wanted, givenUp))
    this.ended = made.catch(() => {})
    const mine: Promise<BackendDescription> = made.catch(error => {
      if (this.opening && this.opening !== mine) return this.opening
      this.opening = undefined
      throw error
    })
    return (this.opening = mine)
  }

  ready(): Promise<BackendDescription> {
    return this.opening ?? this.reopen()
  }

  private async open(
    signal: AbortSignal,
    wanted?: BackendName,
    givenUp?: BackendName
  ): Promise<BackendDescription> {
    const { director, settings, opened, failed } = this.options
    const remembered = wanted ?? ((await settings.get('backend')) as BackendName | undefined)
    for (const backend of await this.inOrder(signal, remembered, givenUp)) {
      signal.throwIfAborted()
      const end = () => director.close()
      signal.addEventListener('abort', end)
      try {
        const workers = workersFor(backend)
        const description = await director.open(backend, workers)
        signal.throwIfAborted()
        // not before it has worked: a reload would try it first
        if (backend === wanted) await settings.set('backend', wanted).catch(() => {})
        opened(description, workers)
        return description
      } catch (error) {
        signal.throwIfAborted()
        const { code = 'noBackend', message } = error as RuntimeError
        failed(code, { backend, message })
      } finally {
        signal.removeEventListener('abort', end)
      }
    }
    throw new LabError('noBackend')
  }

  /** The wanted backend first, if it is there; without a wish the fastest; without timing when one has been given up. */
  private async inOrder(
    signal: AbortSignal,
    wanted: BackendName | undefined,
    givenUp?: BackendName
  ): Promise<BackendName[]> {
    const { names } = await candidates()
    if (givenUp) return names.filter(name => name !== givenUp)
    if (!wanted || !names.includes(wanted)) return ranked(this.options.createWorker, signal)
    return [wanted, ...names.filter(name => name !== wanted)]
  }
}
