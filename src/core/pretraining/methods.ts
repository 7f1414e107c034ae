/**
 * The methods of self-supervised pretraining: what each asks of the network, its constants, its source. Constants are
 * those of the papers; MoCo's loss looks one way only, as published (its CIFAR demo, with τ = 0.1, is symmetric); batch
 * normalisation is left out everywhere but in SimSiam's heads, which do not learn without it, because an embedding must not depend on
 * who shares its batch.
 */

export interface Method {
  /** 'pretext': a class is predicted; 'contrast': an image is told from others; 'likeness': two views are made alike */
  family: 'pretext' | 'contrast' | 'likeness'
  /** short formula: symbols, no words */
  formula: string
  source: string
  temperature: number
  /** what does well on small images in about a minute of one core */
  suggested: Suggestion
}

/** Settings of a short pretraining, found by the accuracy of nearest neighbours (README). */
export interface Suggestion {
  /** images that are looked at in all: with a larger pool, the same in fewer epochs */
  images: number
  batchSize: number
  learningRate: number
}

export const methods = {
  rotation: {
    family: 'pretext',
    formula: '¼ Σ_r CE(r, g(rot_r x)), r ∈ {0°, 90°, 180°, 270°}',
    source:
      'Gidaris, Singh, Komodakis: Unsupervised Representation Learning by Predicting Image Rotations, ICLR 2018',
    temperature: 1,
    suggested: { images: 20000, batchSize: 32, learningRate: 0.003 }
  },
  jigsaw: {
    family: 'pretext',
    formula: 'CE(π, g(π x))',
    source:
      'Noroozi, Favaro: Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles, ECCV 2016; as one image: Carlucci et al., CVPR 2019',
    temperature: 1,
    suggested: { images: 40000, batchSize: 32, learningRate: 0.001 }
  },
  instance: {
    family: 'contrast',
    formula: '−ln exp(v_i·v/τ) / Σ_j exp(v_j·v/τ), v_i ← (½ v_i + ½ v) / ‖½ v_i + ½ v‖₂',
    source:
      'Wu, Xiong, Yu, Lin: Unsupervised Feature Learning via Non-Parametric Instance Discrimination, CVPR 2018',
    temperature: 0.1,
    suggested: { images: 40000, batchSize: 32, learningRate: 0.0003 }
  },
  simclr: {
    family: 'contrast',
    formula: '−ln exp(z_i·z_j/τ) / Σ_{n≠i} exp(z_i·z_n/τ)',
    source:
      'Chen, Kornblith, Norouzi, Hinton: A Simple Framework for Contrastive Learning of Visual Representations, ICML 2020',
    temperature: 0.5,
    suggested: { images: 40000, batchSize: 32, learningRate: 0.001 }
  },
  moco: {
    family: 'contrast',
    formula: '−ln exp(q·k/τ) / (exp(q·k/τ) + Σ_n exp(q·n/τ)), θ_k ← m θ_k + (1−m) θ_q',
    source:
      'He, Fan, Wu, Xie, Girshick: Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020',
    temperature: 0.07,
    suggested: { images: 40000, batchSize: 32, learningRate: 0.001 }
  },
  mocoV2: {
    family: 'contrast',
    formula: '−ln exp(q·k/τ) / (exp(q·k/τ) + Σ_n exp(q·n/τ)), q = W₂ ReLU(W₁ f(x)), τ = 0.2',
    source:
      'Chen, Fan, Girshick, He: Improved Baselines with Momentum Contrastive Learning, arXiv 2003.04297, 2020',
    temperature: 0.2,
    suggested: { images: 40000, batchSize: 32, learningRate: 0.001 }
  },
  simsiam: {
    family: 'likeness',
    formula: '−½ cos(p₁, sg(z₂)) − ½ cos(p₂, sg(z₁))',
    source: 'Chen, He: Exploring Simple Siamese Representation Learning, CVPR 2021',
    temperature: 1,
    suggested: { images: 48000, batchSize: 32, learningRate: 0.001 }
  }
} as const satisfies Record<string, Method>

export type MethodName = keyof typeof methods
export const methodNames = Object.keys(methods) as MethodName[]

/** Fewest epochs that are suggested. */
const FEWEST_EPOCHS = 4

/** The settings that are suggested for a pool of so many images. */
export function suggestionFor(
  method: MethodName,
  pool: number
): { epochs: number; batchSize: number; learningRate: number } {
  const { images, batchSize, learningRate } = methods[method].suggested
  return { epochs: Math.max(FEWEST_EPOCHS, Math.round(images / pool)), batchSize, learningRate }
}

/** Share of the key encoder that a step leaves (the CIFAR demo's 0.99: with .999 the half-life of 693 steps exceeds a short run). */
export const MOMENTUM = 0.99

/** Share of a memory-bank row that a step leaves. */
export const BANK_MOMENTUM = 0.5

/** Most keys in the queue. */
const MOST_KEYS = 4096

/** Length of MoCo's queue: a multiple of the batch, about a quarter of the pool, so that few keys are of the image itself. */
export function queueLength(pool: number, batchSize: number): number {
  const wanted = Math.min(MOST_KEYS, Math.floor(pool / 4))
  return Math.max(1, Math.floor(wanted / batchSize)) * batchSize
}
