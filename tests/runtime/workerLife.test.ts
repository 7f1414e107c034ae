/** What workers are told when they are opened: that of the view that is there, and nothing of one that has gone. */
import { expect, it } from 'vitest'
import type { View } from '../../src/core/view.ts'
import type { FromWorker, ToWorker } from '../../src/runtime/protocol.ts'
import { Workers } from '../../src/runtime/workerLife.ts'

it('an encoder and features are known as long as their view, also to workers that come later', async () => {
  const told: ToWorker['type'][][] = []
  const workers = new Workers(
    () => {
      const mine: ToWorker['type'][] = []
      told.push(mine)
      let answer: (message: FromWorker) => void
      return {
        post: message => {
          mine.push(message.type)
          if (message.type !== 'open') return
          const description = { backend: 'cpu', numericsId: 'n', detail: '', stepMilliseconds: 1 } as const
          queueMicrotask(() => answer({ type: 'opened', description }))
        },
        listen: receive => void (answer = receive),
        onFailure: () => {},
        terminate: () => {}
      }
    },
    { ready: () => {}, refused: () => {}, received: () => {}, gone: () => {}, deserted: () => {} }
  )
  const features = { key: 'f', features: { size: 1, values: new Float32Array(1) } }
  await workers.open('cpu', 1)
  workers.setView({} as View)
  workers.setEncoder({ key: 'e', weights: new Float32Array(1) })
  workers.setFeatures(features)
  workers.setFeatures(features)
  await workers.open('cpu', 1)
  workers.setView({} as View)
  await workers.open('cpu', 1)
  workers.setFeatures(features)
  workers.close()
  await workers.open('cpu', 1)
  expect(told).toEqual([
    ['open', 'view', 'encoder', 'features', 'view', 'features'],
    ['open', 'view', 'encoder', 'features', 'view', 'features'],
    ['open', 'view', 'features'],
    ['open']
  ])
})
