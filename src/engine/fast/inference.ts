/**
 * What a trained network is asked (core/needs.ts), on the GPU: images go through the trunk in chunks, each chunk serves
 * all needs, and only what a need names is read back, once per question. An image's bits depend on no other image.
 */
import { passMask, UNVARIED, type Variation } from '../../core/law.ts'
import type { EngineNeed, NeedResults } from '../../core/needs.ts'
import { checkNeeds, headOf } from '../inference.ts'
import { replay, THREADS, type Dispatch, type Gpu, type KernelCode } from './gpu.ts'
import { HEADER, Header, RECORD } from './kernels/common.ts'
import { hiddenParts, inferenceHead, ROWS, storedMask } from './kernels/dense.ts'
import { forward, forwardGroups } from './kernels/forward.ts'
import { gather } from './kernels/gather.ts'
import { passesHead, viewVariance } from './kernels/reductions.ts'
import { Pacer } from './pacer.ts'
import { hiddenSplits } from './plan.ts'
import type { ResidentSet, ResidentView } from './resident.ts'
import { inputSize, pack, pooledSize, type Shape } from './shape.ts'

/** A network with its final weights, and where it is asked. */
export interface Model {
  gpu: Gpu
  shape: Shape
  resident: ResidentView
  /** the network's flat parameters */
  weights: Float32Array
  seed: number
  labelCount: number
  dropout: number
  /** images of a chunk at most */
  chunk: number
  latency: number
  /** asked before each submit: others may run meanwhile */
  rest: () => void | Promise<void>
}

export interface Question {
  probabilities?: boolean
  hidden?: boolean
  /** number of stochastic passes */
  passes?: number
  views?: readonly Variation[]
}

/** Row by row, each as long as there are rows asked about; empty where not asked for. */
export interface Answers {
  probabilities: Float32Array
  hidden: Float32Array
  meanProbabilities: Float32Array
  meanEntropy: Float32Array
  votes: Float32Array
  variance: Float32Array
  viewVariance: Float32Array
}

/** Bytes of a chunk's largest buffer, and of what is gathered on the GPU before it is read back. */
const CHUNK_BYTES = 1 << 26
const OUTPUT_BYTES = 1 << 26
/** chunks of one submit at most, each under one variation */
const MOST_CHUNKS = 64
const MOST_GROUPS = 65535

/** Answers of some rows of a set; [rows, ...] each. */
export async function ask(
  model: Model,
  set: ResidentSet,
  rows: Uint32Array,
  question: Question
): Promise<Answers> {
  const widths = outputWidths(model.shape, question)
  const answers = Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [name, new Float32Array(rows.length * width)])
  ) as unknown as Answers
  const widest = Math.max(...Object.values(widths))
  if (!widest) return answers
  const most = Math.max(1, Math.floor(OUTPUT_BYTES / (4 * widest)))
  for (let start = 0; start < rows.length; start += most) {
    await askSome(model, set, rows.subarray(start, start + most), question, widths, answers, start)
  }
  return answers
}

type Widths = Record<keyof Answers, number>

function outputWidths({ net }: Shape, { probabilities, hidden, passes, views }: Question): Widths {
  return {
    probabilities: probabilities ? net.classes : 0,
    hidden: hidden ? net.hidden : 0,
    meanProbabilities: passes ? net.classes : 0,
    meanEntropy: passes ? 1 : 0,
    votes: passes ? net.classes : 0,
    variance: passes ? net.classes : 0,
    viewVariance: views ? 1 : 0
  }
}

/** Images that go through together: as many as the buffers and the limits of a dispatch allow. */
function chunkSize({ shape, chunk }: Model, { passes = 0, views = [] }: Question): number {
  const { height, width } = shape.net.input
  const perImage = Math.max(
    inputSize(shape),
    ...shape.blocks.map((_, l) => pooledSize(shape, l)),
    Math.max(1, passes) * hiddenSplits(shape) * shape.hidden,
    views.length * shape.net.classes
  )
  return Math.max(
    1,
    Math.min(
      chunk,
      Math.floor(CHUNK_BYTES / (4 * perImage)),
      Math.floor((MOST_GROUPS * THREADS) / (height * width))
    )
  )
}

