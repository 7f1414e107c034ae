/** How each method takes one optimiser step; the losses and their gradients are core/pretraining/losses.ts. */
import type { MethodName } from '../../../core/pretraining/methods/index.ts'
import type { Course, Desk } from './course.ts'
import { instance } from './instance.ts'
import { jigsaw } from './jigsaw.ts'
import { moco } from './moco.ts'
import { rotation } from './rotation.ts'
import { simclr } from './simclr.ts'
import { simsiam } from './simsiam.ts'

const courses: Readonly<Record<MethodName, <T>(desk: Desk<T>) => Course>> = {
  rotation,
  jigsaw,
  instance,
  simclr,
  moco,
  // the same steps with another head and temperature
  mocoV2: moco,
  simsiam
}

export const courseOf = <T>(desk: Desk<T>): Course => courses[desk.pretraining.method](desk)
