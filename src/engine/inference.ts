/**
 * What a trained network is asked: probabilities, embeddings, the head, Monte Carlo dropout passes, variance over shifted
 * views (core/needs.ts). Images go through the trunk once, chunk by chunk, and each chunk serves all needs before the next
 * one is read, so memory does not grow with the pool. Sums over passes and views run in float64 in a fixed order.
 */
import { passMask, type Variation } from '../core/law.ts'
import type { Architecture } from '../core/network.ts'
import type { EngineNeed, NeedResults } from '../core/needs.ts'
import { argmax } from '../core/numeric/distance.ts'
import { logPortable } from '../core/numeric/portable.ts'
import type { Kernels, State } from './kernels.ts'
import { classProbabilities, hiddenActivations, trunk, trunkFeatures } from './network.ts'
import type { Pixels } from './pixels.ts'
import { headLogits, HEADS } from './recipes/discrepancy.ts'
import { predictedLosses } from './recipes/lossPrediction.ts'

/** A network with its final weights. */
export interface Model {
  net: Architecture
  weights: Float32Array
  seed: number
  labelCount: number
  dropout: number
  /** asked before each chunk: others may run meanwhile */
  rest: () => void | Promise<void>
}

/** Lends the model's weights to the kernels for the time of some work. */
async function withState<T, R>(
  k: Kernels<T>,
  model: Model,
  work: (state: State<T>) => Promise<R>
): Promise<R> {
  const state = k.createState(model.net, model.weights, false)
  try {
    return await work(state)
  } finally {
    k.freeState(state)
  }
}

/** Images of one chunk as input; rows beyond the chunk's own repeat its first, where the kernels want full chunks. */
function chunkInput<T>(
  k: Kernels<T>,
  net: Architecture,
  pixels: Pixels,
  rows: Uint32Array,
  variation?: Variation
): T {
  const size = k.padTail ? k.chunk(net) : rows.length
  return k.input(size, net.input, target => {
    for (let i = 0; i < size; i++) pixels.write(target, i, rows[i < rows.length ? i : 0], variation)
  })
}

function* chunks(rows: Uint32Array, size: number): Generator<{ start: number; rows: Uint32Array }> {
  for (let start = 0; start < rows.length; start += size)
    yield { start, rows: rows.subarray(start, start + size) }
}

/** Softmax probabilities of some images, [rows, classes]. */
export function probabilities<T>(
  k: Kernels<T>,
  model: Model,
  pixels: Pixels,
  rows: Uint32Array
): Promise<Float32Array> {
  const { net } = model
  return withState(k, model, async state => {
    const out = new Float32Array(rows.length * net.classes)
    for (const chunk of chunks(rows, k.chunk(net))) {
      await model.rest()
      const values = await k.scope(() => {
        const p = state.parameters()
        const features = trunkFeatures(k, net, p, chunkInput(k, net, pixels, chunk.rows))
        return k.read(
          classProbabilities(k, net, p, hiddenActivations(k, net, p, features)),
          chunk.rows.length
        )
      })
      out.set(values, chunk.start * net.classes)
    }
    return out
  })
}

/** All needs of a model over the unlabelled rows (and embeddings over the labelled ones). Throws RangeError for passes without dropout. */
export function answerNeeds<T>(
  k: Kernels<T>,
  model: Model,
  pixels: Pixels,
  needs: readonly EngineNeed[],
  unlabelled: Uint32Array,
  labelled: Uint32Array
): Promise<NeedResults> {
  const { net } = model
  const passes = checkNeeds(needs, model.dropout)
  return withState(k, model, async state => {
    const collect = new Collector(net, needs, unlabelled.length, labelled.length)
    if (needs.some(need => need.kind === 'head')) collect.results.head = headOf(model)
    const masked: T[] = []
    try {
      k.scope(() => {
        const hiddenWeight = state.parameters()[2 * net.channels.length]
        for (let pass = 0; pass < passes; pass++) {
          const mask = passMask(net.features, model.seed, model.labelCount, pass, model.dropout)
          masked.push(k.scaledRows(hiddenWeight, mask))
        }
      })
      for (const chunk of chunks(unlabelled, k.chunk(net))) {
        await model.rest()
        await answerChunk(k, net, state, pixels, needs, masked, chunk, collect)
      }
      if (collect.results.embeddings) {
        const { size, labelled: target } = collect.results.embeddings
        for (const chunk of chunks(labelled, k.chunk(net))) {
          await model.rest()
          const values = await k.scope(() => {
            const p = state.parameters()
            const features = trunkFeatures(k, net, p, chunkInput(k, net, pixels, chunk.rows))
            return k.read(hiddenActivations(k, net, p, features), chunk.rows.length)
          })
          target.set(values, chunk.start * size)
        }
      }
    } finally {
      masked.forEach(tensor => k.release(tensor))
    }
    return collect.results
  })
}