async function askSome(
  model: Model,
  set: ResidentSet,
  rows: Uint32Array,
  question: Question,
  widths: Widths,
  answers: Answers,
  start: number
): Promise<void> {
  const { gpu } = model
  const size = Math.min(chunkSize(model, question), rows.length)
  const made: GPUBuffer[] = []
  try {
    const work = await prepare(model, set, question, widths, rows.length, size, made)
    await run(model, work, rows, question, size)
    await Promise.all(
      (Object.keys(widths) as (keyof Answers)[]).map(async name => {
        if (widths[name]) {
          const bytes = 4 * rows.length * widths[name]
          answers[name].set(await gpu.read(work.outputs[name], bytes), start * widths[name])
        }
      })
    )
  } finally {
    gpu.free(...made)
  }
}

interface Work {
  schedule: GPUBuffer
  /** words of a record */
  stride: number
  /** records */
  capacity: number
  outputs: Record<keyof Answers, GPUBuffer>
  /** per chunk: on the images as they are; per view; after all views */
  plain: Dispatch[]
  view: Dispatch[]
  after: Dispatch[]
}

async function prepare(
  { gpu, shape, resident, weights, seed, labelCount, dropout }: Model,
  set: ResidentSet,
  { probabilities, hidden, passes = 0, views }: Question,
  widths: Widths,
  total: number,
  size: number,
  made: GPUBuffer[]
): Promise<Work> {
  const make = (floats: number, label: string) => {
    const buffer = gpu.buffer(4 * floats, label)
    made.push(buffer)
    return buffer
  }
  const splits = hiddenSplits(shape)
  const stride = Math.ceil((HEADER + RECORD + size) / 64) * 64
  const records = (passes || probabilities || hidden ? 1 : 0) + (views?.length ?? 0)
  const capacity = Math.min(MOST_CHUNKS, Math.ceil(total / size) * records)
  const b = await gpu.allocate(() => ({
    schedule: make(stride * capacity, 'schedule'),
    parameters: make(shape.size, 'parameters'),
    input: make(size * inputSize(shape), 'input'),
    pooled: shape.blocks.map((_, l) => make(size * pooledSize(shape, l), 'pooled')),
    parts: make(size * splits * shape.hidden, 'hiddenParts'),
    masks: make(passes * shape.features, 'masks'),
    passParts: make(size * passes * splits * shape.hidden, 'passParts'),
    viewed: make(size * (views?.length ?? 0) * shape.net.classes, 'viewed'),
    outputs: Object.fromEntries(
      Object.entries(widths).map(([name, width]) => [name, make(width ? total * width : 0, name)])
    ) as Work['outputs']
  }))
  gpu.write(b.parameters, pack(shape, weights))
  for (let pass = 0; pass < passes; pass++) {
    const mask = storedMask(shape, passMask(shape.net.features, seed, labelCount, pass, dropout))
    gpu.write(b.masks, mask, pass * mask.byteLength)
  }

  const groups = (threads: number) => Math.ceil(threads / THREADS)
  const dispatch = async (code: KernelCode, buffers: GPUBuffer[], x: number, y = 1, z = 1) =>
    gpu.dispatch(await gpu.compile(code), buffers, x, y, z)
  const { height, width } = shape.net.input
  const images = {
    batch: 0,
    augmentation: 'given' as const,
    partBytes: set.partBytes,
    parts: set.parts.length
  }
  const { tiling } = gpu
  const inputs = [b.input, ...b.pooled]
  const features = b.pooled[b.pooled.length - 1]
  const hiddenGroups = groups((Math.ceil(size / ROWS) * shape.hidden) / 4)
  const trunk = [
    dispatch(gather(shape, images), [resident.table, b.input, ...set.parts], groups(size * height * width)),
    ...shape.blocks.map((block, l) =>
      dispatch(
        forward(shape, l, { batch: 0, training: false, dropout: 0, tiling }),
        [inputs[l], b.parameters, b.pooled[l]],
        ...forwardGroups(block, size, tiling)
      )
    )
  ]
  const first = dispatch(
    hiddenParts(shape, 0, splits, tiling),
    [features, b.parameters, b.parts],
    hiddenGroups,
    splits
  )
  const plain = [...trunk]
  if (probabilities || hidden) {
    const wants = { probabilities: !!probabilities, hidden: !!hidden, views: false }
    const targets = [probabilities && b.outputs.probabilities, hidden && b.outputs.hidden]
    plain.push(
      first,
      dispatch(
        inferenceHead(shape, splits, wants, tiling),
        [b.parts, b.parameters, ...targets.filter(t => !!t)],
        size
      )
    )
  }
  if (passes) {
    const { meanProbabilities, meanEntropy, votes, variance } = b.outputs
    plain.push(
      dispatch(
        hiddenParts(shape, 0, splits, tiling, true),
        [features, b.parameters, b.passParts, b.masks],
        hiddenGroups,
        splits,
        passes
      ),
      dispatch(
        passesHead(shape, splits, tiling),
        [b.passParts, b.parameters, meanProbabilities, meanEntropy, votes, variance],
        size
      )
    )
  }
  const view = [...trunk, first]
  const after = []
  if (views) {
    const wants = { probabilities: true, hidden: false, views: true }
    view.push(dispatch(inferenceHead(shape, splits, wants, tiling), [b.parts, b.parameters, b.viewed], size))
    after.push(dispatch(viewVariance(shape), [b.viewed, b.outputs.viewVariance], groups(size)))
  }
  const ready = (list: Promise<Dispatch>[]) => Promise.all(list)
  return {
    schedule: b.schedule,
    stride,
    capacity,
    outputs: b.outputs,
    plain: plain.length > trunk.length ? await ready(plain) : [],
    view: views ? await ready(view) : [],
    after: await ready(after)
  }
}

