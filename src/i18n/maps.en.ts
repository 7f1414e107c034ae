/** The maps of the pool, in English. */
export const maps = {
  heading: 'Maps of the pool',
  about:
    'Shows the images as points: those that are similar, by their pixels or to an encoder, lie close together.',
  otherPool:
    'These maps show the pool of the experiment that is set here. The curves on screen belong to another pool.',
  embedding: 'Embedding map',
  dynamics: 'Dataset map',
  dynamicsAbout:
    'How well a contrastive pretraining could tell each image’s second view from all others, over its epochs. Images at the top were easy, those at the bottom hard; those on the right changed most from epoch to epoch.',
  by: 'Features',
  bases: { pixels: 'pixels', encoder: 'encoder' },
  arrangement: 'Arranged by',
  arrangements: { pca: 'PCA', umap: 'UMAP' },
  colour: 'Colour',
  colours: { class: 'class', round: 'round', correct: 'correctness' },
  confidence: 'Confidence',
  variability: 'Variability',
  arm: 'Labelled by',
  armOf: (line: string, size: string, seed: string) => `${line}, from ${size}, seed ${seed}`,
  initial: (labels: string) => `initial set (${labels})`,
  round: (labels: string) => `at ${labels}`,
  making: 'Making the map…',
  arranging: (share: string) => `UMAP: ${share}`,
  preparing: 'UMAP: looking for neighbours…',
  progress: 'Progress of UMAP',
  cancel: 'Cancel',
  missing:
    'The encoder of these settings is not here yet. Pretrain it now, or open the file of one that was made with the same settings on the same images.',
  pretrain: 'Pretrain now',
  pretraining: 'The encoder is being pretrained: see “Pretraining”.',
  chart: (name: string) => `${name}: arrow keys move from image to image, Enter highlights its group`,
  /** what the map says in one sentence */
  embeddingSummary: (images: string, of: string, purity: string) =>
    `${images} of ${of} images. On average, ${purity} of an image’s ten nearest neighbours in this map have its class.`,
  dynamicsSummary: (images: string, of: string, confidence: string, correct: string) =>
    `${images} of ${of} images. Mean confidence ${confidence}; in ${correct} of the checks, an image’s second view was the nearest of all.`,
  image: (row: string, name: string) => `Image ${row}: ${name}`,
  labelledIn: (round: string) => `labelled: ${round}`,
  unlabelled: 'not labelled',
  dynamicsOf: (confidence: string, variability: string, correct: string) =>
    `confidence ${confidence}, variability ${variability}, correctness ${correct}`,
  /** of the buttons that bring one group out */
  legend: (colour: string) => `Legend by ${colour}: press an entry to highlight it`,
  /** in a file, which has no switches: what images are arranged by, and how */
  made: (features: string, arrangement: string) => `Features: ${features}. Arranged by ${arrangement}.`,
  coloured: (colour: string) => `Coloured by ${colour}.`,
  colouredByArm: (arm: string) => `Coloured by round: ${arm}.`,
  numbers: 'By class, as numbers',
  /** with what an arm has labelled */
  numbersOf: (arm: string) => `By class, as numbers, labelled by ${arm}`,
  columns: {
    class: 'Class',
    images: 'Images',
    initial: 'In the initial set',
    labelled: 'Labelled',
    purity: 'Neighbours of the same class',
    confidence: 'Confidence',
    variability: 'Variability',
    correct: 'Correctness'
  }
}
