/**
 * Keys: everything that is cached is cached under the hash of all that decides it. Two things with the same key
 * are the same thing; whatever may change a bit must be in the key.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Recipe } from './recipe.ts'

/**
 * JSON with sorted object keys and nothing left to chance. Typed arrays are written as plain arrays; undefined members
 * are left out; numbers that are not finite throw.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('a key cannot hold a number that is not finite')
    return JSON.stringify(value)
  }
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as Uint8Array).join(',')}]`
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([, v]) => v !== undefined)
    members.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`
  }
  throw new TypeError(`a key cannot hold a ${typeof value}`)
}

/** 128 bits of SHA-256 over the canonical JSON, as 32 hex digits. */
export function hashKey(value: unknown): string {
  return hashBytes(utf8ToBytes(canonical(value))).slice(0, 32)
}

const ofRecipes = new WeakMap<Recipe, string>()

/** The hash of a recipe, computed once for each object. */
export function recipeKey(recipe: Recipe): string {
  const known = ofRecipes.get(recipe) ?? hashKey(recipe)
  ofRecipes.set(recipe, known)
  return known
}

/** SHA-256 of bytes, as 64 hex digits. */
export function hashBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes))
}

/** Everything that decides a training. `labelled` ascending pool rows. */
export interface TrainingIdentity {
  view: string
  recipe: Recipe
  seed: number
  labelled: Uint32Array
  numericsId: string
  /** key of the run's previous training, where the recipe carries state from round to round */
  after?: string
}

/** A training is a pure function of (view, recipe, seed, labelled set, numericsId, and the training before it if the recipe carries state): this is their hash. */
export function trainingKey(t: TrainingIdentity): string {
  const labelled = hashBytes(new Uint8Array(t.labelled.buffer, t.labelled.byteOffset, t.labelled.byteLength))
  return hashKey({
    training: 1,
    view: t.view,
    recipe: t.recipe,
    seed: t.seed,
    labelled,
    n: t.labelled.length,
    numerics: t.numericsId,
    after: t.after
  })
}

/**
 * A query is a pure function of (training, strategy with its version, the features it stands on, the rows it may choose
 * from, k): here all unlabelled rows. `bases`: the features' keys, none for a strategy that needs none. `stage`: of a staged
 * strategy. `before`: key of the run's previous training, where the strategy looks back at it.
 */
export function queryKey(
  training: string,
  strategy: { id: string; version: number },
  bases: readonly string[],
  k: number,
  stage?: { round: number; rounds: number },
  before?: string
): string {
  return hashKey({
    query: 1,
    training,
    strategy: strategy.id,
    version: strategy.version,
    bases: bases.length ? bases : undefined,
    rows: 'unlabelled',
    k,
    stage,
    before
  })
}
