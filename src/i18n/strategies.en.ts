/** Every query strategy in English: name, the idea in one paragraph, when it fails. Formula and source stand in its own file. */
const coveredTies = 'Often many balls would cover equally many new images: then the seed decides among them.'

export const strategies = {
  random: {
    name: 'Random',
    idea: 'Chooses the query at random. It is the baseline: a strategy that is not above it costs computing time and gains nothing. Here it continues along the same random order as the initial set, so at N labels it is the same for every initial size (with random initial sets and training from scratch).',
    cost: 'None.',
    fails:
      'It cannot fail, but it varies: with few seeds its own spread is often larger than its distance to the others.'
  },
  balancedRandom: {
    name: 'Balanced random (oracle)',
    idea: 'Chooses at random, but the same number of images from each class. It cheats, and its authors use it as a baseline that does: it reads labels (with label noise, the noisy ones) that nobody has paid for yet. Compared with Random, it shows how much of a strategy’s gain comes from class balance alone.',
    cost: 'No computing, but it needs all labels.',
    fails: 'It cannot be used in practice. It uses up rare classes early.'
  },
  leastConfidence: {
    name: 'Least confidence',
    idea: 'Queries the images whose most probable class is least probable: where the network is least confident of its own answer.',
    cost: 'One pass over the pool.',
    fails:
      'When many images look alike, it chooses similar images again and again. And early on, the confidence of a network with 20 labels means little.'
  },
  margin: {
    name: 'Margin',
    idea: 'Queries the images whose two most probable classes are closest: where the network hesitates between two answers.',
    cost: 'One pass over the pool.',
    fails:
      'The chosen images are similar to each other, as with every method that scores images one by one; and all classes but the top two are ignored.'
  },
  entropy: {
    name: 'Entropy',
    idea: 'Queries the images whose predicted distribution over all classes is flattest: where the network knows least. The measure comes from the first source, its use in active learning from the second.',
    cost: 'One pass over the pool.',
    fails:
      'With many classes, many small doubts weigh as much as one real doubt. With few labels it chases outliers and is often below random on hard data.'
  },
  mase: {
    name: 'MASE',
    idea: 'Queries the images closest to a boundary between two classes, measured as a distance in the network’s own feature space (Margin compares probabilities instead).',
    cost: 'One pass over the pool.',
    fails:
      'The chosen images are similar to each other and often from few classes. BASE was made to correct that.'
  },
  mcEntropy: {
    name: 'MC entropy',
    idea: 'Asks twenty slightly different networks (dropout masks), averages their answers and queries the images where the average is flattest.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'It cannot distinguish doubt that more labels would remove from doubt that lies in the image itself; BALD can. Without dropout it is the same as Entropy.'
  },
  bald: {
    name: 'BALD',
    idea: 'Asks twenty slightly different networks (dropout masks) and queries the images where each is sure but they disagree: there, a label tells most about the weights.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'Without dropout, all twenty are the same. In large queries it picks the same kind of image many times.'
  },
  variationRatios: {
    name: 'Variation ratios',
    idea: 'Lets twenty slightly different networks (dropout masks) vote and queries the images with the smallest majority. These are real votes; some published code uses the largest mean probability instead.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'Twenty votes give only a few different scores, so many images tie, and the seed decides among them. And a vote does not say how sure it was.'
  },
  meanStd: {
    name: 'Mean STD',
    idea: 'Asks twenty slightly different networks (dropout masks) how probable each class is and queries the images where their answers spread most.',
    cost: 'Twenty passes through the last layers.',
    fails:
      'An image that all twenty call a coin toss gets a low score. And without dropout there is no spread.'
  },
  consistency: {
    name: 'Consistency',
    idea: 'Shifts each image by one pixel in several directions and queries those whose prediction changes most: the network has not yet understood that the shifted images are the same.',
    cost: 'Six or seven passes over the pool.',
    fails:
      'When the network is insensitive to such shifts anyway, or when a shift changes what the image shows.'
  },
  tod: {
    name: 'TOD',
    idea: 'Temporal output discrepancy: compares the network’s output now with its output one round ago, and queries the images where it changed most. In the first round it compares with the output before training, and queries the images where it changed least.',
    cost: 'One more pass over the pool, with the weights of the round before.',
    fails:
      'When every round starts from new weights, much of the change is chance. The authors continue training from round to round (warm start), and also use unlabelled images (TOD’s loss).'
  },
  learningLoss: {
    name: 'Learning loss (+\u00a0module)',
    idea: 'A small module attached to the network learns to predict the loss of each image; the images with the largest predicted loss are queried. Training the module also changes the network.',
    cost: 'One pass over the pool; and every training takes about 50% longer.',
    fails:
      'With few labels it sees only the losses of images that the network has memorised, so its predictions say little and often favour one class. Even the true loss need not be a better guide.'
  },
  mcdal: {
    name: 'MCDAL (+\u00a02\u00a0heads)',
    idea: 'Two more heads on the network learn the same labels, but on unlabelled images they learn to contradict each other and the network as much as they can. Queries the images where the three disagree most.',
    cost: 'One pass over the pool; and every training takes more than twice as long.',
    fails:
      'The heads may disagree because an image looks odd, not because its label would help. The network itself learns nothing from them.'
  },
  kCenter: {
    name: 'k-center',
    idea: 'Covers the pool: repeatedly takes the image farthest from all labelled images, in the space of the network’s own features.',
    cost: 'Distances from every image to all labelled images.',
    fails:
      'Outliers are far from everything, so it takes them first. And early on the features are little more than noise.'
  },
  kMeans: {
    name: 'k-means',
    idea: 'Clusters the pool by the network’s own features, into as many clusters as the query has images, and takes the image nearest to the centre of each. It does not use the informativeness weights of the first source, as in DeepAL+ (the second).',
    cost: 'One clustering of the pool (with large queries the centres come from a sample).',
    fails: 'It ignores what is already labelled, so it may label the same region again.'
  },
  badge: {
    name: 'BADGE',
    idea: 'Assumes that the network’s prediction is right and looks at how the last layer would change: large changes mean doubt, different directions mean different images. Samples images that are far from each other in this space.',
    cost: 'One pass over the pool, then distances from every image to each pick.',
    fails:
      'It samples, so chance plays a part. And it measures differences by features that are poor early on.'
  },
  clusterMargin: {
    name: 'Cluster-Margin',
    idea: 'Collects the images with the smallest margins, ten times as many as needed, then goes through the clusters that they belong to, small ones first, taking one image from each in turn.',
    cost: 'One clustering of the pool (of a sample where it is large).',
    fails: 'The number of clusters is a guess. With a weak network the clusters mean little.'
  },
  'typiClust:pixels': {
    name: 'TypiClust (pixels)',
    idea: 'Clusters the pool and takes from each cluster without a label the most typical image: the one whose neighbours are nearest. Made for few labels. Here it works on the principal components of the pixels, which need no training.',
    cost: 'One clustering of the pool.',
    fails:
      'Images with typical pixels need not show typical objects: on photographs it needs better features. With many labels, typical images teach nothing new.'
  },
  'typiClust:encoder': {
    name: 'TypiClust (encoder)',
    idea: 'Clusters the pool and takes from each cluster without a label the most typical image: the one whose neighbours are nearest. Made for few labels and, as here, for the features of an encoder that is pretrained on the pool without labels.',
    cost: 'One pretraining for the whole experiment, then one clustering of the pool per query.',
    fails:
      'Where the encoder does not group images by class, neither do the clusters. With many labels, typical images teach nothing new.'
  },
  'typiClust:embedding': {
    name: 'TypiClust (embedding)',
    idea: 'Clusters the pool and takes from each cluster without a label the most typical image: the one whose neighbours are nearest. Here it works on the features of the network that was just trained.',
    cost: 'One clustering of the pool.',
    fails:
      'It was made for self-supervised features. The features of a network with few labels are poor just when it should help most.'
  },
  'probCover:pixels': {
    name: 'ProbCover (pixels)',
    idea: 'Covers the pool with balls: repeatedly takes the image whose ball contains the most images not covered yet. The radius is the largest at which (nearly) all balls stay inside one cluster; no labels are used. Made for few labels. Here it works on the principal components of the pixels, which need no training.',
    cost: 'Distances between all pairs of images (of a sample where the pool is large).',
    fails: `Everything depends on the radius. ${coveredTies} And images with similar pixels need not be of the same class.`
  },
  'probCover:encoder': {
    name: 'ProbCover (encoder)',
    idea: 'Covers the pool with balls: repeatedly takes the image whose ball contains the most images not covered yet. The radius is the largest at which (nearly) all balls stay inside one cluster; no labels are used. Made for few labels and, as here, for the features of an encoder that is pretrained on the pool without labels.',
    cost: 'One pretraining for the whole experiment, then distances between all pairs of images (of a sample where the pool is large).',
    fails: `Everything depends on the radius. ${coveredTies} And an encoder need not bring images of one class together.`
  },
  'probCover:embedding': {
    name: 'ProbCover (embedding)',
    idea: 'Covers the pool with balls: repeatedly takes the image whose ball contains the most images not covered yet. The radius is the largest at which (nearly) all balls stay inside one cluster; no labels are used. Here it works on the features of the network that was just trained.',
    cost: 'Distances between all pairs of images (of a sample where the pool is large).',
    fails: `Everything depends on the radius. ${coveredTies} And the features of a network with few labels are poor.`
  },
  pt4al: {
    name: 'PT4AL (rotation)',
    idea: 'Before any label, a network learns to tell how far an image of the pool was rotated. Images are sorted by how hard that is and divided into as many batches as the run has rounds, hardest first. Each query takes from its own batch the images that the network is least sure about.',
    cost: 'One pretraining by rotation for the whole experiment, then one pass over the pool.',
    fails:
      'Images that look the same when rotated (0, 1, 8) count as hard although they are only ambiguous. An image whose batch has passed is not considered again, and the number of rounds must be known in advance.'
  },
  base: {
    name: 'BASE',
    idea: 'Gives every class the same share of the query: the images closest to the boundary of that class in feature space, whether predicted inside it or outside.',
    cost: 'One pass over the pool.',
    fails: 'The shares are counted by the network’s predictions; the true labels may be less even.'
  },
  cbalEntropy: {
    name: 'CBAL (entropy)',
    idea: 'Entropy with a penalty on imbalance: chooses the query as a whole so that the images are uncertain and their expected labels fill up the classes that have few.',
    cost: 'One pass over the pool, then a search among batches.',
    fails: 'It balances predicted classes: with a network that is sure but wrong, nothing is balanced.'
  },
  cbalKCenter: {
    name: 'CBAL (k-center)',
    idea: 'k-center with a penalty on imbalance: takes images that are far from all labelled images and whose expected labels fill up the classes that have few.',
    cost: 'Distances from every image to all labelled images.',
    fails:
      'Distances and class counts are added on a scale that nobody chose. And like k-center, it takes outliers.'
  }
}

/** What a strategy adds to the trainings of its arms, or asks for before them. */
export const additions = {
  learningLoss:
    'A module that reads every block of the network and ranks images by their loss. Its loss is added to that of the network, with weight 1, and reaches the network during the first 60% of the steps. Even the first training is therefore this strategy’s own.',
  mcdal:
    'Two linear heads beside the network’s own, trained on the labelled images and on unlabelled ones. They do not change the network: from the same labels it learns exactly what it learns without them. With mean teacher or consistency, they learn beside the network that is trained, and the query compares their predictions on the moving average of its weights, which is what is measured.'
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
