import { layer, type Method } from './method.ts'

export const simsiam: Method = {
  family: 'likeness',
  tellsViews: false,
  formula: '−½ cos(p₁, sg(z₂)) − ½ cos(p₂, sg(z₁))',
  source: 'Chen, He: Exploring Simple Siamese Representation Learning, CVPR 2021',
  temperature: 1,
  suggested: { images: 48000, batchSize: 32, learningRate: 0.001 },
  // the small-image setting: two layers before the stop, a bottleneck of a quarter after it
  heads: (features, width) => ({
    projection: [layer(features, width, true, 'affine'), layer(width, width, false, 'plain')],
    prediction: [layer(width, width >> 2, true, 'affine'), layer(width >> 2, width)]
  })
}
