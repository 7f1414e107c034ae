import { expect, it } from 'vitest'
import { Cycle } from '../../src/core/cycle.ts'
import { initialOrder } from '../../src/core/law.ts'
import { random } from '../../src/core/strategies/random.ts'

it('goes through thousands of rounds that nobody is asked about', () => {
  const counts = Array.from({ length: 6000 }, (_, i) => i + 1)
  const order = initialOrder(0, counts.length)
  const cycle = new Cycle({
    arm: { strategy: 'random', initialSize: 1 },
    seed: 0,
    counts,
    strategy: random,
    setting: { classes: 2, dropout: 0, augmentation: 'none', pretraining: 'simclr' },
    initial: order.subarray(0, 1),
    order,
    labels: new Uint8Array(counts.length),
    trainingKey: labelled => String(labelled.length)
  })
  expect(cycle.trainings()).toHaveLength(counts.length)
})
