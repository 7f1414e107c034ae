/** Every query strategy in English: name, the idea in one paragraph, when it fails. Formula and source stand in its own file. */
export const strategies = {
  random: {
    name: 'Random',
    idea: 'Draws the query blindly. It is the baseline: a strategy that is not above it costs computing time and gains nothing. Here it goes on along the order of the initial draws, so at N labels it is the same whatever the initial size (with random initial sets and training from scratch).',
    cost: 'Nothing at all.',
    fails:
      'It cannot fail, but it varies: with few seeds its own spread is often larger than its distance to the others.'
  },
  balancedRandom: {
    name: 'Balanced random (oracle)',
    idea: 'Draws blindly, but the same number of each class. It cheats, and its authors use it as a baseline that does: it reads labels (with noise: the noisy ones) that nobody has paid for yet. Next to Random it shows how much of a strategy’s gain is mere balance.',
    cost: 'Nothing, in computing; in labels, everything.',
    fails: 'It cannot be used in earnest. Where classes are rare it uses them up early.'
  },
  leastConfidence: {
    name: 'Least confidence',
    idea: 'Queries the images whose most probable class is least probable: where the network would bet least on its own answer.',
    cost: 'One pass over the pool.',
    fails:
      'When many images look alike the query repeats itself; and early, when the confidence of a network with 20 labels means little.'
  },
  margin: {
    name: 'Margin',
    idea: 'Queries the images whose two most probable classes are closest: where the network hesitates between two answers.',
    cost: 'One pass over the pool.',
    fails: 'The query is redundant, as with every score per image; and all classes but two are ignored.'
  },
  entropy: {
    name: 'Entropy',
    idea: 'Queries the images whose predicted distribution over all classes is flattest: where the network knows least. The measure is of the first source, its use in active learning of the second.',
    cost: 'One pass over the pool.',
    fails:
      'With many classes, a lot of slight doubts weigh as much as one real one. From few labels it chases outliers and is often below random on hard data.'
  },
  mase: {
    name: 'MASE',
    idea: 'Queries the images closest to a boundary between two classes, measured as a distance in the network’s own feature space, where margin compares probabilities.',
    cost: 'One pass over the pool.',
    fails: 'The query is redundant and often one-sided in its classes: BASE is the remedy.'
  },
  mcEntropy: {
    name: 'MC entropy',
    idea: 'Asks twenty slightly different networks (dropout masks), averages their answers and queries where the average is flattest.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'It cannot tell doubt that more labels would end from doubt that lies in the image; BALD can. Without dropout it is entropy.'
  },
  bald: {
    name: 'BALD',
    idea: 'Asks twenty slightly different networks (dropout masks) and queries the images where each is sure of itself and they disagree: there a label teaches most about the weights.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'Without dropout all twenty are the same; and in large queries it picks the same kind of image again and again.'
  },
  variationRatios: {
    name: 'Variation ratios',
    idea: 'Lets twenty slightly different networks vote and queries the images with the smallest majority. Real votes: some published code uses the largest mean probability instead.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'Twenty votes give few different scores, so many images tie; and a vote says nothing of how sure it was.'
  },
  meanStd: {
    name: 'Mean STD',
    idea: 'Asks twenty slightly different networks how probable each class is and queries where their answers spread most.',
    cost: 'Twenty passes through the last layers.',
    fails: 'An image that all twenty call a coin toss does not count; and without dropout there is no spread.'
  },
  consistency: {
    name: 'Consistency',
    idea: 'Moves each image by a pixel this way and that, and queries those whose prediction changes most: the network has not yet understood that they are the same.',
    cost: 'Six or seven passes over the pool.',
    fails: 'When the network does not mind such shifts anyway, or when they change what the image shows.'
  },
  tod: {
    name: 'TOD',
    idea: 'Temporal output discrepancy: compares what the network says now with what it said a round ago, and queries where that changed most. In the first round it compares with its own beginning, and queries what changed least.',
    cost: 'One more pass over the pool, with the weights of the round before.',
    fails:
      'When every round starts from new weights, much of the change is chance: the authors train on from round to round (warm start), with unlabelled images too (TOD’s loss).'
  },
  learningLoss: {
    name: 'Learning loss (+\u00a0module)',
    idea: 'Beside the network a small module learns to predict how large each image’s loss is, and queries where it expects the largest. While it learns it changes the network too.',
    cost: 'One pass over the pool; and every training takes about half as long again.',
    fails:
      'With few labels it sees only losses of images that the network learns by heart, so what it predicts says little and often one class. Even the true loss need not be a better guide.'
  },
  mcdal: {
    name: 'MCDAL (+\u00a02\u00a0heads)',
    idea: 'Two more heads on the network learn the same labels, and on unlabelled images to contradict each other and the network as far as they can. Queries where the three disagree most.',
    cost: 'One pass over the pool; and every training takes more than twice as long.',
    fails:
      'Where the heads disagree because an image looks odd, not because its label would help. The network itself learns nothing from it.'
  },
  kCenter: {
    name: 'k-center',
    idea: 'Covers the pool: again and again takes the image farthest from everything labelled so far, in the space of the network’s own features.',
    cost: 'A distance from every image to everything labelled.',
    fails:
      'Outliers are far from everything, so it takes them first; and early the features are close to noise.'
  },
  kMeans: {
    name: 'k-means',
    idea: 'Clusters the pool in the network’s own features, as many clusters as the query has images, and takes from each the image nearest to its centre. Without the weights by informativeness of the first source, as in DeepAL+ (the second).',
    cost: 'One clustering of the pool (with large queries the centres come from a sample).',
    fails: 'It does not look at what is labelled already, so it may label the same region again.'
  },
  badge: {
    name: 'BADGE',
    idea: 'Imagines the network’s guess were right and looks at how the last layer would change: long changes mean doubt, different directions mean different images. Draws images that are far from each other in this space.',
    cost: 'One pass over the pool, then a distance from every image to each pick.',
    fails:
      'It draws, so chance takes part; and its sense of difference comes from features that are poor early on.'
  },
  clusterMargin: {
    name: 'Cluster-Margin',
    idea: 'Takes the images with the smallest margins, ten times as many as needed, and goes through the clusters they lie in, small ones first, one image each time.',
    cost: 'One clustering of the pool (of a sample where it is large).',
    fails: 'The number of clusters is a guess; with a weak network the clusters say little.'
  },
  'typiClust:pixels': {
    name: 'TypiClust (pixels)',
    idea: 'Clusters the pool and takes from each cluster that has no label yet the most typical image, the one whose neighbours are nearest. Made for few labels. Here on the images’ principal components, which need no training.',
    cost: 'One clustering of the pool.',
    fails:
      'Typical pixels are not typical objects: on photographs it needs better features. With many labels typical images teach nothing new.'
  },
  'typiClust:encoder': {
    name: 'TypiClust (encoder)',
    idea: 'Clusters the pool and takes from each cluster that has no label yet the most typical image, the one whose neighbours are nearest. Made for few labels and for this: the features of an encoder that is pretrained on the pool without labels.',
    cost: 'One pretraining for the whole experiment, then one clustering of the pool a query.',
    fails:
      'Where the encoder does not group images by class, neither do the clusters. With many labels typical images teach nothing new.'
  },
  'typiClust:embedding': {
    name: 'TypiClust (embedding)',
    idea: 'Clusters the pool and takes from each cluster that has no label yet the most typical image, the one whose neighbours are nearest. Here in the features of the network that was just trained.',
    cost: 'One clustering of the pool.',
    fails:
      'It was made for self-supervised features; those of a network with few labels are poor just when it should help most.'
  },
  'probCover:pixels': {
    name: 'ProbCover (pixels)',
    idea: 'Covers the pool with balls: again and again takes the image whose ball holds most images not covered yet. The radius is the largest at which balls stay inside one cluster (no labels are used). Made for few labels. Here on the images’ principal components, which need no training.',
    cost: 'A distance between all pairs of images (of a sample where the pool is large).',
    fails: 'Everything hangs on the radius; and close pixels need not show the same class.'
  },
  'probCover:encoder': {
    name: 'ProbCover (encoder)',
    idea: 'Covers the pool with balls: again and again takes the image whose ball holds most images not covered yet. The radius is the largest at which balls stay inside one cluster (no labels are used). Made for few labels and for this: the features of an encoder that is pretrained on the pool without labels.',
    cost: 'One pretraining for the whole experiment, then a distance between all pairs of images (of a sample where the pool is large).',
    fails: 'Everything hangs on the radius; and an encoder need not bring images of one class together.'
  },
  'probCover:embedding': {
    name: 'ProbCover (embedding)',
    idea: 'Covers the pool with balls: again and again takes the image whose ball holds most images not covered yet. The radius is the largest at which balls stay inside one cluster (no labels are used). Here in the features of the network that was just trained.',
    cost: 'A distance between all pairs of images (of a sample where the pool is large).',
    fails: 'Everything hangs on the radius; and the features of a network with few labels are poor.'
  },
  pt4al: {
    name: 'PT4AL (rotation)',
    idea: 'Before any label, a network learns to tell by how far an image of the pool was turned. Images are sorted by how hard that is and cut into as many batches as the run has rounds, hardest first; each query takes from its own batch the images that the network is least sure about.',
    cost: 'One pretraining by rotation for the whole experiment, then one pass over the pool.',
    fails:
      'Images that look the same when turned (0, 1, 8) are only ambiguous, and count as hard. An image whose batch has passed is not looked at again, and the number of rounds must be known before.'
  },
  base: {
    name: 'BASE',
    idea: 'Gives every class the same share of the query: the images closest to the boundary of that class in feature space, whether predicted inside it or outside.',
    cost: 'One pass over the pool.',
    fails: 'The shares are counted by what the network thinks; the labels that come back may be less even.'
  },
  cbalEntropy: {
    name: 'CBAL (entropy)',
    idea: 'Entropy with a price on imbalance: chooses the query as a whole so that doubt is large and the labels it expects fill up the classes that have few.',
    cost: 'One pass over the pool, then a search among batches.',
    fails: 'It balances predicted classes: a network that is sure and wrong balances nothing.'
  },
  cbalKCenter: {
    name: 'CBAL (k-center)',
    idea: 'k-center with a price on imbalance: takes images that are far from everything labelled and whose expected labels fill up the classes that have few.',
    cost: 'A distance from every image to everything labelled.',
    fails: 'Distances and class counts share one scale that nobody chose; and outliers, as with k-center.'
  }
}

