/** Every initial selector in English: its name, a short one for the ends of lines, the idea, and when it fails. */
const pixels = 'Works on the images’ principal components, which need no training.'

const map = 'The encoder must learn by SimCLR, MoCo or MoCo v2. Seeds have other groups.'
const encoder = 'Works on the features of an encoder that is pretrained on the pool without labels.'

export const selectors = {
  random: {
    name: 'Random',
    short: 'random',
    idea: 'Draws the initial set blindly.',
    fails: 'Small sets often miss a class altogether; and luck decides much of what follows.'
  },
  balanced: {
    name: 'Balanced random (oracle)',
    short: 'balanced',
    idea: 'Draws blindly, but the same number of each class. It cheats: nobody can do this without labels, though many papers begin this way.',
    fails: 'It cannot be used in earnest.'
  },
  'kMeans:pixels': {
    name: 'k-means (pixels)',
    short: 'k-means',
    idea: `Makes as many clusters as the set has images and takes from each the image nearest to its centre. ${pixels}`,
    fails: 'Clusters of pixels are not classes; images near a centre look average.'
  },
  'kCenter:pixels': {
    name: 'k-center (pixels)',
    short: 'k-center',
    idea: `Begins in the middle and again and again takes the image farthest from all chosen ones. ${pixels}`,
    fails: 'It collects outliers: far from everything, and like nothing else.'
  },
  'typiClust:pixels': {
    name: 'TypiClust (pixels)',
    short: 'TypiClust',
    idea: `Makes as many clusters as the set has images and takes from each the most typical one, whose neighbours are nearest; large clusters first. ${pixels}`,
    fails: 'It was made for self-supervised features; typical pixels are not typical objects.'
  },
  'probCover:pixels': {
    name: 'ProbCover (pixels)',
    short: 'ProbCover',
    idea: `Again and again takes the image whose ball holds most images not covered yet. ${pixels} Seeds differ little.`,
    fails: 'Everything hangs on the radius of the balls; thin regions come last or never.'
  },
  'kMeans:encoder': {
    name: 'k-means (encoder)',
    short: 'k-means, enc.',
    idea: `Makes as many clusters as the set has images and takes from each the image nearest to its centre. ${encoder}`,
    fails: 'Its clusters are no better than the encoder; images near a centre look average.'
  },
  'kCenter:encoder': {
    name: 'k-center (encoder)',
    short: 'k-center, enc.',
    idea: `Begins in the middle and again and again takes the image farthest from all chosen ones. ${encoder}`,
    fails: 'It collects what the encoder finds strange: outliers.'
  },
  'typiClust:encoder': {
    name: 'TypiClust (encoder)',
    short: 'TypiClust, enc.',
    idea: `Makes as many clusters as the set has images and takes from each the most typical one, whose neighbours are nearest; large clusters first. ${encoder} That is what it was made for.`,
    fails: 'Where the encoder does not group images by class, neither do the clusters.'
  },
  'probCover:encoder': {
    name: 'ProbCover (encoder)',
    short: 'ProbCover, enc.',
    idea: `Again and again takes the image whose ball holds most images not covered yet. ${encoder} That is what it was made for. Seeds differ little.`,
    fails: 'Everything hangs on the radius of the balls; thin regions come last or never.'
  },
  'firstChoice:hard': {
    name: 'Hard to contrast (encoder)',
    short: 'hard to contrast, enc.',
    idea: `Making Your First Choice: groups the images by an encoder’s features, three groups a class, and goes round them, taking from each the image that the encoder found hardest to tell from others while it learned. Such images are typical ones. ${map}`,
    fails:
      'It says nothing of how many images to take; with fewer than one a group some groups, perhaps a whole class, come away empty. And what is hard to tell from others may also be a bad image.'
  },
  'firstChoice:ambiguous': {
    name: 'Ambiguous to contrast (encoder)',
    short: 'ambiguous, enc.',
    idea: `Making Your First Choice, its second rule: from each group of images the one that the encoder told from others now well and now badly while it learned. ${map}`,
    fails:
      'How much an image wavers depends on how long the encoder learns. The authors do better with the hard ones.'
  },
  'firstChoice:easy': {
    name: 'Easy to contrast (encoder)',
    short: 'easy to contrast, enc.',
    idea: `Making Your First Choice, for comparison: from each group of images the one that the encoder found easiest to tell from others. ${map}`,
    fails: 'Easy to tell from everything else are outliers.'
  },
  pt4al: {
    name: 'PT4AL (rotation)',
    short: 'PT4AL, rotation',
    idea: 'A network learns from the pool, without a label, to tell by how far an image was turned. Images are sorted by how hard that is, hardest first, and cut into as many batches as the run has rounds; the initial set goes through the hardest batch in even steps.',
    fails:
      'Images that look the same when turned (0, 1, 8) are only ambiguous, and count as hard. Another number of rounds makes another set.'
  }
}

/** What the groups of the list stand on. */
export const selectorKinds = {
  draws: 'drawn',
  pixels: 'by pixels, no training',
  encoder: 'by an encoder',
  dynamics: 'by the dataset map',
  pretextLoss: 'by a pretext task'
}
