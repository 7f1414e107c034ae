/** The worker's end of the calls: answers each, tells the progress of those that are followed, and lets them be called off. */
import type { View } from '../core/view.ts'
import type { DataAnswer, DataCalls, DataRequest, Following } from './dataProtocol.ts'
import type { Port } from './protocol.ts'

/** Progress is told at most this often (milliseconds), and always the last of it. */
const TOLD_EVERY = 100

export function serveData(port: Port<DataAnswer, DataRequest>, service: Promise<DataCalls>): void {
  const running = new Map<number, AbortController>()

  port.listen(async request => {
    const { number } = request
    if ('abort' in request) return running.get(number)?.abort()
    const controller = new AbortController()
    const told = thinned(progress => port.post({ number, progress }))
    const following: Following = { progress: told.say, signal: controller.signal }
    running.set(number, controller)
    try {
      const calls = (await service) as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>
      const values = request.followed ? [...request.arguments, following] : request.arguments
      const value = await calls[request.call](...values)
      told.end()
      port.post({ number, value }, request.call === 'view' ? buffersOf(value as View) : [])
    } catch (error) {
      told.end()
      const { code = 'unexpected', parameters = { message: String((error as Error)?.message ?? error) } } =
        error as { code?: string; parameters?: Record<string, string | number> }
      port.post({ number, error: { code, parameters } })
    } finally {
      running.delete(number)
    }
  })
}

/** The memory of a view, which is made anew for each call: it moves instead of being copied. */
function buffersOf({ pool, test, trueLabels }: View): ArrayBuffer[] {
  const arrays = [pool, test].flatMap(({ images, features, labels }) => [images, features, labels])
  return [...new Set([...arrays, trueLabels].flatMap(array => (array ? [array.buffer as ArrayBuffer] : [])))]
}

/** Lets through what is said now and then; the last word always, unless the end comes first. */
function thinned(say: (state: unknown) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest: { state: unknown } | undefined
  const tell = () => {
    timer = undefined
    if (!latest) return
    say(latest.state)
    latest = undefined
    timer = setTimeout(tell, TOLD_EVERY)
  }
  return {
    say: (state: unknown) => {
      latest = { state }
      if (timer === undefined) tell()
    },
    end: () => clearTimeout(timer)
  }
}
