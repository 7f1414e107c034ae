/** One participant in a worker of the page. Its name comes with the worker's own. */
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import type { ContenderName } from '../contender.ts'
import type { Command } from '../protocol.ts'
import { participant } from '../serve.ts'

const scope = globalThis as unknown as DedicatedWorkerGlobalScope
const ask = participant(scope.name.split(' ')[0] as ContenderName, async command => {
  if (command.do === 'open') command.setup.wasm = new URL(wasmUrl, import.meta.url).href
})
scope.addEventListener('message', event => {
  void ask(event.data as Command).then(reply => scope.postMessage(reply))
})
