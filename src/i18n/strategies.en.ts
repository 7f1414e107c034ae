/** Every query strategy in English: name, the idea in one paragraph, when it fails. Formula and source stand in its own file. */
export const strategies = {
  random: {
    name: 'Random',
    idea: 'Draws the query blindly. It is the baseline: a strategy that is not above it costs computing time and gains nothing. Here it goes on along the order of the initial draws, so at N labels it is the same whatever the initial size.',
    fails:
      'It cannot fail, but it varies: with few seeds its own spread is often larger than its distance to the others.'
  },
  leastConfidence: {
    name: 'Least confidence',
    idea: 'Queries the images whose most probable class is least probable: where the network would bet least on its own answer.',
    fails:
      'When many images look alike the query repeats itself; and early, when the confidence of a network with 20 labels means little.'
  },
  margin: {
    name: 'Margin',
    idea: 'Queries the images whose two most probable classes are closest: where the network hesitates between two answers.',
    fails: 'The query is redundant, as with every score per image; and all classes but two are ignored.'
  },
  entropy: {
    name: 'Entropy',
    idea: 'Queries the images whose predicted distribution over all classes is flattest: where the network knows least.',
    fails:
      'With many classes, a lot of slight doubts weigh as much as one real one. From few labels it chases outliers and is often below random on hard data.'
  },
  bald: {
    name: 'BALD',
    idea: 'Asks twenty slightly different networks (dropout masks) and queries the images where each is sure of itself and they disagree: there a label teaches most about the weights.',
    fails:
      'Without dropout all twenty are the same; and in large queries it picks the same kind of image again and again.'
  },
  kCenter: {
    name: 'k-center',
    idea: 'Covers the pool: again and again takes the image farthest from everything labelled so far, in the space of the network’s own features.',
    fails:
      'Outliers are far from everything, so it takes them first; and early the features are close to noise.'
  },
  consistency: {
    name: 'Consistency',
    idea: 'Moves each image by a pixel this way and that, and queries those whose prediction changes most: the network has not yet understood that they are the same.',
    fails: 'When the network does not mind such shifts anyway, or when they change what the image shows.'
  }
}

export const categories = {
  baseline: 'baseline',
  uncertainty: 'uncertainty',
  diversity: 'diversity',
  hybrid: 'hybrid'
}

/** Why a strategy cannot run in a setting. */
export const refusals = { needsDropout: 'needs dropout above 0' }
