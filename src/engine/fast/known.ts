/**
 * What the fast path knows. Everything else (a recipe or a need that came later, another kind of data, a set too large)
 * is the fallback's, so nothing may pass here that is not understood whole. No answer depends on the adapter, on memory
 * or on load: one numericsId stands for one arithmetic of every training.
 */
import type { ImageShape } from '../../core/network.ts'
import type { EngineNeed } from '../../core/needs.ts'
import type { Recipe } from '../../core/recipe.ts'
import type { View } from '../../core/view.ts'
import { fours } from './shape.ts'

const RECIPE: ReadonlySet<string> = new Set<keyof Recipe>([
  'network',
  'epochs',
  'stepsFloor',
  'learningRate',
  'batchSize',
  'batches',
  'dropout',
  'augmentation',
  'classWeights',
  'mode'
])

/** The members of each kind of need. */
const NEEDS: Record<string, readonly string[]> = {
  probabilities: [],
  embeddings: [],
  head: [],
  passes: ['passes'],
  viewVariance: ['views']
} satisfies Partial<Record<EngineNeed['kind'], readonly string[]>>

/** Floats of workgroup memory that every adapter has; the head keeps hidden units and classes there. */
const SHARED_FLOATS = 4096

/** Parts of a set that fit beside the other buffers of a kernel, each as large as every adapter's bindings. */
const MOST_PARTS = 5
const MOST_BYTES = MOST_PARTS * (1 << 27)

/** The members that are there: one that is undefined is absent. */
const members = (value: object) => Object.entries(value).flatMap(([key, v]) => (v === undefined ? [] : [key]))

/** Whether the kernels read such images: their channels lie in one vector. */
export const knowsImages = ({ channels }: ImageShape): boolean => channels <= 4

/** Whether the images of a view lie on the GPU. */
export function knowsView({ shape, pool, test, classNames }: View): boolean {
  return (
    pool.images.length > 0 &&
    Math.max(pool.images.length, test.images.length) <= MOST_BYTES &&
    knowsImages(shape) &&
    classNames.length > 0
  )
}

/** Whether a recipe trains on the GPU, on a view that is there. */
export function knowsRecipe(recipe: Recipe, view: View): boolean {
  const { network, augmentation, mode, classWeights, batchSize, batches } = recipe
  return (
    knowsView(view) &&
    members(recipe).every(key => RECIPE.has(key)) &&
    members(network).every(key => key === 'channels' || key === 'hidden') &&
    network.channels.length > 0 &&
    // hidden units, and five arrays of classes (reductions.ts)
    fours(network.hidden) + 5 * fours(view.classNames.length) <= SHARED_FLOATS &&
    batchSize <= 65535 &&
    (batches === undefined || batches === 'even') &&
    ['none', 'shift', 'flip'].includes(augmentation) &&
    (classWeights === undefined || classWeights === 'balanced') &&
    (mode === undefined ||
      (mode.kind === 'warm' && members(mode).length === 1) ||
      (mode.kind === 'fineTune' && members(mode).length === 2))
  )
}

/** Whether all needs are answered on the GPU. */
export function knowsNeeds(needs: readonly EngineNeed[]): boolean {
  return needs.every(need => {
    const own = NEEDS[need.kind]
    return own && members(need).every(key => key === 'kind' || own.includes(key))
  })
}
