import { describe, expect, test } from 'vitest'
import { passMask, UNVARIED, type Variation } from '../../src/core/law.ts'
import { architecture } from '../../src/core/network.ts'
import { normalisation } from '../../src/core/view.ts'
import {
  MICRO,
  MICRO_ANSWERS,
  MICRO_PASSES,
  MICRO_VIEWS,
  microData,
  MICRO_LOSSES
} from '../../src/engine/probe.ts'
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

  test('its losses and answers on the micro-run are the stored ones', () => {
    const { images, labels } = microData()
    const { net, seed, count } = MICRO
    const recipe = { ...MICRO, epochs: 0, stepsFloor: MICRO.steps }
    const norm = normalisation(images, 1)
    const { losses, parameters } = reference.train(net, recipe, images, labels, norm, seed, range(count))
    expect(losses).toHaveLength(MICRO_LOSSES.length)
    losses.forEach((loss, step) => expect(loss).toBeCloseTo(MICRO_LOSSES[step], 7))

    const probabilities = (variation: Variation, mask: Float32Array | null) => {
      const x = reference.inputs(images, net.input, norm, range(count), () => variation)
      const { logits } = reference.forward(net, parameters, x, count, mask && Float64Array.from(mask))
      return reference.softmax(logits, net.classes)
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
    /** population variance over several predictions, summed over classes, mean over images */
    const spread = (several: Float64Array[]) =>
      net.classes *
      mean(
        Array.from(several[0], (_, i) => {
          const m = mean(several.map(p => p[i]))
          return mean(several.map(p => (p[i] - m) ** 2))
        })
      )
    const passes = Array.from({ length: MICRO_PASSES }, (_, pass) =>
      probabilities(UNVARIED, passMask(net.features, seed, count, pass, MICRO.dropout))
    )
    const entropies = passes.map(p => -net.classes * mean(Array.from(p, v => v * Math.log(v))))
    const views = MICRO_VIEWS.map(view => probabilities(view, null))
    expect(mean(entropies)).toBeCloseTo(MICRO_ANSWERS.entropy, 7)
    expect(spread(passes)).toBeCloseTo(MICRO_ANSWERS.passVariance, 7)
    expect(spread(views)).toBeCloseTo(MICRO_ANSWERS.viewVariance, 7)
  })
})
