/**
 * A pretraining from beginning to end: shuffled epochs over the pool, the last partial batch left out (a smaller batch
 * would have fewer images to be told from), after each epoch a look at how it goes. A pure function of (images, settings,
 * arithmetic); it may be suspended and ended between any two steps.
 */
import type { Checkpoint } from '../../core/engine.ts'
import { Dynamics, recognition } from '../../core/pretraining/dynamics.ts'
import {
  pretrainingNetwork,
  pretrainingWeights,
  type PretrainingNetwork
} from '../../core/pretraining/layout.ts'
import {
  monitoredRows,
  neighbourAccuracy,
  spread,
  type InnerProducts
} from '../../core/pretraining/monitor.ts'
import { methods } from '../../core/pretraining/methods/index.ts'
import type { EpochReport, Pretraining, Recorded } from '../../core/pretraining/settings.ts'
import { isRow, type Snapshot } from '../../core/pretraining/snapshot.ts'
import { hashOrder } from '../../core/hashOrder.ts'
import { derive, Purpose, rootKey } from '../../core/random.ts'
import { normalisation, type View } from '../../core/view.ts'
import type { Kernels } from '../kernels.ts'
import { Pixels } from '../pixels.ts'
import { courseOf } from './courses/index.ts'
import { Distorter } from './distort.ts'
import { hostLearner, type Learner, type Start } from './learner.ts'
import { head } from './pass.ts'
import { rotationLosses } from './pretextLoss.ts'

export interface Pretrained {
  /** the encoder's parameters, in the order of the layout */
  weights: Float32Array
  reports: EpochReport[]
  /** what the method recorded of every image */
  recorded?: Recorded
}

/** The images and, for the monitor alone, their labels. */
export type PretrainingView = Pick<View, 'shape' | 'pool' | 'trueLabels'>

/** On the kernels, in float32: in float64 on the host they are a quarter of an epoch, where the trunk is on a GPU. */
const innerProducts =
  <T>(k: Kernels<T>): InnerProducts =>
  (a, b, size) =>
    k.scope(() => {
      const [n, m] = [a.length / size, b.length / size]
      const rows = k.matrix(n, size, (to, start) => to.set(a, start))
      const columns = k.matrix(size, m, (to, start) => {
        for (let j = 0, at = 0; j < m; j++) for (let d = 0; d < size; d++) to[start + d * m + j] = b[at++]
      })
      const none = k.matrix(1, m, (to, start) => to.fill(0, start, start + m))
      return k.values(k.dense(rows, columns, none, false))
    })

/** What a pretraining tells on its way, and where it goes on. */
export interface Hooks {
  check?: Checkpoint
  /** called before the first epoch and after each; for those that were done before, too */
  reported?(report: EpochReport): void
  /** called between two epochs; `take` gives where it stands */
  keep?(take: () => Promise<Snapshot>): void | Promise<void>
  /** what `keep` was given, of these images, settings and arithmetic; what does not fit them is as good as nothing */
  from?: Snapshot
}

type Learn<T> = (laid: PretrainingNetwork, start: Start) => Learner<T> | Promise<Learner<T>>

/** A snapshot is not of this network, this pool or this method. */
class Unfit extends Error {}

/**
 * `k` computes the heads, and the trunk as well unless `learn` has it computed elsewhere. Throws RangeError if the pool is empty
 * or its images are too small.
 */
export async function pretrain<T>(
  k: Kernels<T>,
  view: PretrainingView,
  pretraining: Pretraining,
  hooks: Hooks = {},
  learn: Learn<T> = (laid, start) => hostLearner(k, laid, start)
): Promise<Pretrained> {
  try {
    return await run(k, view, pretraining, hooks, learn)
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return run(k, view, pretraining, { ...hooks, from: undefined }, learn)
  }
}

