/** The experiment table in English: a label and a help text for every row, a label for every option. */
export const rows = {
  source: {
    label: 'Data set',
    help: 'The images. Built-in sets are generated from a seed in this browser; your own files never leave it.'
  },
  dataSeed: {
    label: 'Data seed',
    help: 'Decides which images of the data set are used (the view) and which labels are wrong. Another seed gives another sample of the same kind.'
  },
  poolSize: {
    label: 'Pool',
    help: 'Images that may be queried. A strategy can only be as good as what the pool offers.'
  },
  testSize: {
    label: 'Test set',
    help: 'Images that accuracy is measured on. They are never trained on and never queried. With 1,000 of them, an accuracy of 90% is known to about ±2 points.'
  },
  testBalance: {
    label: 'Test classes',
    help: 'How the test images are divided among the classes: as in the data set, or balanced, the same number of each. Then accuracy is balanced accuracy: the mean of the classes’ recalls, in which a rare class counts as much as a frequent one. The test set can then be no larger than its rarest class allows.'
  },
  classes: {
    label: 'Classes',
    help: 'Which classes take part. Fewer classes make an easier and quicker problem; two that look alike make a hard one.'
  },
  imbalance: {
    label: 'Class imbalance',
    help: 'How the number of images decreases from class to class in the pool. The test set stays as it is.'
  },
  imbalanceRatio: {
    label: 'Smallest class : largest',
    help: 'Smallest class over largest class in the pool. 0.1 means that the rarest class has a tenth of the images of the most frequent one.'
  },
  labelNoise: {
    label: 'Wrong labels',
    help: 'Share of pool labels that are replaced by another class, as a careless annotator would do. The test labels stay correct.'
  },
  duplicates: {
    label: 'Near-duplicates',
    help: 'Share of pool images that are replaced by slightly changed copies of others, like frames of a video. Strategies that score each image by itself then query nearly the same image many times.'
  },
  initialSizes: {
    label: 'Initial size',
    help: 'How many labels the first round has. They are chosen before any network exists: the cold start. Several sizes are computed side by side.'
  },
  selectors: {
    label: 'Initial selectors',
    help: 'The rules that choose the initial set, before any network has seen a label. With several of them every strategy runs from each, and the charts compare them.'
  },
  grid: {
    label: 'Label counts',
    help: 'Where accuracy is measured. Aligned: at multiples of the query size, so that all initial sizes can be compared exactly. Literal: initial size plus multiples of the query size, as papers do.'
  },
  querySize: {
    label: 'Query size',
    help: 'Number of images that a strategy picks at once in one round. Large queries need less computing but contain more similar images.'
  },
  budget: { label: 'Budget', help: 'The final number of labels, initial set included.' },
  strategies: {
    label: 'Strategies',
    help: 'The rules that pick the query. Random is the baseline that the others have to beat.'
  },
  seeds: {
    label: 'Seeds',
    help: 'How many times everything is repeated, with other initial sets and other initial weights. With three seeds most differences are not decided; ten are a good start.'
  },
  firstSeed: {
    label: 'First seed',
    help: 'Seeds count up from here. Experiments with other seeds are independent repetitions.'
  },
  network: {
    label: 'Network',
    help: 'Three blocks of convolution, ReLU and pooling (small 8-16-32 channels, reference 16-32-64, large 32-64-128), then two dense layers. The small one is quick; the sample was computed with the reference network.'
  },
  epochs: {
    label: 'Epochs',
    help: 'Passes over the labelled set in each training.'
  },
  stepsFloor: {
    label: 'Minimum number of steps',
    help: 'Minimum number of optimiser steps of a training. With epochs alone, a training on 20 labels would get only 30 steps and lose accuracy for reasons that have nothing to do with labels. With 0, epochs alone decide.'
  },
  learningRate: { label: 'Learning rate', help: 'Step size of the optimiser, Adam.' },
  batchSize: {
    label: 'Batch size',
    help: 'Images per optimiser step.'
  },
  batches: {
    label: 'Batches',
    help: 'How the labelled images of an epoch are cut into batches. Filled: the last one takes what is left, as is usual. Where that is only one or two images, the training is disturbed: with batches of 32, 193 labels came out three points below 192 (Digits, small network, 10 seeds). Even: as many batches, all of one size, give or take an image; then 193 labels did as well as 192.'
  },
  dropout: {
    label: 'Dropout',
    help: 'Share of features switched off at random in training. BALD and other strategies that measure uncertainty with these masks need it.'
  },
  augmentation: {
    label: 'Augmentation',
    help: 'How training images are varied. Flips are for images that keep their meaning when mirrored: not for digits.'
  },
  mode: {
    label: 'Training mode',
    help: 'From scratch: every round trains a new network. Warm start: every round continues from the weights of the round before. It adapts quickly, but what was learned from the first few labels stays in the weights, and Random is no longer the same for all initial sizes. Fine-tuning and linear evaluation start from an encoder that was pretrained on the pool without labels. Fine-tuning continues to train the whole network; linear evaluation trains only the last layer, which takes milliseconds.'
  },
  classWeights: {
    label: 'Class weights',
    help: 'Balanced: images of rare classes count more in the loss, so that all classes of the labelled set weigh the same. For imbalanced pools.'
  },
  unlabelled: {
    label: 'Unlabelled images',
    help: 'Semi-supervised training: each step sees images without labels too, for every strategy alike. Mean teacher: the network should agree with a moving average of its own weights that sees the image shifted differently; this average is what is measured and queried. Consistency (the objective of Gao et al., after MixMatch): the predictions for two shifted copies should agree with their sharpened mean. TOD’s loss: outputs should stay near those of the moving average; the authors combine it with a warm start and the strategy TOD. A step takes two to three times as long. All of these methods gain from more steps. Linear evaluation trains one layer on fixed features and does not use unlabelled images.'
  },
  unlabelledWeight: {
    label: 'Weight of unlabelled images',
    help: 'How much unlabelled images count compared with labelled ones, as a multiple of the method’s standard weight. 0 is plain training, bit for bit.'
  },
  unlabelledRatio: {
    label: 'Unlabelled per labelled image',
    help: 'Number of unlabelled images in a step for each image of the batch size.'
  },
  unlabelledRampUp: {
    label: 'Ramp-up',
    help: 'Share of the steps during which this weight rises: early in training, the guesses of the network are poor. 0: full weight from the first step.'
  },
  unlabelledDecay: {
    label: 'Decay of the average',
    help: 'Share of itself that the moving average of the weights keeps at each step. The published 0.999 suits many thousands of steps; in a training of 200 steps, the first weights would still count as much as the last ones.'
  },
  pretraining: {
    label: 'Method',
    help: 'How the encoder learns from the pool without labels. Pretext tasks: which way up an image is (rotation), how its tiles are ordered (jigsaw). Contrast: telling each image from all others (instance discrimination, SimCLR, MoCo). Similarity: making the features of two views of an image similar (SimSiam).'
  },
  pretrainingViews: {
    label: 'Views',
    help: 'How images may be changed to make views of them. Signs (digits, letters, outlines): crops, small rotations, contrast, any colours, no mirror images. Pictures: smaller crops, mirror images, and slightly changed colours. Choosing a data set sets what usually suits it: signs for grey images, pictures for colour.'
  },
  pretrainingEpochs: {
    label: 'Epochs',
    help: 'Passes over the whole pool. SimSiam and instance discrimination need many; MoCo needs fewer. The curve of kNN accuracy shows when it is enough.'
  },
  pretrainingBatch: {
    label: 'Batch size',
    help: 'Images per step. SimCLR tells an image from the others of its batch and needs large batches; MoCo has a queue, so small ones are enough. In a short pretraining on a small pool, small batches do better because they take more steps.'
  },
  pretrainingRate: {
    label: 'Learning rate',
    help: 'Step size of the pretraining. Instance discrimination needs small steps: its memory starts from the outputs of the untrained network, and each entry moves halfway to the new output once an epoch; with large steps it lags behind the network.'
  },
  pretrainingSeed: {
    label: 'Seed',
    help: 'One encoder is used for all seeds of the experiment. Another seed here gives another encoder.'
  }
}

