/** The worker's side of pretraining: owns one pretrainer. It is suspended by not answering its checkpoint. */
import type { Pretraining } from '../../core/pretraining/settings.ts'
import type { Pretrainer } from '../../engine/pretraining/open.ts'
import type { PretrainingView } from '../../engine/pretraining/pretrain.ts'
import type { Port } from '../protocol.ts'
import type { FromPretrainer, ToPretrainer } from './protocol.ts'

export interface PretrainingOptions {
  open(): Promise<Pretrainer>
  now(): number
  /** lets messages in: a hop through the event loop */
  hop(): Promise<void>
}

/** Milliseconds between two progress messages. */
const PROGRESS_EVERY = 150

/** Serves the protocol on a port for the life of the worker. */
export function servePretraining(
  port: Port<FromPretrainer, ToPretrainer>,
  { open, now, hop }: PretrainingOptions
): void {
  let opening: Promise<Pretrainer> | undefined
  let asked: { view: PretrainingView; pretraining: Pretraining } | undefined
  let gate: Promise<void> | undefined
  let openGate = () => {}

  const fail = (error: unknown) => {
    const { code, stack } = error as { code?: unknown; stack?: string }
    port.post({
      type: 'failed',
      code: typeof code === 'string' ? code : 'pretrainingFailed',
      message: stack ?? String(error)
    })
  }

  async function start(pretrainer: Pretrainer, gpu: boolean): Promise<void> {
    const { view, pretraining } = asked!
    let told = 0
    let seconds = 0
    let mark = now()
    const check = async (step: number, steps: number) => {
      seconds += (now() - mark) / 1000
      await hop()
      while (gate) await gate
      if (now() - told > PROGRESS_EVERY) {
        told = now()
        port.post({ type: 'progress', step, steps })
      }
      // suspended time is nobody's time
      mark = now()
    }
    try {
      const { key, numericsId, weights, recorded } = await pretrainer.pretrain(
        view,
        pretraining,
        check,
        report => port.post({ type: 'report', report }),
        gpu
      )
      seconds += (now() - mark) / 1000
      port.post({ type: 'done', key, numericsId, weights, recorded, seconds })
    } catch (error) {
      fail(error)
    }
  }

  port.listen(message => {
    switch (message.type) {
      case 'key': {
        const { view, pretraining } = message
        asked = { view, pretraining }
        opening ??= open()
        opening.then(p => port.post({ type: 'keyed', ...p.keyOf(view, pretraining) })).catch(fail)
        break
      }
      case 'represent': {
        const { view, pretraining, weights } = message
        opening ??= open()
        opening
          .then(p => p.represent(view, pretraining, weights))
          .then(features => port.post({ type: 'represented', features }))
          .catch(fail)
        break
      }
      case 'start':
        void opening?.then(p => start(p, message.gpu))
        break
      case 'suspend':
        gate ??= new Promise(resolve => (openGate = resolve))
        break
      case 'resume':
        gate = undefined
        openGate()
        break
    }
  })
}