/** Number of stochastic passes that are asked for. Throws RangeError for passes without dropout, and for two needs of a kind. */
export function checkNeeds(needs: readonly EngineNeed[], dropout: number): number {
  const passes = Math.max(0, ...needs.map(need => (need.kind === 'passes' ? need.passes : 0)))
  if (needs.some(need => need.kind === 'passes') && !(dropout > 0 && passes > 0)) {
    throw new RangeError('stochastic passes need a recipe with dropout, and at least one pass')
  }
  if (new Set(needs.map(need => need.kind)).size < needs.length) {
    throw new RangeError('results have room for one need of a kind')
  }
  return passes
}

/** The last layer out of the flat parameters. */
export function headOf({ net, weights }: Pick<Model, 'net' | 'weights'>): NonNullable<NeedResults['head']> {
  const slice = (name: string) => {
    const { offset, size } = net.parameters.find(parameter => parameter.name === name)!
    return weights.slice(offset, offset + size)
  }
  return { weight: slice('out.weight'), bias: slice('out.bias') }
}

/** One chunk of unlabelled rows through all needs. */
async function answerChunk<T>(
  k: Kernels<T>,
  net: Architecture,
  state: State<T>,
  pixels: Pixels,
  needs: readonly EngineNeed[],
  masked: readonly T[],
  chunk: { start: number; rows: Uint32Array },
  collect: Collector
): Promise<void> {
  const n = chunk.rows.length
  const wantsPlain = needs.some(need => need.kind !== 'viewVariance' && need.kind !== 'head')
  let plain: Promise<Float32Array> | null = null
  if (wantsPlain) {
    const read = k.scope(() => {
      const p = state.parameters()
      const { features, blocks } = trunk(k, net, p, chunkInput(k, net, pixels, chunk.rows), false)
      const { predictedLoss, heads } = collect.results
      const wantsHidden = heads || needs.some(need => ['probabilities', 'embeddings'].includes(need.kind))
      const hidden = wantsHidden ? hiddenActivations(k, net, p, features) : null
      const embeddings = hidden && collect.results.embeddings ? k.read(hidden, n) : null
      const own = hidden ? k.read(classProbabilities(k, net, p, hidden), n) : null
      const passes = masked.map(weight =>
        k.read(classProbabilities(k, net, p, hiddenActivations(k, net, p, features, weight)), n)
      )
      const others = hidden && heads ? headLogits(k, net, p, hidden).map(z => k.read(k.softmax(z), n)) : []
      const losses = predictedLoss ? k.read(predictedLosses(k, net, p, blocks), n) : null
      return { embeddings, own, passes, others, losses }
    })
    plain = read.own
    if (read.embeddings) collect.embeddings(chunk.start, await read.embeddings)
    if (read.own) collect.probabilities(chunk.start, await read.own)
    collect.heads(chunk.start, await Promise.all(read.others))
    if (read.losses) collect.predictedLoss(chunk.start, await read.losses)
    if (masked.length) collect.passes(chunk.start, await Promise.all(read.passes))
  }
  for (const need of needs) {
    if (need.kind !== 'viewVariance') continue
    const views: Float32Array[] = []
    for (const view of need.views) {
      const same = view.dy === 0 && view.dx === 0 && !view.mirror
      const values =
        same && plain
          ? plain
          : k.scope(() => {
              const p = state.parameters()
              const features = trunkFeatures(k, net, p, chunkInput(k, net, pixels, chunk.rows, view))
              return k.read(classProbabilities(k, net, p, hiddenActivations(k, net, p, features)), n)
            })
      views.push(await values)
    }
    collect.viewVariance(chunk.start, views)
  }
}

