import { pretrainingRows } from '../../src/core/experiment/parts.ts'
import { frozenExperiment } from '../../src/core/experiment/table.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialWeights } from '../../src/core/law.ts'
import { architecture, networks } from '../../src/core/network.ts'
import { drawDistortion, quarterTurn, composed, type Affine } from '../../src/core/pretraining/distortion.ts'
import { drawPuzzle, permutations } from '../../src/core/pretraining/jigsaw.ts'
import { encoderSize, pretrainingNetwork, pretrainingWeights } from '../../src/core/pretraining/layout.ts'
import { methodNames, methods, suggestionFor } from '../../src/core/pretraining/methods/index.ts'
import { queueLength } from '../../src/core/pretraining/methods/moco.ts'
import {
  momentsOf,
  monitoredRows,
  neighbourAccuracy,
  spread,
  standardised
} from '../../src/core/pretraining/monitor.ts'
import { encoderKey, type Pretraining } from '../../src/core/pretraining/settings.ts'
import { uniform } from '../../src/core/random.ts'
import { cosine, rowsOf } from './slow.ts'

const image = { height: 28, width: 28, channels: 1 }

describe('the network of a pretraining', () => {
  it.each(methodNames)('%s: a classifier trunk first, with the weights a classifier would have', method => {
    const laid = pretrainingNetwork({ method, network: networks.reference }, image)
    const classifier = architecture(networks.reference, image, 10)
    const count = laid.at.projection
    expect(laid.net.parameters.slice(0, count)).toEqual(classifier.parameters.slice(0, count))
    // 9*1*16+16 + 9*16*32+32 + 9*32*64+64
    expect(laid.encoderSize).toBe(160 + 4640 + 18496)
    expect(encoderSize(networks.reference, image)).toBe(laid.encoderSize)
    const weights = pretrainingWeights(laid, 4)
    expect(weights.slice(0, laid.encoderSize)).toEqual(
      initialWeights(classifier, 4, 0).slice(0, laid.encoderSize)
    )
    for (const p of laid.net.parameters.filter(p => p.name.endsWith('.scale')))
      expect(new Set(weights.slice(p.offset, p.offset + p.size))).toEqual(new Set([1]))
  })
})

