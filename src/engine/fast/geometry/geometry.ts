/**
 * The Geometry of core/geometry.ts on the fast path's device: float32 as a filter, float64 as the judge, the processor for
 * what is small, unfit for float32, or left over when the device is lost or full. Which of them it was changes no pick.
 */
import { onProcessor, type Geometry, type HeldPoints } from '../../../core/geometry.ts'
import { Cloud } from '../../../core/numeric/cloud.ts'
import { farthestFirst, type Points } from '../../../core/numeric/farthest.ts'
import type { Known } from '../../../core/numeric/nearest.ts'
import { EngineError } from '../../errors.ts'
import type { Gpu } from '../gpu.ts'
import { FarthestScout } from './farthest.ts'
import { judgeNearest, judgePicks, type Tally } from './judge.ts'
import { NearestScout } from './nearest.ts'
import { roomOn, type Room } from './steps.ts'

/**
 * Products (pairs x numbers of a vector) from which on the device is asked. One core needs some 20 ms for as many (bench/README.md),
 * and that is what uploads, the first compilation, and a read-back from a browser's GPU process may take.
 */
export const WORTH_IT = 1 << 25

export interface GeometryOptions {
  /** milliseconds after which an idle device tells that it is done */
  latency: number
  /** WORTH_IT, or what a test wants */
  least: number
  /** told how a question was settled */
  told?: (tally: Told) => void
}

export interface Told {
  /** of so many answers */
  all: number
  /** so many were float32's, unquestioned; so many float64's, among a few candidates. The processor gave the rest from scratch */
  certain: number
  judged: number
}

export function geometryOn(gpu: Gpu, { latency, least, told = () => {} }: GeometryOptions): Geometry {
  const room = roomOn(gpu, latency)
  return {
    async farthestFirst(points, k) {
      const { size, unlabelled, labelled } = points
      const count = size ? unlabelled.length / size : 0
      const wanted = Math.min(k, count)
      const picks: number[] = []
      if (wanted > 1 && unlabelled.length * (labelled.length / size + wanted) >= least) {
        const tally = await orElse(undefined, () => pickOn(room, points, wanted, picks))
        told({ all: wanted, certain: tally?.certain ?? 0, judged: tally?.judged ?? 0 })
      }
      return farthestFirst(points, k, picks)
    },
    hold: (points, size) => new HeldOn(room, points, size, least, told)
  }
}

/** Appends to `picks` those that the device can be asked for. */
async function pickOn(
  room: Room,
  points: Points,
  wanted: number,
  picks: number[]
): Promise<Tally | undefined> {
  const scout = await FarthestScout.prepare(room, points, wanted)
  if (!scout) return undefined
  try {
    // the 1-center is found by looking at a few points whole
    if (!points.labelled.length) picks.push(new Cloud(points.unlabelled, points.size).centre())
    return await judgePicks(points, wanted, scout, picks)
  } finally {
    scout.dispose()
  }
}

class HeldOn implements HeldPoints {
  private scout: Promise<NearestScout | undefined> | undefined
  private here: HeldPoints | undefined

  constructor(
    private readonly room: Room,
    private readonly points: Float64Array,
    private readonly size: number,
    private readonly least: number,
    private readonly told: (tally: Told) => void
  ) {}

  async nearest(centres: Float64Array, known?: Known): Promise<Uint32Array> {
    const { room, points, size, least, told } = this
    if (points.length * (centres.length / size) >= least) {
      const of = await orElse(undefined, async () => {
        this.scout ??= NearestScout.prepare(room, points, size)
        return (await this.scout)?.nearest(centres)
      })
      if (of) {
        const doubts = judgeNearest(of, points, size, centres)
        told({ all: of.length, certain: of.length - doubts, judged: doubts })
        return of
      }
    }
    this.here ??= onProcessor.hold(points, size)
    return this.here.nearest(centres, known)
  }

  release(): void {
    void this.scout?.then(
      scout => scout?.dispose(),
      () => {}
    )
    this.scout = undefined
  }
}

/** What a device without room, a lost one, or one that does not take the kernels leaves open is answered otherwise. */
async function orElse<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof EngineError || (error as Error).name === 'GPUPipelineError') return otherwise
    throw error
  }
}
