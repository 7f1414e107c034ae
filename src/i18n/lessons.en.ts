/** The lessons, in English. What is said of a result is tested on that result (tests/lessons.test.ts). */
export const lessons = {
  menu: 'Lessons',
  open: 'open the list',
  about:
    'Questions of the field, each with curves that this app computed earlier. Every one of them can be run again here, or changed first.',
  place: (n: string, of: string) => `Lesson ${n} of ${of}`,
  steps: 'Steps of this lesson',
  next: (title: string) => `Next lesson: ${title}`,
  close: 'Close the lesson',
  loading: 'Its curves are on their way …',
  /** beside the button that runs it */
  run: 'These curves were computed earlier. Run the experiment here to check them, or change something first.',

  each: {
    sizes: {
      title: 'How many images should the initial set hold?',
      steps: [
        {
          name: 'By initial size',
          text: 'Six strategies start from 20, 50, 100 and 200 labels, and all of them end at 300. The grey part of each panel is the price of the start: labels that were drawn blindly. Compare the right ends of the curves. A large start leaves a strategy little room to show what it can do.'
        },
        {
          name: 'By strategy',
          text: 'The same numbers with one panel for each strategy: this shows what the start does to it. Random has only one curve, because with 300 random labels it does not matter how many of them were called the initial set. The second chart puts the four starts side by side, and the sentences above it say what ten seeds can decide.'
        }
      ],
      then: 'Now add an initial size on the dial, 10 or 500 for example, and run it.'
    },
    seeds: {
      title: 'Can one believe a comparison with one seed?',
      steps: [
        {
          name: 'One seed',
          text: 'A comparison as many papers print it: one run of each strategy. Look at the panel “from 50”. Consistency ends far above Random, and above Margin too. A clear success, it seems.'
        },
        {
          name: 'Another seed',
          text: 'The same protocol, and nothing has changed but the seed: other initial images, other initial weights. From 50, Consistency now ends below Random, and so does k-center. One could publish either picture.'
        },
        {
          name: 'All ten',
          text: 'Thin lines are single seeds, thick ones their means. The difference between two strategies is smaller than that between two seeds of one strategy. Only what is the same in most seeds is said in words above the charts; everything else is not decided.'
        }
      ],
      then: 'Switch “Single seeds” off and on, and see in “Show numbers” which differences have an interval that excludes zero.'
    },
    luck: {
      title: 'How much is the luck of the draw?',
      steps: [
        {
          name: 'At 20 labels',
          text: 'Fifty initial sets of 20 images, drawn from one pool; each thin line is one of them. At 20 labels the unluckiest is at 34%, the luckiest at 52%. But follow them: at 50 labels the lucky ones are ahead no more often than the others. The luck of the first draw is gone with the first query.'
        },
        {
          name: 'At 300 labels',
          text: 'Both strategies in one panel, at the end. Margin is ahead of Random in every one of the fifty draws, by less than one point in the worst case and by more than six in the best. One run would have said that there is a difference. How large it is takes many.'
        }
      ],
      then: 'Inside a round shows what a draw consists of: compare the initial set of a lucky seed with that of an unlucky one.'
    },
    slide: {
      title: 'Is Consistency best from 50, and Entropy from 100?',
      steps: [
        {
          name: 'Labelled images only',
          text: 'The claim: at 300 labels Consistency is best if one starts from 50, Entropy if one starts from 100. Trained on labelled images only, that is not what comes out here: Entropy is ahead of Consistency from both starts.'
        },
        {
          name: 'With unlabelled images',
          text: 'The claim comes from a semi-supervised setting (Gao et al., 2020): trainings also use the unlabelled images, and the loss asks for the same answer on shifted copies. The thin lines are the curves without it. The unlabelled images lift all three. But Entropy stays ahead of Consistency, from 50 as from 100.'
        }
      ],
      then: 'These are ten seeds of one data set and one small network. On other images the answer may be another: change the data set and run it.'
    },
    below: {
      title: 'Can active learning be worse than chance?',
      steps: [
        {
          name: 'Shapes',
          text: 'Pictures with misleading colours and backgrounds, hard for so small a network. The mark ▼ stands where a strategy is below Random beyond doubt: here it is Entropy, which on Digits is ahead. A network that is wrong about most images asks for what confuses it, not for what would teach it. And k-center, no better than Random on Digits, is ahead of it from 100.'
        }
      ],
      then: 'Does a larger start help? Add 300 on the dial and raise the budget to 500. Or take an easier data set.'
    },
    cycles: {
      title: 'Does the number of rounds change the answer?',
      steps: [
        {
          name: 'One query of 250',
          text: 'From 50 labels to 300 in a single query. The network that chooses has seen 50 images, and all 250 are chosen at once. Entropy and BALD end no better than Random: an active strategy that was given one look.'
        },
        {
          name: 'Five of 50',
          text: 'The same budget in five queries; the thin lines are the single query. Each time the network is trained again, so that later choices come from a better one. Now all three uncertainty strategies are ahead of Random by two points and more.'
        },
        {
          name: 'Ten of 25',
          text: 'Ten queries of 25: twice the trainings, and hardly a difference to five. Random stays where it was, since it makes nothing of the rounds. So two papers with different query sizes can disagree about a strategy and both be right. (The dip at 225 labels is nobody’s fault: 225 is 7 × 32 + 1, so the last batch of each epoch is a single image.)'
        }
      ],
      then: 'Set the query size to 10 and run it: 26 rounds. Is it worth the trainings?'
    },
    steps: {
      title: 'Too few labels, or too few training steps?',
      steps: [
        {
          name: '30 epochs',
          text: 'Every training passes 30 times over its labels. With 20 labels that is 30 steps, with 200 it is 210. So a small start is punished twice: for its few labels, and for hardly being trained. Entropy from 20 is far below Random at 50 and 100 labels.'
        },
        {
          name: '30 epochs, at least 200 steps',
          text: 'The same, but no training has fewer than 200 steps; thin lines are without. With 20 labels the accuracy is nearly twice as high, and most of the “cold start” of before is gone. What looked like a matter of labels was a matter of steps.'
        }
      ],
      then: 'Minimum steps are under “More settings”. Try 1,000: is there more to gain?'
    },
    pretraining: {
      title: 'Does self-supervised pretraining cure the cold start?',
      steps: [
        {
          name: 'From scratch',
          text: 'The network is trained from random weights in each round. Keep in mind how low the curves begin.'
        },
        {
          name: 'Linear on SimCLR',
          text: 'An encoder was pretrained on the whole pool without labels (SimCLR); on its features only one linear layer is trained. The thin lines are from scratch. The start is higher, and Random gains as well: pretraining saves labels, whoever chooses them. Only k-center falls behind Random.'
        },
        {
          name: 'Fine-tuning',
          text: 'The same encoder as a beginning, and all weights are trained on; the thin lines are now the linear layer. With 20 labels the frozen encoder is the better one; with 200 fine-tuning has caught up, and k-center is no longer behind.'
        }
      ],
      then: 'Open “Pretraining” to make another encoder, and “Maps of the pool” to see how it sorts the images.'
    },
    firstChoice: {
      title: 'Does a better first choice cure the cold start?',
      steps: [
        {
          name: 'At 20 labels',
          text: 'The initial set is drawn at random, with equal classes (which nobody can do without labels), by k-center on pixels, or by TypiClust on an encoder that was pretrained without labels. At 20 labels only this choice differs, and it decides a lot: typical images of all clusters are far ahead of a random draw, and the farthest-apart ones of k-center behind it, because they are the oddest.'
        },
        {
          name: 'At 200 labels',
          text: 'The same curves at their end. The lead of the first choice has melted away: what counts now is who chooses the labels that follow. A good start saves the labels of the first rounds. It does not make a better strategy.'
        }
      ],
      then: 'Open “Initial selectors” and add one. What does it choose? See the initial set under “Inside a round”.'
    },
    imbalance: {
      title: 'What if some classes are rare?',
      steps: [
        {
          name: 'Half of the classes are rare',
          text: 'Half of the classes have a tenth of the images, while the test set is balanced. Random labels hardly any of the rare ones, and every strategy here is far ahead of it: a network is unsure of what it has seldom seen, so it asks for that by itself. BASE and CBAL balance their queries on purpose; whether that is worth more than plain Entropy, the sentences above the charts say. Open “Inside a round” to count the classes that each of them asked for.'
        }
      ],
      then: 'Make the ratio .01, or weight the classes in the loss (“More settings”).'
    }
  }
}