describe('keys of encoders', () => {
  it('differ by every setting, by the images and by the arithmetic', () => {
    const base: Pretraining = {
      method: 'simclr',
      network: networks.small,
      likeness: 'signs',
      epochs: 5,
      batchSize: 64,
      seed: 0
    }
    const keys = [
      encoderKey(base, 'images', 'wasm-1'),
      encoderKey(base, 'others', 'wasm-1'),
      encoderKey(base, 'images', 'wasm-2'),
      encoderKey(base, 'images', 'wasm-1', 1),
      ...[
        { method: 'moco' as const },
        { network: networks.reference },
        { likeness: 'pictures' as const },
        { epochs: 6 },
        { batchSize: 65 },
        { seed: 1 }
      ].map(change => encoderKey({ ...base, ...change }, 'images', 'wasm-1'))
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(encoderKey({ ...base }, 'images', 'wasm-1')).toBe(keys[0])
  })
})

describe('distortions', () => {
  const draws = Array.from({ length: 4000 }, (_, id) => id)

  it('of signs: crops from 0.4 of the area, turns up to 10 degrees, no mirror image, all inside the frame', () => {
    for (const id of draws) {
      const { xx, xy, yx, yy, x, y } = drawDistortion('signs', image, 1, 2, id, 0).place
      // the determinant is the area of the crop: negative for a mirror image
      const area = xx * yy - xy * yx
      expect(area).toBeGreaterThanOrEqual(0.4 - 1e-9)
      expect(area).toBeLessThanOrEqual(1 + 1e-9)
      expect(Math.abs(yx / yy)).toBeLessThan(Math.tan((10.1 * Math.PI) / 180))
      const [w, h] = [Math.sqrt(xx * xx + xy * xy), Math.sqrt(yx * yx + yy * yy)]
      expect(Math.max(w, h)).toBeLessThanOrEqual(1 + 1e-9)
      expect(Math.abs(x)).toBeLessThanOrEqual((28 * (1 - w)) / 2 + 1e-9)
      expect(Math.abs(y)).toBeLessThanOrEqual((28 * (1 - h)) / 2 + 1e-9)
    }
  })

  it('of pictures: crops from 0.2, half of them mirrored, four fifths with other colours, some grey', () => {
    const colour = { height: 32, width: 32, channels: 3 }
    const all = draws.map(id => drawDistortion('pictures', colour, 1, 2, id, 1))
    const share = (of: (d: (typeof all)[number]) => boolean) => all.filter(of).length / all.length
    expect(share(d => d.place.xx < 0)).toBeCloseTo(0.5, 1)
    expect(Math.min(...all.map(d => Math.abs(d.place.xx * d.place.yy)))).toBeGreaterThanOrEqual(0.2 - 1e-9)
    expect(share(d => d.colours?.saturation === 0)).toBeCloseTo(0.2, 1)
    expect(share(d => !!d.colours && d.colours.brightness !== 1)).toBeCloseTo(0.8, 1)
    for (const { colours } of all) {
      const [cos, sin] = colours?.hue ?? [1, 0]
      expect(cos * cos + sin * sin).toBeCloseTo(1, 9)
      expect(Math.abs(Math.atan2(sin, cos))).toBeLessThan(0.1 * 2 * Math.PI + 0.01)
    }
  })

  it('of signs in colour: any hue up to a quarter turn, three tenths grey, no mirror image', () => {
    const all = draws.map(id => drawDistortion('signs', { ...image, channels: 3 }, 1, 2, id, 0))
    const share = (of: (d: (typeof all)[number]) => boolean) => all.filter(of).length / all.length
    expect(share(d => d.colours?.saturation === 0)).toBeCloseTo(0.3, 1)
    expect(share(d => d.place.xx < 0)).toBe(0)
    const turns = all.flatMap(d =>
      d.colours ? [Math.abs(Math.atan2(d.colours.hue[1], d.colours.hue[0]))] : []
    )
    expect(Math.max(...turns)).toBeLessThanOrEqual(Math.PI / 2)
    expect(Math.max(...turns)).toBeGreaterThan(1.5)
  })

  it('of grey images: brighter or darker, with more or less contrast, and no colour', () => {
    const all = draws.map(id => drawDistortion('pictures', image, 1, 2, id, 0).colours)
    const changed = all.filter(colours => colours !== undefined)
    expect(changed.length / all.length).toBeCloseTo(0.8, 1)
    for (const { saturation, hue } of changed) expect([saturation, ...hue]).toEqual([1, 1, 0])
    for (const part of ['brightness', 'contrast'] as const) {
      const factors = changed.map(colours => colours[part])
      expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.6)
      expect(Math.min(...factors)).toBeLessThan(0.61)
      expect(Math.max(...factors)).toBeGreaterThan(1.39)
      expect(Math.max(...factors)).toBeLessThanOrEqual(1.4)
    }
  })

  it('are crops from anywhere in the image, as often wide as high', () => {
    const places = draws.map(id => drawDistortion('pictures', image, 1, 2, id, 0).place)
    const share = (of: (p: Affine) => boolean) => places.filter(of).length / places.length
    const wide = (p: Affine) => Math.abs(p.xx) > p.yy
    expect(share(wide)).toBeCloseTo(0.5, 1)
    expect(share(p => !wide(p))).toBeCloseTo(0.5, 1)
    // of the room that a crop has on each side
    for (const rooms of [
      places.map(p => [p.x, 28 * (1 - Math.abs(p.xx))]),
      places.map(p => [p.y, 28 * (1 - p.yy)])
    ]) {
      const at = rooms.filter(([, room]) => room > 1).map(([place, room]) => place / room)
      expect(Math.min(...at)).toBeLessThan(-0.49)
      expect(Math.max(...at)).toBeGreaterThan(0.49)
      for (const [place, room] of rooms) expect(Math.abs(place)).toBeLessThanOrEqual(room / 2 + 1e-9)
    }
  })

  it('depend on seed, epoch, image and view alone', () => {
    const one = (seed: number, epoch: number, id: number, view: number) =>
      JSON.stringify(drawDistortion('signs', image, seed, epoch, id, view))
    expect(one(1, 2, 3, 0)).toBe(one(1, 2, 3, 0))
    expect(
      new Set([one(1, 2, 3, 0), one(2, 2, 3, 0), one(1, 3, 3, 0), one(1, 2, 4, 0), one(1, 2, 3, 1)]).size
    ).toBe(5)
  })

  it('one after the other: the second is applied to what the first shows', () => {
    const place = (a: Affine, u: number, v: number) => [a.xx * u + a.xy * v + a.x, a.yx * u + a.yy * v + a.y]
    const first = drawDistortion('signs', image, 5, 1, 7, 0).place
    const second = { ...quarterTurn(1, image), x: 3, y: -2 }
    const [u, v] = place(second, 4, -9)
    place(composed(first, second), 4, -9).forEach((value, i) =>
      expect(value).toBeCloseTo(place(first, u, v)[i], 9)
    )
  })

  it('a quarter turn taken four times is none', () => {
    const { xx, xy, yx, yy } = quarterTurn(1, { height: 20, width: 30, channels: 1 })
    const square = [xx * xx + xy * yx, xx * xy + xy * yy, yx * xx + yy * yx, yx * xy + yy * yy]
    expect(square.map(v => +v.toFixed(12) + 0)).toEqual([-1, 0, 0, -1])
    const numbers = ({ xx, xy, yx, yy, x, y }: Affine) => [xx, xy, yx, yy, x, y].map(v => v + 0)
    const one = quarterTurn(1, image)
    let turned = quarterTurn(0, image)
    for (let quarters = 0; quarters < 5; quarters++, turned = composed(turned, one))
      expect(numbers(quarterTurn(quarters, image))).toEqual(numbers(turned))
    expect(numbers(quarterTurn(0, image))).toEqual([1, 0, 0, 1, 0, 0])
  })
})

