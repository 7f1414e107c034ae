import { drawDistortion, SMALLEST_ASKED } from '../../../core/pretraining/distortion.ts'
import { drawPuzzle, permutations } from '../../../core/pretraining/jigsaw.ts'
import { classLoss } from '../../../core/pretraining/losses.ts'
import type { Write } from '../../pixels.ts'
import { descend, type Course, type Desk } from './course.ts'

/** One puzzle of each image, distorted before it is cut up, for the reason in rotation.ts. */
export function jigsaw<T>(desk: Desk<T>): Course {
  const { seed } = desk.pretraining
  return {
    step(step) {
      const labels = Array.from(step.ids, id => drawPuzzle(seed, step.epoch, id).label)
      return descend(desk, step, 1, cutUp, outputs => classLoss(outputs, labels, permutations.length))
    }
  }
}

function cutUp<T>({ pretraining, distorter }: Desk<T>, ids: Uint32Array, epoch: number): Write {
  const { likeness, seed } = pretraining
  return (target, slot) => {
    const id = ids[slot]
    const view = drawDistortion(likeness, distorter.shape, seed, epoch, id, 0, SMALLEST_ASKED)
    distorter.writePuzzle(target, slot, id, view, drawPuzzle(seed, epoch, id))
  }
}
