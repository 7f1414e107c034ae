/**
 * Whether a result that was computed again says what another had said of the same experiment. A training is a pure function
 * of what an experiment states and of the arithmetic, so with the same arithmetic every point must be the same: the picks, and
 * which test images are right.
 */
import { differentRows } from './experiment/compare.ts'
import { sameRound } from './record.ts'
import { armKey, type Arm, type Point, type Result } from './result.ts'

export interface Agreement {
  /** points of the other result, of the arithmetic of this one, and how many of them were computed again */
  said: number
  again: number
  /** those of them that are not the same, in the order of the runs */
  unlike: { arm: Arm; seed: number; labelCount: number }[]
  /** both have picks and the bits of the test images: what is the same is the same to the last image */
  whole: boolean
  sameData: boolean
  /** of the trainings on the whole pool that both have */
  sameCeiling: boolean
}

/** `records`: told where both sides have one. */
function samePoint(a: Point, b: Point, records: () => void): boolean {
  if (a.correct !== b.correct) return false
  if (!a.record || !b.record) return true
  records()
  return sameRound(a.record, b.record)
}

const name = (arm: Arm, seed: number, numericsId: string) => `${armKey(arm)} ${seed} ${numericsId}`

/** `again` beside what `said` says; undefined where they are not of one experiment, or have no arithmetic in common. */
export function agreementOf(again: Result, said: Result): Agreement | undefined {
  if (said.unknown?.length || differentRows(again.experiment, said.experiment).length) return undefined
  const own = new Map(again.runs.map(run => [name(run.arm, run.seed, run.numericsId), run.points]))
  const ids = new Set(again.runs.filter(run => run.points.length).map(run => run.numericsId))
  const unlike: Agreement['unlike'] = []
  const count = { said: 0, again: 0, whole: 0 }
  for (const { arm, seed, numericsId, points } of said.runs) {
    if (!ids.has(numericsId)) continue
    const computed = new Map(own.get(name(arm, seed, numericsId))?.map(p => [p.labelCount, p]))
    for (const point of points) {
      count.said++
      const mine = computed.get(point.labelCount)
      if (!mine) continue
      count.again++
      if (!samePoint(mine, point, () => count.whole++))
        unlike.push({ arm, seed, labelCount: point.labelCount })
    }
  }
  if (!count.said) return undefined
  const ceilings = new Map(again.ceiling.map(c => [`${c.seed} ${c.numericsId}`, c]))
  return {
    said: count.said,
    again: count.again,
    unlike,
    whole: count.again > 0 && count.whole === count.again,
    sameData: again.dataset.fingerprint === said.dataset.fingerprint,
    sameCeiling: said.ceiling.every(({ seed, numericsId, correct }) => {
      const mine = ceilings.get(`${seed} ${numericsId}`)
      return !mine || mine.correct === correct
    })
  }
}