describe('puzzles', () => {
  it('come in all 24 orders, equally often', () => {
    expect(new Set(permutations.map(String)).size).toBe(24)
    for (const p of permutations) expect(p.toSorted()).toEqual([0, 1, 2, 3])
    const counts = new Array(24).fill(0)
    for (let id = 0; id < 4800; id++) {
      const { label, moves } = drawPuzzle(3, 1, id)
      counts[label]++
      for (const move of moves) for (const m of move) expect(m >= 0 && m < 1).toBe(true)
    }
    for (const c of counts) expect(Math.abs(c - 200)).toBeLessThan(75)
  })
})

describe('suggestions', () => {
  it.each(methodNames)('%s: as many images in all, however large the pool, but some epochs', method => {
    const { images } = methods[method].suggested
    for (const pool of [500, 1000, 2000]) {
      const { epochs } = suggestionFor(method, pool)
      expect(Math.abs(epochs * pool - images)).toBeLessThanOrEqual(pool / 2)
    }
    expect(suggestionFor(method, 1_000_000).epochs).toBe(4)
  })
})

describe('queues', () => {
  it('are multiples of the batch, at least one batch, at most a quarter of the pool', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60000 }), fc.integer({ min: 1, max: 512 }), (pool, batch) => {
        const length = queueLength(pool, batch)
        expect(length % batch).toBe(0)
        expect(length).toBeGreaterThan(0)
        expect(length).toBeLessThanOrEqual(Math.max(batch, Math.min(4096, pool / 4)))
      })
    )
  })
})

