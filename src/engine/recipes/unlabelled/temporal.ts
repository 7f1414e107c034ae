/**
 * Temporal output discrepancy (Huang et al., ICCV 2021): the squared difference between the logits of the network and of the
 * follower for the same image, as the paper defines it. Measured is the network. In a warm start, which the authors use, the
 * follower begins as the model of the round before and goes on from there.
 *
 * The authors' code has more: a second linear head between the two, and the same terms on labelled images; and its weight does
 * not rise (here it does as an experiment's row says; 0 is the authors').
 */
import { outputError } from '../../../core/recipes/losses.ts'
import type { UnlabelledMethod } from './method.ts'

export const temporal: UnlabelledMethod = {
  measuresFollower: false,
  varies: recipe => recipe.augmentation !== 'none',
  lossOf(views) {
    const pass = views.pass(0)
    return { pass, loss: outputError(pass.outputs(), views.follow(0, false)) }
  }
}
