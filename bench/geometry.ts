/**
 * k-center's picks and k-means' nearest centres on the fast path's GPU, whatever its adapter, beside the processor's. Embeddings
 * are made up like those of a network that is mostly right, as in scripts/bench-strategies.ts.
 */
import { onProcessor, type Geometry } from '../src/core/geometry.ts'
import { rootKey, Stream } from '../src/core/random.ts'
import { geometryOn, type Told } from '../src/engine/fast/geometry/geometry.ts'
import type { Gpu } from '../src/engine/fast/gpu.ts'
import type { Options } from './options.ts'
import type { Ask, GeometryQuestion, GeometryTime } from './protocol.ts'
import { median } from './suite.ts'

const [SIZE, LABELLED, CLASSES] = [128, 1_000, 10]

export const questions: readonly GeometryQuestion[] = [10_000, 100_000].flatMap(candidates =>
  (['farthest first', 'nearest centres'] as const).map(what => ({
    what,
    candidates,
    size: SIZE,
    labelled: LABELLED,
    k: 100
  }))
)

const products = ({ what, candidates, size, labelled, k }: GeometryQuestion) =>
  candidates * size * (what === 'farthest first' ? labelled + k : k)

/** Asks them in turn; left out are those that would take longer than options.patience, by those before. */
export async function timeQuestions(
  ask: Ask,
  { goes, patience }: Pick<Options, 'goes' | 'patience'>,
  tell: (line: string) => void
): Promise<GeometryTime[]> {
  const times: GeometryTime[] = []
  /** milliseconds a product */
  let slowest = 0
  for (const question of questions) {
    const { what, candidates } = question
    tell(`${what}, ${candidates} candidates`)
    if (slowest * products(question) > patience * 1000) {
      tell('  too slow: left out')
      continue
    }
    const { geometry, error } = await ask({ do: 'geometry', question, goes })
    if (!geometry) tell(`  failed: ${error ?? 'not measured'}`)
    else {
      times.push(geometry)
      slowest = Math.max(
        slowest,
        geometry.device / products(question),
        geometry.processor / products(question)
      )
    }
  }
  return times
}

export async function timeGeometry(
  gpu: Gpu,
  question: GeometryQuestion,
  goes: number
): Promise<GeometryTime> {
  const { what, candidates, size, labelled, k } = question
  const stream = new Stream(rootKey(0, 99))
  const direction = Array.from({ length: CLASSES * size }, () => Math.max(0, stream.bell()))
  const embeddings = (rows: number) => {
    const out = new Float64Array(rows * size)
    for (let i = 0; i < rows; i++) {
      const own = stream.below(CLASSES) * size
      for (let d = 0; d < size; d++)
        out[i * size + d] = Math.fround(Math.max(0, direction[own + d] + 0.6 * stream.bell() - 0.2))
    }
    return out
  }
  const points = { size, unlabelled: embeddings(candidates), labelled: embeddings(labelled) }
  const centres = points.labelled.subarray(0, k * size)
  const answer = async (geometry: Geometry) => {
    if (what === 'farthest first') return geometry.farthestFirst(points, k)
    const held = geometry.hold(points.unlabelled, size)
    try {
      return await held.nearest(centres)
    } finally {
      held.release()
    }
  }
  let told: Told | undefined
  const device = geometryOn(gpu, { latency: 0, least: 0, told: tally => (told = tally) })
  const time = async (geometry: Geometry) => {
    const began = performance.now()
    const answered = await answer(geometry)
    return { milliseconds: performance.now() - began, answered }
  }
  const { milliseconds: first } = await time(device)
  const times: number[] = []
  let got = new Uint32Array(0) as Uint32Array
  for (let go = 0; go < goes; go++) {
    const { milliseconds, answered } = await time(device)
    times.push(milliseconds)
    got = answered
  }
  const processor: number[] = []
  let expected = got
  // what takes long is disturbed little
  for (let go = 0; go < goes && (processor[0] ?? 0) < 1000; go++) {
    const { milliseconds, answered } = await time(onProcessor)
    processor.push(milliseconds)
    expected = answered
  }
  const { all = 1, certain = 0, judged = 0 } = told ?? {}
  return {
    question,
    first,
    device: median(times),
    processor: median(processor),
    certain: certain / all,
    judged: judged / all,
    same: String(got) === String(expected)
  }
}
