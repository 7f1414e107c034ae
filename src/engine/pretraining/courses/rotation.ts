import { drawTurned } from '../../../core/pretraining/distortion.ts'
import { classLoss } from '../../../core/pretraining/losses.ts'
import type { Write } from '../../pixels.ts'
import { descend, type Course, type Desk } from './course.ts'

/**
 * Four quarter turns of each image, each distorted by itself: which is which? (The authors' code only mirrors and crops;
 * on small images of little variety the task is learned by heart within some epochs, and the features with it.)
 */
export function rotation<T>(desk: Desk<T>): Course {
  return {
    step(step) {
      const labels = Uint8Array.from({ length: 4 * step.ids.length }, (_, slot) => slot & 3)
      return descend(desk, step, 4, turned, outputs => classLoss(outputs, labels, 4))
    }
  }
}

function turned<T>({ pretraining, distorter }: Desk<T>, ids: Uint32Array, epoch: number): Write {
  const { likeness, seed } = pretraining
  return (target, slot) => {
    const id = ids[slot >> 2]
    const view = drawTurned(slot & 3, likeness, distorter.shape, seed, epoch, id)
    distorter.write(target, slot, id, view)
  }
}
