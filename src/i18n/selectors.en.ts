/** Every initial selector in English: its name, a short one for the ends of lines, the idea, and when it fails. */
const pixels = 'Works on the principal components of the pixels, which need no training.'

const map = 'The encoder must be pretrained by SimCLR, MoCo or MoCo v2. The groups differ from seed to seed.'
const encoder = 'Works on the features of an encoder that is pretrained on the pool without labels.'

export const selectors = {
  random: {
    name: 'Random',
    short: 'random',
    idea: 'Chooses the initial set at random, without looking at the images.',
    fails: 'Small sets often miss a class altogether, and much of what follows depends on luck.'
  },
  balanced: {
    name: 'Balanced random (oracle)',
    short: 'balanced',
    idea: 'Chooses at random, but the same number of images from each class. It cheats: nobody can do this without labels, though many papers start this way.',
    fails: 'It cannot be used in practice.'
  },
  'kMeans:pixels': {
    name: 'k-means (pixels)',
    short: 'k-means',
    idea: `Makes as many clusters as the set has images and takes the image nearest to the centre of each. ${pixels}`,
    fails: 'Clusters of pixels are not classes; images near a centre look average.'
  },
  'kCenter:pixels': {
    name: 'k-center (pixels)',
    short: 'k-center',
    idea: `Starts from the image in the middle, then repeatedly takes the image farthest from all chosen ones. ${pixels}`,
    fails: 'It collects outliers: images that are far from everything and like nothing else.'
  },
  'typiClust:pixels': {
    name: 'TypiClust (pixels)',
    short: 'TypiClust',
    idea: `Makes as many clusters as the set has images and takes from each, large clusters first, the most typical image: the one whose neighbours are nearest. ${pixels}`,
    fails:
      'It was made for self-supervised features: images with typical pixels need not show typical objects.'
  },
  'probCover:pixels': {
    name: 'ProbCover (pixels)',
    short: 'ProbCover',
    idea: `Puts a ball around each image and repeatedly takes the image whose ball contains the most images not covered yet. ${pixels} Of equals the seed takes one.`,
    fails: 'Everything depends on the radius of the balls; sparse regions come last or never.'
  },
  'kMeans:encoder': {
    name: 'k-means (encoder)',
    short: 'k-means (enc.)',
    idea: `Makes as many clusters as the set has images and takes the image nearest to the centre of each. ${encoder}`,
    fails: 'Its clusters are only as good as the encoder; images near a centre look average.'
  },
  'kCenter:encoder': {
    name: 'k-center (encoder)',
    short: 'k-center (enc.)',
    idea: `Starts from the image in the middle, then repeatedly takes the image farthest from all chosen ones. ${encoder}`,
    fails: 'It collects what the encoder finds strange: outliers.'
  },
  'typiClust:encoder': {
    name: 'TypiClust (encoder)',
    short: 'TypiClust (enc.)',
    idea: `Makes as many clusters as the set has images and takes from each, large clusters first, the most typical image: the one whose neighbours are nearest. ${encoder} That is what it was made for.`,
    fails: 'Where the encoder does not group images by class, neither do the clusters.'
  },
  'probCover:encoder': {
    name: 'ProbCover (encoder)',
    short: 'ProbCover (enc.)',
    idea: `Puts a ball around each image and repeatedly takes the image whose ball contains the most images not covered yet. ${encoder} That is what it was made for. Of equals the seed takes one.`,
    fails: 'Everything depends on the radius of the balls; sparse regions come last or never.'
  },
  'firstChoice:hard': {
    name: 'Hard to contrast (encoder)',
    short: 'hard to contrast (enc.)',
    idea: `Making Your First Choice: groups the images by an encoder’s features (three groups per class), goes through the groups in turn, and takes from each the image that the encoder found hardest to tell from others during its training. Such images are typical ones. ${map}`,
    fails:
      'It does not say how many images to take. With fewer images than groups, some groups, perhaps a whole class, get none. And an image that is hard to tell from others may simply be a bad image.'
  },
  'firstChoice:ambiguous': {
    name: 'Ambiguous to contrast (encoder)',
    short: 'ambiguous (enc.)',
    idea: `Making Your First Choice, its second rule: takes from each group of images the one that the encoder could sometimes tell from others and sometimes not during its training. ${map}`,
    fails:
      'How much an image wavers depends on how long the encoder is trained. The authors got better results with the hard images.'
  },
  'firstChoice:easy': {
    name: 'Easy to contrast (encoder)',
    short: 'easy to contrast (enc.)',
    idea: `Making Your First Choice, for comparison: takes from each group of images the one that the encoder found easiest to tell from others. ${map}`,
    fails: 'Images that are easy to tell from everything else are outliers.'
  },
  pt4al: {
    name: 'PT4AL (rotation)',
    short: 'PT4AL (rotation)',
    idea: 'A network learns from the pool, without labels, to tell how far an image was rotated. Images are sorted by how hard that is, hardest first, and divided into as many batches as the run has rounds. The initial set is taken from the hardest batch at even intervals.',
    fails:
      'Images that look the same when rotated (0, 1, 8) count as hard although they are only ambiguous. Another number of rounds gives another set.'
  }
}

/** What the groups of the list stand on. */
export const selectorKinds = {
  draws: 'at random',
  pixels: 'by pixels, no training',
  encoder: 'by an encoder',
  dynamics: 'by the dataset map',
  pretextLoss: 'by a pretext task'
}