export const options = {
  imbalance: { none: 'none', exponential: 'exponential', step: 'step' },
  grid: { aligned: 'aligned', literal: 'literal' },
  network: { small: 'small', reference: 'reference', large: 'large' },
  augmentation: { none: 'none', shift: 'shift', flip: 'shift and flip' },
  mode: {
    scratch: 'from scratch',
    warm: 'warm start',
    fineTune: 'pretrained, fine-tuned',
    linear: 'pretrained, linear'
  },
  batches: { filled: 'filled', even: 'even' },
  classWeights: { none: 'none', balanced: 'balanced' },
  testBalance: { asIs: 'as they are', balanced: 'balanced' },
  unlabelled: {
    none: 'not used',
    meanTeacher: 'mean teacher',
    consistency: 'consistency',
    temporal: 'TOD’s loss'
  },
  pretraining: {
    rotation: 'Rotation',
    jigsaw: 'Jigsaw',
    instance: 'Instance discrimination',
    simclr: 'SimCLR',
    moco: 'MoCo',
    mocoV2: 'MoCo v2',
    simsiam: 'SimSiam'
  },
  pretrainingViews: { signs: 'signs', pictures: 'pictures' }
}

/** The built-in data sets. */
export const synthetic = {
  digits: { name: 'Digits', about: 'Handwriting-like digits, 28×28, grey, ten classes.' },
  shapes: {
    name: 'Shapes',
    about: 'Shapes with misleading colour, texture and background, 32×32, ten classes. Harder.'
  }
}

/** A row whose name alone could be another's. */
export const inGroup = (group: string, label: string) => `${group}: ${label}`

/** Headings over the rows of a scope. */
export const scopes = { view: 'Data', protocol: 'Protocol', recipe: 'Training' }

/** What is wrong with a value; `limit` is written out already. */
export const problems = {
  notANumber: () => 'This must be a number.',
  notAnInteger: () => 'This must be a whole number.',
  tooSmall: (limit: string) => `At least ${limit}.`,
  tooLarge: (limit: string) => `At most ${limit}.`,
  notAnOption: (limit: string) => (limit ? `One of: ${limit}.` : 'This is not one of the options.'),
  notAList: () => 'This must be a list.',
  emptyList: () => 'At least one is needed.',
  tooMany: (limit: string) => `At most ${limit} at once.`,
  repeated: () => 'Each only once.',
  notASource: () => 'The page cannot read this data set.',
  budgetBelowInitial: (limit: string) => `The budget must be at least the largest initial size, ${limit}.`,
  budgetAbovePool: (limit: string) => `There are only ${limit} images in the pool.`,
  initialAbovePool: (limit: string) =>
    `There are only ${limit} images in the pool: an initial set cannot be larger.`,
  oneClass: () => 'At least two classes are needed.',
  notAnObject: () => 'This is not the specification of an experiment.'
}