describe('the monitor', () => {
  it('looks at rows of its own choice, none of them on both sides', () => {
    for (const pool of [3, 20, 400, 5000]) {
      const { queries, references } = monitoredRows(pool)
      const all = [...queries, ...references]
      expect(new Set(all).size).toBe(all.length)
      expect(queries.length).toBeGreaterThan(0)
      expect(Math.max(...all)).toBeLessThan(pool)
    }
    // a fifth of them, 300 at most; of the others 1,500 at most
    const counts = [3, 14, 403, 1500, 5000].map(pool => Object.values(monitoredRows(pool)).map(r => r.length))
    expect(counts).toEqual([
      [1, 2],
      [2, 12],
      [80, 323],
      [300, 1200],
      [300, 1500]
    ])
  })

  it('asks the 20 nearest neighbours where nothing else is said', () => {
    // all alike, so the first rows: 10 of class 1 and 10 of class 0, then more of class 1; a tie is class 0
    const bank = Array.from({ length: 30 }, () => [1, 0]).flat()
    const of = Array.from({ length: 30 }, (_, i) => (i >= 10 && i < 20 ? 0 : 1))
    const right = (k?: number) => neighbourAccuracy(bank, of, [1, 0], [0], 2, k ? { k } : {})
    expect([right(), right(20), right(19), right(21)]).toEqual([1, 1, 0, 0])
  })

  it('counts neighbours as Wu et al. do', () => {
    // drawn from a seed: numbers that fast-check shrinks would tie but for rounding
    const drawn = (seed: number, count: number, lane: number) =>
      Array.from({ length: count }, (_, i) => uniform([seed, 1], i, lane))
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, k) => {
        const [bank, asked] = [drawn(seed, 27, 0), drawn(seed, 12, 1)]
        const [of, as] = [drawn(seed, 9, 2), drawn(seed, 4, 3)].map(all => all.map(v => Math.floor(v * 4)))
        const right = rowsOf(asked, 3).filter((q, i) => {
          const near = rowsOf(bank, 3)
            .map((r, j) => ({ s: cosine(q, r), c: of[j] }))
            .sort((a, b) => b.s - a.s)
            .slice(0, k)
          const votes = [0, 1, 2, 3].map(c =>
            near.filter(n => n.c === c).reduce((sum, n) => sum + Math.exp(n.s / 0.1), 0)
          )
          return votes.indexOf(Math.max(...votes)) === as[i]
        })
        expect(neighbourAccuracy(bank, of, asked, as, 3, { k })).toBeCloseTo(right.length / 4, 9)
      })
    )
  })

  it('standardises by the rows it is told to', () => {
    const rows = [1, 5, 3, 5, 8, 5]
    const out = standardised(rows, momentsOf(rows, 2))
    // mean 4, variance (9 + 1 + 16) / 3; a component that never moves is left at 0
    const deviation = Math.sqrt(26 / 3)
    expect([...out]).toEqual([-3, 0, -1, 0, 4, 0].map((v, i) => Math.fround(i % 2 ? 0 : v / deviation)))
  })

  it('spread is 1 for directions that cancel, 0 for one direction, whatever their length', () => {
    expect(spread([1, 0, -2, 0, 0, 3, 0, -1], 2)).toBeCloseTo(1, 9)
    expect(spread([1, 2, 2, 4, 0.5, 1], 2)).toBeCloseTo(0, 6)
    // two orthogonal directions: |mean|^2 = 1/2
    expect(spread([1, 0, 0, 5], 2)).toBeCloseTo(Math.sqrt(0.5), 9)
  })
})

describe('the rows of an experiment', () => {
  it('say nothing of a step length that was meant before there was a row for it', () => {
    expect(pretrainingRows(frozenExperiment)).toEqual({
      method: 'simclr',
      network: { channels: [16, 32, 64], hidden: 64 },
      likeness: 'signs',
      epochs: 20,
      batchSize: 128,
      seed: 0
    })
    expect(pretrainingRows({ ...frozenExperiment, pretrainingRate: 0.003 }).learningRate).toBe(0.003)
  })
})