/** What a strategy adds to the trainings of its arms, or asks for before them. */
export const additions = {
  learningLoss:
    'A module that reads every block of the network and ranks images by their loss. Its loss is added to that of the network, with weight 1, and reaches the network during the first 60 % of the steps. The first training too is this strategy’s own.',
  mcdal:
    'Two linear heads beside the network’s own, trained on the labelled images and on unlabelled ones. They leave the network as it is: from the same labels it learns exactly what it learns without them. Under mean teacher or consistency they learn beside the network that is trained, and the query compares what they say on the moving average of its weights, which is what is measured.'
}

/** The same for whatever stands on a pretraining; by which method, where that is settled. */
export const pretrainingAdded = (method: string | undefined) =>
  `A pretraining without labels${method ? ` (${method})` : ''}, once for the whole experiment. The trainings themselves stay as they are.`

export const categories = {
  baseline: 'baseline',
  uncertainty: 'uncertainty',
  diversity: 'diversity',
  hybrid: 'hybrid',
  coldStart: 'cold start',
  balanced: 'balanced'
}

/** Why a strategy cannot run in a setting. */
export const refusals = {
  needsDropout: 'needs dropout above 0',
  needsImages: 'needs images, not features',
  needsNetwork: 'not with linear evaluation',
  needsContrast: 'needs a pretraining by SimCLR, MoCo or MoCo v2'
}
