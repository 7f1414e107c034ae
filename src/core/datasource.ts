/**
 * Where a view's images come from and what is done to them before an experiment sees them. Both are part of the
 * experiment (and of its link), so they live in core; building the bytes is the data layer's work.
 */

/** The data sets that are drawn from a seed instead of being stored. */
export type SyntheticId = 'digits' | 'shapes'

export type DataSource =
  | { kind: 'synthetic'; id: SyntheticId }
  /** a data set of the user's: `fingerprint` identifies its bytes, `name` is only for people */
  | { kind: 'stored'; fingerprint: string; name: string }

export const imbalances = ['none', 'exponential', 'step'] as const

/**
 * How the class counts of the pool fall off. With C classes and ratio r, class c is in proportion to
 * exponential: r^(c/(C-1)); step: 1 for the first floor(C/2) classes, r for the others (Cui et al., CVPR 2019;
 * Buda, Maki and Mazurowski 2018; as CBAL, Bengar et al., WACV 2022, builds its pools). CBAL thins what is left beside
 * a fixed balanced initial set; here the initial set is drawn, balanced if one wants, out of a pool of these proportions,
 * because initial sets of several sizes share the pool.
 */
export type Imbalance = (typeof imbalances)[number]

export const testBalances = ['asIs', 'balanced'] as const

/**
 * How the test part's images are divided among the classes. asIs: as in the data set. balanced: evenly, so that accuracy is
 * the mean of the classes' recalls, which is balanced accuracy (Brodersen et al., ICPR 2010), and all that is said of accuracy
 * (counts, intervals, paired differences) is said of it. Drawn data sets have an even test part anyway.
 */
export type TestBalance = (typeof testBalances)[number]

/** What turns a data set into a view. The test part is never noised, duplicated or made imbalanced. */
export interface ViewKnobs {
  /** images in the pool, exactly; after thinning for imbalance and including duplicates */
  poolSize: number
  /** images in the test part, exactly */
  testSize: number
  testBalance: TestBalance
  imbalance: Imbalance
  /** the classes that take part, ascending indices of the data set's classes, two at least; all of them where empty */
  classes: readonly number[]
  /** smallest class over largest class, 0 < ratio <= 1; unused when imbalance is 'none' */
  imbalanceRatio: number
  /** share of pool labels replaced by another class, 0 .. 0.9 */
  labelNoise: number
  /** share of pool images replaced by near-copies of other pool images, 0 .. 0.9 */
  duplicates: number
  /** seed of everything a view draws (for synthetic sets the images themselves); unsigned 32-bit */
  dataSeed: number
}

export const defaultKnobs: ViewKnobs = {
  poolSize: 5000,
  testSize: 1000,
  testBalance: 'asIs',
  imbalance: 'none',
  classes: [],
  imbalanceRatio: 0.1,
  labelNoise: 0,
  duplicates: 0,
  dataSeed: 0
}