/** All chunks, each under all its variations in turn; several a submit. */
async function run(
  { gpu, latency, rest }: Model,
  { schedule, stride, capacity, plain, view, after }: Work,
  rows: Uint32Array,
  { passes = 0, views = [] }: Question,
  size: number
): Promise<void> {
  const variations = [...(plain.length ? [null] : []), ...views]
  const each = variations.length
  const all = Math.ceil(rows.length / size) * each
  const words = new Uint32Array(stride * capacity)
  const group = gpu.stepGroup(schedule, 4 * stride)
  const pacer = new Pacer(latency, capacity)
  for (let done = 0; done < all;) {
    const waiting = rest()
    if (waiting) await waiting
    await pacer.room()
    const units = pacer.units(all - done)
    for (let u = 0; u < units; u++) {
      const [chunk, v] = [Math.floor((done + u) / each), (done + u) % each]
      const own = rows.subarray(chunk * size, (chunk + 1) * size)
      const { dy, dx, mirror } = variations[v] ?? UNVARIED
      const at = u * stride
      words[at + Header.count] = own.length
      words[at + Header.row] = chunk * size
      words[at + Header.dy] = dy
      words[at + Header.dx] = dx
      words[at + Header.mirror] = mirror ? 1 : 0
      words[at + Header.view] = variations[v] && plain.length ? v - 1 : v
      words[at + Header.views] = variations[v] ? views.length : passes
      words.set(own, at + HEADER + RECORD)
    }
    gpu.write(schedule, words.subarray(0, units * stride))
    gpu.submit(pass => {
      for (let u = 0; u < units; u++) {
        const v = (done + u) % each
        pass.setBindGroup(0, group, [4 * stride * u])
        const own = variations[v] ? view : plain
        // the last view's probabilities complete a chunk
        const dispatches = views.length && v === each - 1 ? [...own, ...after] : own
        replay(pass, dispatches)
      }
    })
    pacer.submitted(units, gpu.done())
    done += units
  }
  await pacer.drain()
}

/** All needs over the unlabelled rows, and embeddings over the labelled ones. Throws RangeError for passes without dropout. */
export async function answerNeeds(
  model: Model,
  needs: readonly EngineNeed[],
  unlabelled: Uint32Array,
  labelled: Uint32Array
): Promise<NeedResults> {
  const question: Question = {}
  for (const need of needs) {
    if (need.kind === 'probabilities') question.probabilities = true
    else if (need.kind === 'embeddings') question.hidden = true
    else if (need.kind === 'passes') question.passes = need.passes
    else if (need.kind === 'viewVariance') question.views = need.views
  }
  checkNeeds(needs, model.dropout)
  const { pool } = model.resident
  const own = await ask(model, pool, unlabelled, question)
  const results: NeedResults = {}
  if (needs.some(need => need.kind === 'head'))
    results.head = headOf({ net: model.shape.net, weights: model.weights })
  if (question.probabilities) results.probabilities = own.probabilities
  if (question.hidden) {
    const others = await ask(model, pool, labelled, { hidden: true })
    results.embeddings = { size: model.shape.net.hidden, unlabelled: own.hidden, labelled: others.hidden }
  }
  if (question.passes) {
    const { meanProbabilities, meanEntropy, votes, variance } = own
    results.passes = { passes: question.passes, meanProbabilities, meanEntropy, votes, variance }
  }
  if (question.views) results.viewVariance = own.viewVariance
  return results
}
