import { layer, type Method } from './method.ts'

export const rotation: Method = {
  family: 'pretext',
  tellsViews: false,
  formula: '¼ Σ_r CE(r, g(rot_r x)), r ∈ {0°, 90°, 180°, 270°}',
  source:
    'Gidaris, Singh, Komodakis: Unsupervised Representation Learning by Predicting Image Rotations, ICLR 2018',
  temperature: 1,
  suggested: { images: 20000, batchSize: 32, learningRate: 0.003 },
  heads: (features, width) => ({
    projection: [layer(features, width, true), layer(width, 4)],
    prediction: []
  })
}
