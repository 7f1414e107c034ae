/** The lessons, in English. What is said of a result is tested on that result (tests/lessons/lessons.test.ts). */
export const lessons = {
  menu: 'Lessons',
  open: 'open the list',
  about:
    'Questions about active learning, each with curves that this app computed earlier. You can run every experiment again here, or change it first.',
  place: (n: string, of: string) => `Lesson ${n} of ${of}`,
  steps: 'Steps of this lesson',
  next: (title: string) => `Next lesson: ${title}`,
  nextStep: (name: string) => `Next step: ${name}`,
  close: 'Close the lesson',
  loading: 'Loading the curves …',
  /** beside the button that runs it */
  run: 'These curves were computed earlier. Run the experiment here to check them, or change something first.',

  each: {
    sizes: {
      title: 'How many images should the initial set hold?',
      steps: [
        {
          name: 'By initial size',
          text: 'Six strategies start from 20, 50, 100 and 200 labels, and all of them end at 300. The grey part of each panel is the initial set: labels drawn at random, before any query. Compare the right ends of the curves. From 200 only two queries are left, and the mean lead of Margin over Random is about half of that from 50.'
        },
        {
          name: 'By strategy',
          text: 'The same numbers, with one panel for each strategy. Random has only one curve, because with 300 random labels it does not matter how many of them were called the initial set. The second chart puts the four starts side by side. Above it stands what ten seeds can decide: at 300 labels it is not decided for any strategy whether the initial size matters. What can be said is how much a start costs at most: about 3 points of accuracy from 20 or 50, about 4 from 100 or 200, whichever strategy you take.'
        }
      ],
      then: 'Add another size under “Initial size”, 10 or 150 for example, and run the experiment. Or add seeds: do they decide more?'
    },
    seeds: {
      title: 'Can you trust a comparison with one seed?',
      steps: [
        {
          name: 'One seed',
          text: 'A comparison with one run of each strategy. Look at the panel “from 50”. Consistency ends far above Random, and a little above Margin too. It looks like a clear success.'
        },
        {
          name: 'Another seed',
          text: 'The same protocol. Only the seed has changed, and with it the initial images and the initial weights. From 50, Consistency now ends below Random, and so does k-center. With one seed, either picture could have been published.'
        },
        {
          name: 'All ten',
          text: 'Thin lines are single seeds, thick lines their means. From 50, the seeds of k-center end up to almost five points apart, the means of the six strategies less than four. Only differences that stand out clearly from this scatter are stated above the charts. All others are not decided.'
        }
      ],
      then: 'Switch “Single seeds” off and on. Then open “Show numbers”: for which strategies is the verdict “not decided”?'
    },
    luck: {
      title: 'How much is the luck of the draw?',
      steps: [
        {
          name: 'At 20 labels',
          text: 'Fifty initial sets of 20 images, drawn from one pool. Each thin line is one of them, with its own initial weights. At 20 labels the unluckiest is at 34%, the luckiest at 52%. But follow any two lines: the one that is ahead at 20 labels is ahead at 50 only about half of the time. After the first query, hardly anything is left of that luck.'
        },
        {
          name: 'At 300 labels',
          text: 'Both strategies in one panel, at the end. Margin is ahead of Random in every one of the fifty draws: in one by less than one point, in another by more than six. A single run would have shown which one is ahead. To know by how much takes many runs.'
        }
      ],
      then: 'Open “Inside a round” and compare the initial sets of seed 8 (the unluckiest) and seed 36 (the luckiest). How many classes does each contain?'
    },
    slide: {
      title: 'Is Consistency best from 50, and Entropy from 100?',
      steps: [
        {
          name: 'Labelled images only',
          text: 'A claim: at 300 labels, Consistency is best from an initial set of 50, and Entropy from one of 100. If the trainings use labelled images only, this is not what comes out here: Entropy is ahead of Consistency from both starts.'
        },
        {
          name: 'With unlabelled images',
          text: 'The claim is ascribed to Gao et al. (2020), who train semi-supervised. So here every training uses the unlabelled images too: the loss asks for the same answer on shifted copies. The thin lines are the curves without this. At 300 labels all three strategies are better than before. But Entropy stays ahead of Consistency, from 50 and from 100.'
        }
      ],
      then: 'These are ten seeds of one data set and one small network. Other images may give another answer: change the data set and run it.'
    },
    below: {
      title: 'Can active learning be worse than random choice?',
      steps: [
        {
          name: 'Shapes',
          text: 'Pictures with misleading colours and backgrounds, hard for so small a network. The mark ▼ shows where a strategy is judged to be below Random. At 200 labels this is Entropy. On Digits, with the same network and as many labels, Entropy is ahead of Random. A possible reason: up to 100 labels this network is wrong about most images, so its uncertainty says little about what it could learn from. And k-center, no better than Random on Digits, is ahead of it here from 100.'
        }
      ],
      then: 'Does a larger start help? Set “Budget” to 500 and add 300 under “Initial size”. Or choose an easier data set.'
    },
    cycles: {
      title: 'Does the number of rounds change the answer?',
      steps: [
        {
          name: 'One query of 250',
          text: 'From 50 labels to 300 in a single query. The network that chooses was trained on 50 images, and it chooses all 250 at once. Entropy and BALD end no better than Random.'
        },
        {
          name: 'Five of 50',
          text: 'The same budget in five queries; the thin lines are the single query. The network is trained again before each query, so a better and better one chooses. Now Margin, Entropy and BALD are all ahead of Random by two points or more.'
        },
        {
          name: 'Ten of 25',
          text: 'Ten queries of 25: nearly twice the trainings, but at 300 labels less than one point away from five queries. Random has not moved: how its labels are divided into rounds makes no difference to it. So two papers with different query sizes can disagree about a strategy, and both can be right. (The dip at 225 labels is not due to a strategy, as Random has it too: 225 is 7 × 32 + 1, so the last batch of each epoch is a single image.)'
        },
        {
          name: 'Even batches',
          text: 'The same ten queries, with every epoch cut into even batches (“Batches” under the settings); the thin lines are the step before. The dip is gone: at 225 labels Margin, Entropy and BALD are three to six points higher. At 100, three batches of 32 and one of 4 until now, they are two to four points higher, at 300 less than one. So a detail of the training can move a curve as far as the choice of a strategy does.'
        }
      ],
      then: 'Set “Query size” to 10 and run it: 26 rounds. Is it worth the trainings?'
    },
    steps: {
      title: 'Too few labels, or too few training steps?',
      steps: [
        {
          name: '30 epochs',
          text: 'Every training passes 30 times over its labels. With 20 labels that is 30 steps, with 200 it is 210. So a small start has two handicaps: few labels, and little training. Entropy from 20 is far below Random at 50 and 100 labels.'
        },
        {
          name: '30 epochs, at least 200 steps',
          text: 'The same, but no training has fewer than 200 steps; the thin lines are without this rule. With 20 labels the accuracy is nearly twice as high, and Entropy from 20 is much less behind at 50 and 100 labels. Much of what looked like too few labels was too few steps.'
        }
      ],
      then: 'Set “Minimum number of steps” (under “More settings”) to 1,000 and run it. Is there more to gain?'
    },
    pretraining: {
      title: 'Does self-supervised pretraining cure the cold start?',
      steps: [
        {
          name: 'From scratch',
          text: 'In each round the network is trained from random weights. Remember how low the curves begin: from 20 labels, at 43%.'
        },
        {
          name: 'Linear on SimCLR',
          text: 'An encoder was pretrained on the whole pool without labels (SimCLR). Only one linear layer is trained on its features. The thin lines are from scratch. From 20 labels the curves now begin at 59%. Random gains as well: with 100 labels it is as good as with 200 from scratch. So pretraining helps whoever chooses the labels. At 200 labels only k-center is below Random.'
        },
        {
          name: 'Fine-tuning',
          text: 'The training starts from the same encoder, but now all weights are trained. The thin lines are the linear layer. With 20 labels the frozen encoder is better. With 200 fine-tuning has caught up, and k-center is no longer below Random.'
        }
      ],
      then: 'Make another encoder under “Pretraining”, and see in “Maps of the pool” how it arranges the images.'
    },
    firstChoice: {
      title: 'Does a better first choice cure the cold start?',
      steps: [
        {
          name: 'At 20 labels',
          text: 'Four ways to choose the initial set: at random; at random with equal classes (which nobody can do without labels); k-center on pixels; TypiClust on an encoder that was pretrained without labels. At 20 labels only this choice differs, and it matters a lot. TypiClust, which takes a typical image from each cluster, reaches 61%, a random draw 43%. k-center takes images that are far apart and reaches only 36%: its 20 images come from just seven of the ten classes.'
        },
        {
          name: 'At 200 labels',
          text: 'The same curves at their end. For Random, the first choice now makes less than two points of difference. What shows now is the strategy: from each initial set, the mean of Margin is above that of Random. Here a better first choice helps in the first rounds, but not for long.'
        }
      ],
      then: 'Add one more under “Initial selectors” and run it. What does it choose? See the initial set in “Inside a round”.'
    },
    imbalance: {
      title: 'What if some classes are rare?',
      steps: [
        {
          name: 'Half of the classes are rare',
          text: 'Half of the classes have a tenth of the images of the others in the pool; the test set is balanced. Of 300 random labels only 26 on average are of rare classes. Margin and Entropy know nothing of class sizes, yet they choose more than three times as many, and all four strategies end far ahead of Random. BASE and CBAL balance their queries on purpose. At the end CBAL is about half a point above plain Entropy, which is too little for ten seeds to decide. Open “Inside a round” to count the classes that each strategy chose.'
        }
      ],
      then: 'Under “More settings”, set “Smallest class : largest” to 0.01, or “Class weights” to “balanced”, and run it.'
    }
  }
}
