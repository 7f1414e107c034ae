import { describe, expect, test } from 'vitest'
import { architecture } from '../../src/core/network.ts'
import { normalisation } from '../../src/core/view.ts'
import { MICRO, microData, MICRO_LOSSES } from '../../src/engine/probe.ts'
import * as reference from './reference.ts'
import { numbers, range, relativeError } from './views.ts'

describe('the float64 network', () => {
  test('its gradients are its finite differences', () => {
    const net = architecture({ channels: [3, 2], hidden: 4 }, { height: 7, width: 6, channels: 2 }, 3)
    const flat = Float64Array.from(numbers(net.size, 1))
    const images = Float64Array.from(numbers(2 * 7 * 6 * 2, 2))
    const mask = Float64Array.from({ length: 2 * net.features }, (_, i) => (i % 3 ? 1.5 : 0))
    const loss = (at: number, step: number) => {
      const moved = flat.slice()
      moved[at] += step
      return reference.lossAndGradients(net, reference.split(net, moved), images, [2, 0], mask).loss
    }
    const { gradients } = reference.lossAndGradients(net, reference.split(net, flat), images, [2, 0], mask)
    const analytic = gradients.flatMap(g => [...g])
    const numeric = analytic.map((_, at) => (loss(at, 1e-6) - loss(at, -1e-6)) / 2e-6)
    expect(relativeError(analytic, numeric)).toBeLessThan(1e-7)
  })

  test('its losses on the micro-run are the stored ones', () => {
    const { images, labels } = microData()
    const { net, seed, count } = MICRO
    const recipe = { ...MICRO, epochs: 0, stepsFloor: MICRO.steps }
    const { losses } = reference.train(
      net,
      recipe,
      images,
      labels,
      normalisation(images, 1),
      seed,
      range(count)
    )
    expect(losses).toHaveLength(MICRO_LOSSES.length)
    losses.forEach((loss, step) => expect(loss).toBeCloseTo(MICRO_LOSSES[step], 7))
  })
})