/** Throws Unfit, before anything is reported. */
async function run<T>(
  k: Kernels<T>,
  view: PretrainingView,
  pretraining: Pretraining,
  { check = () => {}, reported = () => {}, keep, from }: Hooks,
  learn: Learn<T>
): Promise<Pretrained> {
  const { shape, pool } = view
  const count = pool.labels.length
  if (!count) throw new RangeError('the pool is empty')
  const { seed, epochs } = pretraining
  const batchSize = Math.min(pretraining.batchSize, count)
  const laid = pretrainingNetwork(pretraining, shape)
  const norm = normalisation(pool.images, shape.channels)
  const pixels = new Pixels(pool.images, shape, norm)
  const distorter = new Distorter(pool.images, shape, norm)
  const perEpoch = Math.floor(count / batchSize)
  const total = epochs * perEpoch
  const all = Uint32Array.from({ length: count }, (_, i) => i)
  const { tellsViews } = methods[pretraining.method]
  if (from) {
    const { weights, moments, squares } = from.learned
    const rows = [weights, moments, squares].every(row => isRow(row, Float32Array, laid.net.size))
    if (!rows || (tellsViews && !Dynamics.fits(from.dynamics, count))) throw new Unfit()
  }
  const learner = await learn(laid, from?.learned ?? { weights: pretrainingWeights(laid, seed) })
  /** how many of a batch's images count for the dynamics */
  let counted = batchSize
  const dynamics = tellsViews ? new Dynamics(count, from?.dynamics) : undefined
  const course = courseOf({
    k,
    laid,
    learner,
    distorter,
    pretraining: { ...pretraining, batchSize },
    pool: count,
    seen: (ids, views) => dynamics?.add(ids.subarray(0, counted), recognition(views, laid.outputs))
  })
  const done = from?.epoch ?? 0
  const reports: EpochReport[] = [...(from?.reports ?? [])]
  let t = done * perEpoch
  const look = async (epoch: number, loss?: number) => {
    const rest = () => check(t, total)
    const report = { epoch, ...(loss === undefined ? {} : { loss }), ...(await monitor(rest)) }
    reports.push(report)
    reported(report)
  }
  const { queries, references } = monitoredRows(count)
  async function monitor(rest: () => void | Promise<void>) {
    const of = (rows: Uint32Array) => learner.embed(pixels, rows, rest)
    const [asked, bank] = [await of(queries), await of(references)]
    const labels = (rows: Uint32Array) => Array.from(rows, row => view.trueLabels[row])
    const { features } = laid.net
    const inner = innerProducts(k)
    const [known, own] = [labels(references), labels(queries)]
    const knn = neighbourAccuracy(bank, known, asked, own, features, { multiply: inner })
    return { knn, spread: Math.min(spread(bank, features), projectedSpread(bank)) }
  }
  /** A head may collapse on features that do not, as where nothing keeps a siamese one from it. */
  function projectedSpread(bank: Float32Array): number {
    const count = references.length
    if (!count || methods[pretraining.method].family === 'pretext') return 1
    const projected = learner.heads(heads => {
      const features = k.matrix(count, laid.net.features, (to, start) => to.set(bank, start))
      return k.values(head(k, laid.projection, heads, features, count, 1).output)
    })
    return spread(projected, laid.outputs)
  }
  const standing = async (epoch: number): Promise<Snapshot> => ({
    epoch,
    reports: [...reports],
    learned: await learner.learned(),
    course: (await course.kept?.()) ?? {},
    dynamics: dynamics?.kept() ?? {}
  })
  try {
    if (from && course.fits && !course.fits(from.course)) throw new Unfit()
    reports.forEach(reported)
    if (!from) await look(0)
    await course.begin?.(() => check(t, total), from?.course)
    for (let epoch = done + 1; epoch <= epochs; epoch++) {
      const order = hashOrder(derive(rootKey(seed, Purpose.pretraining), 2, epoch), all)
      const batch = (b: number) =>
        b < perEpoch ? order.slice(b * batchSize, (b + 1) * batchSize) : undefined
      let sum = 0
      for (let b = 0, ids = batch(0); ids; ids = batch(++b)) {
        const waiting = check(t, total)
        if (waiting) await waiting
        const loss = course.step({ ids, epoch, t: ++t, next: batch(b + 1) })
        sum += typeof loss === 'number' ? loss : await loss
        const settling = learner.settle?.()
        if (settling) await settling
      }
      const left = count - perEpoch * batchSize
      if (left && course.look) {
        // the images left out of this epoch are looked at in a batch that its first ones fill up
        counted = left
        await course.look(Uint32Array.of(...order.slice(-left), ...order.slice(0, batchSize - left)), epoch)
        counted = batchSize
      }
      await look(epoch, sum / perEpoch)
      if (epoch < epochs) await keep?.(() => standing(epoch))
    }
    const weights = await learner.weights()
    const recorded: Recorded = {}
    if (dynamics) recorded.dynamics = dynamics.features()
    if (pretraining.method === 'rotation') {
      const rest = () => check(t, total)
      const values = await rotationLosses(k, laid, learner, distorter, count, rest)
      recorded.pretextLoss = { size: 1, values }
    }
    return { weights, reports, ...(Object.keys(recorded).length ? { recorded } : {}) }
  } finally {
    course.end?.()
    learner.end()
  }
}
