/** What every kind of browser worker needs: their own end of the channel, and a way to let messages in. */
import type { Port } from '../protocol.ts'

const scope = globalThis as unknown as DedicatedWorkerGlobalScope

export function ownPort<Out, In>(): Port<Out, In> {
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    listen: receive => scope.addEventListener('message', event => receive((event as MessageEvent<In>).data))
  }
}

// a message to oneself comes after those that wait already, and unlike a timer it is neither clamped nor throttled
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.onmessage = () => waiting.shift()?.()

/** Resolves in a later turn of the event loop. */
export const hop = () =>
  new Promise<void>(resolve => {
    waiting.push(resolve)
    port2.postMessage(null)
  })
