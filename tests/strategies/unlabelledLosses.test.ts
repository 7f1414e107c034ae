/** Losses on unlabelled images, their targets and schedules: from the definitions in float64, and gradients by differences. */
import { describe, expect, it } from 'vitest'
import {
  followerShare,
  outputError,
  predictionError,
  rampUp,
  sharpened,
  softmaxOf,
  type LossAndGradient
} from '../../src/core/recipes/losses.ts'
import { consistency } from '../../src/engine/recipes/unlabelled/consistency.ts'
import { meanTeacher } from '../../src/engine/recipes/unlabelled/meanTeacher.ts'
import type { UnlabelledMethod } from '../../src/engine/recipes/unlabelled/method.ts'
import { temporal } from '../../src/engine/recipes/unlabelled/temporal.ts'
import { differences } from '../pretraining/slow.ts'
import { numbers } from './setup.ts'
import { matrix, type Matrix } from './slow.ts'

const seeds = Array.from({ length: 300 }, (_, seed) => seed)

/** Logits of some rows, from nearly flat to nearly sure, and as many others. */
function makeCase(seed: number) {
  const draw = numbers(seed, 30)
  const [rows, classes] = [1 + (seed % 5), 2 + (seed % 6)]
  const reach = [0.3, 2, 8][seed % 3]
  const logits = () => draw(rows * classes, -reach, reach)
  return { rows, classes, x: logits(), other: logits() }
}

const softmax = (row: number[]) => {
  const e = row.map(Math.exp)
  return e.map(v => v / e.reduce((a, b) => a + b))
}
const predictions = (logits: ArrayLike<number>, classes: number) => matrix(logits, classes).map(softmax)
/** mean over rows and columns */
const squared = (a: Matrix, b: Matrix) => {
  const all = a.flatMap((row, i) => row.map((v, c) => (v - b[i][c]) ** 2))
  return all.reduce((x, y) => x + y) / all.length
}

function agree(
  { loss, gradient }: LossAndGradient,
  expected: (x: ArrayLike<number>) => number,
  at: ArrayLike<number>
) {
  expect(loss).toBeCloseTo(expected(at), 10)
  const numeric = differences(expected, at)
  const scale = Math.max(1e-3, ...numeric.map(Math.abs))
  expect(gradient).toHaveLength(numeric.length)
  numeric.forEach((g, i) => expect(Math.abs(gradient[i] - g) / scale).toBeLessThan(1e-5))
}

describe('losses', () => {
  it('of predictions: squared differences, mean over rows and classes', () => {
    for (const seed of seeds) {
      const { classes, x, other } = makeCase(seed)
      const targets = predictions(other, classes)
      predictions(x, classes)
        .flat()
        .forEach((p, i) => expect(softmaxOf(x, classes)[i]).toBeCloseTo(p, 12))
      agree(predictionError(x, targets.flat(), classes), z => squared(predictions(z, classes), targets), x)
    }
  })
  it('of outputs: squared differences, mean over rows and columns', () => {
    for (const seed of seeds) {
      const { classes, x, other } = makeCase(seed)
      agree(outputError(x, other), z => squared(matrix(z, classes), matrix(other, classes)), x)
    }
  })
})

