/** The worker's side of pretraining: owns one pretrainer. It is suspended by not answering its checkpoint. */
import type { EpochReport, Pretraining } from '../../core/pretraining/settings.ts'
import type { Snapshot, Unfinished } from '../../core/pretraining/snapshot.ts'
import type { Identity, Pretrainer } from '../../engine/pretraining/open.ts'
import type { PretrainingView } from '../../engine/pretraining/pretrain.ts'
import type { Port } from '../protocol.ts'
import type { FromPretrainer, ToPretrainer } from './protocol.ts'

export interface PretrainingOptions {
  open(): Promise<Pretrainer>
  now(): number
  /** lets messages in: a hop through the event loop */
  hop(): Promise<void>
}

/** Milliseconds after which it is kept again where a pretraining stands, at the end of an epoch. */
export const STANDING_EVERY = 10_000

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

  async function start(pretrainer: Pretrainer, gpu: boolean, from?: Unfinished): Promise<void> {
    const { view, pretraining } = asked!
    const { images } = pretrainer.keyOf(view, pretraining)
    let told = 0
    let stood = now()
    let worked = 0
    let mark = now()
    /** of work on an encoder, with what was done before it was interrupted */
    const secondsOf = (key: string) => (from?.key === key ? from.seconds : 0) + (worked + now() - mark) / 1000
    const check = async (step: number, steps: number) => {
      worked += now() - mark
      await hop()
      while (gate) await gate
      if (now() - told > PROGRESS_EVERY) {
        told = now()
        port.post({ type: 'progress', step, steps })
      }
      // suspended time is nobody's time
      mark = now()
    }
    const reported = (report: EpochReport) => port.post({ type: 'report', report })
    async function keep(made: Identity, take: () => Promise<Snapshot>): Promise<void> {
      if (now() - stood < STANDING_EVERY) return
      const seconds = secondsOf(made.key)
      const unfinished = { ...made, pretraining, images, seconds, snapshot: await take() }
      port.post({ type: 'unfinished', unfinished })
      stood = now()
    }
    try {
      const demand = { check, reported, gpu, from, keep }
      const { key, numericsId, weights, recorded } = await pretrainer.pretrain(view, pretraining, demand)
      port.post({ type: 'done', key, numericsId, weights, recorded, seconds: secondsOf(key) })
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
        void opening?.then(p => start(p, message.gpu, message.from))
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
