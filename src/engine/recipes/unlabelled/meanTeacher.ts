/**
 * Mean teacher (Tarvainen and Valpola, NeurIPS 2017): the squared difference between the predictions of the network and of
 * the follower, each for a variation and a dropout mask of its own. The follower is what is measured and queried.
 */
import { predictionError, softmaxOf } from '../../../core/recipes/losses.ts'
import type { UnlabelledMethod } from './method.ts'

export const meanTeacher: UnlabelledMethod = {
  measuresFollower: true,
  varies: () => true,
  lossOf(views) {
    const pass = views.pass(0)
    const taught = softmaxOf(views.follow(1, true), views.classes)
    return { pass, loss: predictionError(pass.outputs(), taught, views.classes) }
  }
}
