import { layer, type Method } from './method.ts'

export const simclr: Method = {
  family: 'contrast',
  tellsViews: true,
  formula: '−ln exp(z_i·z_j/τ) / Σ_{n≠i} exp(z_i·z_n/τ)',
  source:
    'Chen, Kornblith, Norouzi, Hinton: A Simple Framework for Contrastive Learning of Visual Representations, ICML 2020',
  temperature: 0.5,
  suggested: { images: 40000, batchSize: 32, learningRate: 0.001 },
  heads: (features, width) => ({
    projection: [layer(features, width, true), layer(width, width)],
    prediction: []
  })
}
