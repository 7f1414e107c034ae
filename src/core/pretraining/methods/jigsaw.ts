import { permutations } from '../jigsaw.ts'
import { layer, type Method } from './method.ts'

export const jigsaw: Method = {
  family: 'pretext',
  tellsViews: false,
  formula: 'CE(π, g(π x))',
  source:
    'Noroozi, Favaro: Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles, ECCV 2016; as one image: Carlucci et al., CVPR 2019',
  temperature: 1,
  suggested: { images: 40000, batchSize: 32, learningRate: 0.001 },
  heads: (features, width) => ({
    projection: [layer(features, width, true), layer(width, permutations.length)],
    prediction: []
  })
}