/** Gathers the answers chunk by chunk. */
export class Collector {
  readonly results: NeedResults = {}

  constructor(
    private readonly net: Architecture,
    needs: readonly EngineNeed[],
    unlabelled: number,
    labelled: number
  ) {
    const { classes, hidden } = net
    for (const need of needs) {
      switch (need.kind) {
        case 'probabilities':
          this.results.probabilities = new Float32Array(unlabelled * classes)
          break
        case 'embeddings':
          this.results.embeddings = {
            size: hidden,
            unlabelled: new Float32Array(unlabelled * hidden),
            labelled: new Float32Array(labelled * hidden)
          }
          break
        case 'passes':
          this.results.passes = {
            passes: need.passes,
            meanProbabilities: new Float32Array(unlabelled * classes),
            meanEntropy: new Float32Array(unlabelled),
            votes: new Float32Array(unlabelled * classes),
            variance: new Float32Array(unlabelled * classes)
          }
          break
        case 'viewVariance':
          this.results.viewVariance = new Float32Array(unlabelled)
          break
        case 'predictedLoss':
          this.results.predictedLoss = new Float32Array(unlabelled)
          break
        case 'heads':
          this.results.heads = Array.from({ length: HEADS }, () => new Float32Array(unlabelled * classes))
      }
    }
  }

  probabilities(start: number, values: Float32Array): void {
    this.results.probabilities?.set(values, start * this.net.classes)
  }

  embeddings(start: number, values: Float32Array): void {
    this.results.embeddings?.unlabelled.set(values, start * this.net.hidden)
  }

  /** values: one [rows, classes] array per head. */
  heads(start: number, values: readonly Float32Array[]): void {
    values.forEach((p, head) => this.results.heads?.[head].set(p, start * this.net.classes))
  }

  predictedLoss(start: number, values: Float32Array): void {
    this.results.predictedLoss?.set(values, start)
  }

  /** values: one [rows, classes] array per pass. */
  passes(start: number, values: readonly Float32Array[]): void {
    const target = this.results.passes
    if (!target) return
    const { classes } = this.net
    const rows = values[0].length / classes
    for (let r = 0; r < rows; r++) {
      const own = r * classes
      const out = (start + r) * classes
      let entropy = 0
      for (let c = 0; c < classes; c++) {
        let sum = 0
        for (const pass of values) {
          const p = pass[own + c]
          sum += p
          if (p > 0) entropy -= p * logPortable(p)
        }
        const mean = sum / values.length
        target.meanProbabilities[out + c] = mean
        let squares = 0
        for (const pass of values) squares += (pass[own + c] - mean) * (pass[own + c] - mean)
        target.variance[out + c] = squares / values.length
      }
      target.meanEntropy[start + r] = entropy / values.length
      for (const pass of values) target.votes[out + argmax(pass.subarray(own, own + classes))]++
    }
  }

  /** values: one [rows, classes] array per view; population variance over views, summed over classes. */
  viewVariance(start: number, values: readonly Float32Array[]): void {
    const { classes } = this.net
    const rows = values[0].length / classes
    for (let r = 0; r < rows; r++) {
      let total = 0
      for (let i = r * classes; i < (r + 1) * classes; i++) {
        let sum = 0
        for (const view of values) sum += view[i]
        const mean = sum / values.length
        let squares = 0
        for (const view of values) squares += (view[i] - mean) * (view[i] - mean)
        total += squares / values.length
      }
      this.results.viewVariance![start + r] = total
    }
  }
}