describe('targets and schedules', () => {
  it('of logits that are far apart, whichever comes last, are those of sure predictions', () => {
    for (const sure of [0, 1, 2]) {
      const logits = [-2000, -2000, -2000].map((low, c) => (c === sure ? 2000 : low))
      const right = logits.map((_, c) => (c === sure ? 1 : 0))
      expect([...softmaxOf(logits, 3)]).toEqual(right)
      expect(predictionError(logits, right, 3).loss).toBe(0)
      expect(predictionError(logits, [1, 1, 1], 3).loss).toBeCloseTo(2 / 3, 12)
    }
  })
  it('sharpened: probabilities to the power 1 / T, summing to 1 again', () => {
    for (const seed of seeds) {
      const { classes, x } = makeCase(seed)
      const temperature = [0.25, 0.5, 1, 2][seed % 4]
      // what is impossible stays so
      const p = predictions(x, classes).map(row => row.map((v, c) => (seed % 7 || c ? v : 0)))
      const expected = p.flatMap(row => {
        const powers = row.map(v => v ** (1 / temperature))
        return powers.map(v => v / powers.reduce((a, b) => a + b))
      })
      const got = sharpened(p.flat(), classes, temperature)
      expected.forEach((v, i) => expect(got[i]).toBeCloseTo(v, 12))
    }
  })
  it('the weight rises as exp(-5 (1 - x)^2) over its share of the steps, and stays', () => {
    for (const seed of seeds) {
      const [a, b, c] = numbers(seed, 31)(3)
      const [steps, share] = [1 + Math.floor(a * 400), seed % 10 ? b : 0]
      const t = 1 + Math.floor(c * steps)
      const x = t >= share * steps ? 1 : t / (share * steps)
      expect(rampUp(t, steps, share)).toBeCloseTo(Math.exp(-5 * (1 - x) ** 2), 12)
    }
  })
  it('a follower is the mean of all weights so far until its decay says otherwise', () => {
    for (const seed of seeds) {
      const draw = numbers(seed, 32)
      const weights = [...draw(12, -1, 1)]
      let follower = weights[0]
      weights.slice(1).forEach((w, i) => {
        const share = followerShare(i + 1, 0.9999)
        follower = share * follower + (1 - share) * w
        const soFar = weights.slice(0, i + 2)
        expect(follower).toBeCloseTo(soFar.reduce((p, q) => p + q) / soFar.length, 12)
      })
      const [decay] = draw(1, 0.1, 0.99)
      const t = 1 + (seed % 200)
      expect(followerShare(t, decay)).toBeCloseTo(t / (t + 1) < decay ? t / (t + 1) : decay, 12)
      expect(followerShare(t, decay, true)).toBe(decay)
    }
  })
})

/** A method's loss, where its pass says `x` and the follower `taught`; and which views it has asked for. */
function lossOf(method: UnlabelledMethod, classes: number, x: Float32Array, taught?: Float32Array) {
  const asked: unknown[] = []
  const pass = { outputs: () => x }
  const { loss } = method.lossOf<never>({
    classes,
    pass: (...views) => {
      asked.push({ pass: views })
      return pass as never
    },
    follow: (view, drop) => {
      asked.push({ follow: view, drop })
      return taught!
    }
  })
  return { loss, asked }
}

describe('methods', () => {
  it('mean teacher: predictions for one view towards those of the follower for another', () => {
    for (const seed of seeds) {
      const { classes, x, other } = makeCase(seed)
      const { loss, asked } = lossOf(meanTeacher, classes, x, other)
      const taught = predictions(other, classes)
      agree(loss, z => squared(predictions(z, classes), taught), x)
      expect(asked).toEqual([{ pass: [0] }, { follow: 1, drop: true }])
    }
    expect(meanTeacher.measuresFollower).toBe(true)
  })
  it('consistency: predictions for two views towards their mean, sharpened at .5', () => {
    for (const seed of seeds) {
      const { classes, x, other } = makeCase(seed)
      const both = Float32Array.of(...x, ...other)
      const { loss, asked } = lossOf(consistency, classes, both)
      const [first, second] = [x, other].map(z => predictions(z, classes))
      const guess = first.map((row, i) => {
        const squares = row.map((p, c) => ((p + second[i][c]) / 2) ** 2)
        return squares.map(s => s / squares.reduce((a, b) => a + b))
      })
      agree(loss, z => squared(predictions(z, classes), [...guess, ...guess]), both)
      expect(asked).toEqual([{ pass: [0, 1] }])
    }
    expect(consistency.measuresFollower).toBe(true)
  })
  it('TOD’s loss: outputs towards those of the follower for the same view, without its dropout', () => {
    for (const seed of seeds) {
      const { classes, x, other } = makeCase(seed)
      const { loss, asked } = lossOf(temporal, classes, x, other)
      agree(loss, z => squared(matrix(z, classes), matrix(other, classes)), x)
      expect(asked).toEqual([{ pass: [0] }, { follow: 0, drop: false }])
    }
    expect(temporal.measuresFollower).toBe(false)
  })
})
