import { expect, it } from 'vitest'
import { rootKey } from '../../src/core/random.ts'
import { noisyLabels } from '../../src/data/noise.ts'

const key = rootKey(5, 99)

it('a wrong label is any of the others, each as likely', () => {
  const classes = 4
  const labels = Uint16Array.from({ length: 12_000 }, (_, i) => i % classes)
  const before = labels.slice()
  const noisy = noisyLabels(labels, classes, 0.5, key)
  expect(labels).toEqual(before)
  const pairs = new Map<string, number>()
  noisy.forEach((label, i) => {
    const pair = `${labels[i]} ${label}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  })
  const wrong = [...pairs].filter(([pair]) => pair[0] !== pair[2])
  expect(wrong.reduce((sum, [, n]) => sum + n, 0)).toBe(6000)
  // twelve ways to be wrong, 500 each: a standard deviation is 21
  expect(wrong).toHaveLength(12)
  for (const [, n] of wrong) expect(Math.abs(n - 500)).toBeLessThan(110)
})

it('where there are two classes the wrong one is the other, and where there is one nothing is wrong', () => {
  const two = Uint16Array.from({ length: 50 }, (_, i) => i & 1)
  const flipped = noisyLabels(two, 2, 0.3, key).filter((label, i) => label === 1 - two[i])
  expect(flipped).toHaveLength(15)
  expect(noisyLabels(new Uint16Array(9), 1, 0.9, key)).toEqual(new Uint16Array(9))
  expect(noisyLabels(two, 2, 0, key)).toEqual(two)
})
