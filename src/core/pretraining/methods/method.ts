/** What every method of self-supervised pretraining says of itself. How it steps: engine/pretraining/courses. */

/** A dense layer of a head, and what follows it. */
export interface HeadLayer {
  inputs: number
  outputs: number
  /** batch normalisation after the layer: with learned scale and shift, or without */
  norm: 'none' | 'plain' | 'affine'
  relu: boolean
}

export interface Heads {
  /** on the encoder's features; what the loss sees, unless there is a predictor */
  projection: HeadLayer[]
  /** SimSiam's, on the projection */
  prediction: HeadLayer[]
}

export interface Method {
  /** 'pretext': a class is predicted; 'contrast': an image is told from others; 'likeness': two views are made alike */
  family: 'pretext' | 'contrast' | 'likeness'
  /** two views of an image are to be told from those of others: such a method leaves a dataset map (dynamics.ts) */
  tellsViews: boolean
  /** short formula: symbols, no words */
  formula: string
  source: string
  /** of the softmax over similarities; 1 where there is none */
  temperature: number
  /** what does well on small images in about a minute of one core */
  suggested: Suggestion
  /** on so many features; `width`: of the network's hidden layer */
  heads(features: number, width: number): Heads
}

/** Settings of a short pretraining, found by the accuracy of nearest neighbours (README). */
export interface Suggestion {
  /** images that are looked at in all: with a larger pool, the same in fewer epochs */
  images: number
  batchSize: number
  learningRate: number
}

export const layer = (
  inputs: number,
  outputs: number,
  relu = false,
  norm: HeadLayer['norm'] = 'none'
): HeadLayer => ({ inputs, outputs, relu, norm })
