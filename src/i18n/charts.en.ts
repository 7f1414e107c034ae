/** The words of the charts in English. */

interface Group {
  strategies: string
  initialSizes: string
}
interface Reading {
  strategy: string
  initialSize: string
  labels: string
  mean: string
  low?: string
  high?: string
  seeds: number
  area?: string
  kept?: string
}

interface Start {
  strategy: string
  initialSize: string
  best: string
  difference: string
}

interface Loss {
  initialSize: string
  limit?: string
}

interface Detectable {
  seeds: string
  difference: string
}

interface SeedRange {
  least: number
  most: number
}

const seeds = (n: number) => `${n} ${n === 1 ? 'seed' : 'seeds'}`
const over = ({ least, most }: SeedRange) =>
  most > 1
    ? `mean and 95% confidence interval over ${least < most ? `${least} to ${seeds(most)}` : seeds(most)}`
    : 'one seed: no confidence interval, no verdict'
const atMost = ({ limit }: Loss) => (limit === undefined ? 'nothing' : `at most ${limit} points`)
const groups = (list: Group[]) => list.map(g => `${g.strategies} (from ${g.initialSizes})`).join('; ')

export const charts = {
  learning: {
    title: 'Learning curves',
    subtitle: (n: SeedRange) => `Accuracy on the test set by number of labels, ${over(n)}`,
    chart:
      'Learning curves. Left and right arrows move along the label counts, up and down from strategy to strategy, Page Up and Page Down from panel to panel.',
    slider: 'Number of labels to compare at',
    help: 'A point is the accuracy on the test set after training with that many labels (mean over seeds). A band is the 95% confidence interval of that mean (Student’s t over seeds). The grey part is the initial set, before any query. “Log error” scales the axis by the logarithm of the error: from 90 to 95% is as far as from 95 to 97.5%, so that differences near the top can be seen. Strategies are compared at the blue line: drag it to another number of labels. Point at a panel to see its numbers.',
    hint: 'Drag the blue line.',
    cutBands:
      'A band that touches the frame continues beyond it; the table of numbers has the full intervals.',
    fewSeeds: (seeds: number) =>
      `Bands are drawn from ${seeds} seeds on: with two, an interval says next to nothing. The table of numbers has it.`,
    focusedBands:
      'All bands together would hide the lines, so only the line that you point at has its band. The table of numbers has all intervals.',
    noBands: 'The bands would hide the lines and are left out; the table of numbers has all intervals.'
  },
  sensitivity: {
    title: (labels: string) => `Initial size and accuracy at ${labels} labels`,
    subtitle: (n: SeedRange) => `How the initial size affects each strategy, ${over(n)}`,
    chart:
      'Accuracy by initial size. Left and right arrows move from one initial size to the next, up and down from strategy to strategy.',
    help: 'All points have the same number of labels, that of the blue line above. What differs is how many of these labels were chosen before the first query. Where a line falls to the right, a large initial set costs accuracy; where it rises, a small one does. Below each size stands the best strategy, where that is decided. Bars are 95% confidence intervals of single points. A difference is judged seed by seed (pairs with the same seed), so it may be decided although the bars overlap.',
    best: (strategy: string) => `best: ${strategy}`,
    either: (a: string, b: string) => `${a} or ${b}`,
    undecided: 'not decided',
    undecidedSign: '?',
    sameTraining: 'same training',
    noVerdict: 'no verdict',
    notMeasured: 'not measured',
    detectable: ([first, ...others]: Detectable[]) =>
      `With ${first.seeds} seeds, a true difference of about ${first.difference} points between the leader and another strategy is found four times out of five${others.map(d => `; with ${d.seeds}, one of ${d.difference}`).join('')}. The smaller a difference, the more often it stays “not decided”.`,
    randomFlat:
      'Random at this label count is the same training for every initial size, so its line is flat by construction.',
    randomFlatAmong: (line: string) =>
      `${line} at this label count is the same training for every initial size, so its line is flat by construction. Random from other initial sets need not be flat: the larger the set, the fewer labels are drawn by Random.`,
    fewSeeds: (seeds: number) =>
      `Bars are drawn from ${seeds} seeds on: with two, an interval says next to nothing. The table of numbers has it.`,
    focusedBars:
      'All bars together would hide the lines, so only the line that you point at has its bars. The table of numbers has all intervals.',
    noBars: 'The bars would hide the lines and are left out; the table of numbers has all intervals.',
    cutBars: (cut: string, all: string) =>
      `Arrowheads: ${cut} of ${all} intervals continue beyond the axis; the table of numbers has their ends.`
  },
  ghost: (name: string) => `Thin lines: the curves kept for comparison (${name}).`,
  labels: 'labels',
  initialSize: 'initial size',
  from: (initialSize: string) => `from ${initialSize}`,
  countOfLabels: (labels: string) => `${labels} labels`,
  ceiling: (labels: string, accuracy: string) => `ceiling, all ${labels} labels: ${accuracy}`,
  ceilingShort: (accuracy: string) => `ceiling: ${accuracy}`,
  hiddenLine: (name: string) => `${name} (hidden)`,
  belowRandomAt: (labels: string) => `below random at ${labels} labels`,
  provisional: 'fewer seeds so far',
  mixed: (used: number, others: number) =>
    `These runs were computed with different numerics, which are never mixed: ${used} are shown, ${others} are left out.`,
  reading: (r: Reading) =>
    `${r.strategy} from ${r.initialSize}, ${r.labels} labels: ${r.mean}${r.low ? `, ${r.low} to ${r.high}` : ''}, ${seeds(r.seeds)}${r.area ? `, AUBC so far ${r.area}` : ''}${r.kept ? `, kept curves ${r.kept}` : ''}`,
  kept: (mean: string) => `kept: ${mean}`,
  range: (low: string, high: string) => `${low} to ${high}`,
  seeds,
  summary: {
    empty: 'Nothing has been measured yet.',
    silent: (labels: string) =>
      `At ${labels} labels nothing can be decided yet: that takes at least two seeds.`,
    single: (labels: string) =>
      `At ${labels} labels there are no strategies to compare: only one has results.`,
    sameTraining: (labels: string) =>
      `At ${labels} labels all strategies share the same training: nothing has been queried yet.`,
    sameSet: (labels: string) =>
      `At ${labels} labels all strategies share the same training: they have labelled the same images.`,
    noBaseline: (labels: string) =>
      `At ${labels} labels nothing can be compared: Random has no results there.`,
    apart: (labels: string) =>
      `At ${labels} labels nothing can be decided: the strategies have fewer than two seeds in common.`,
    withoutSums: (labels: string) =>
      `At ${labels} labels nothing can be decided: this result lacks the counts of correct answers per test image that a verdict needs.`,
    above: (labels: string, list: Group[]) => `At ${labels} labels, ahead of random: ${groups(list)}.`,
    below: (list: Group[]) => `Below random: ${groups(list)}.`,
    belowAt: (labels: string, list: Group[]) => `At ${labels} labels, below random: ${groups(list)}.`,
    noneDiffers: (labels: string) =>
      `At ${labels} labels it is not decided whether any strategy differs from random.`,
    whichRandom: (named: { strategies: boolean; random: boolean }): string =>
      !named.random
        ? 'Each is compared with Random from the same initial set.'
        : named.strategies
          ? 'Strategies are compared with Random from the same initial set; Random from a chosen initial set is compared with Random from a random one.'
          : 'Random from a chosen initial set is compared with Random from a random one.',
    best: (labels: string, list: Group[]) => `Best at ${labels} labels: ${groups(list)}.`,
    cannotTell: (initialSizes: string) => `From ${initialSizes} it is not decided.`,
    cannotTellAt: (labels: string, initialSizes: string) =>
      `At ${labels} labels it is not decided which strategy is best from ${initialSizes}.`,
    running: (list: Group[]) => `Candidates for the best: ${groups(list)}.`,
    startMatters: (list: Start[], more: number) =>
      `The initial size matters: ${list.map(s => `${s.strategy} is worse from ${s.initialSize} than from ${s.best}: ${s.difference} points`).join('; ')}${more ? `; and ${more} more in the numbers` : ''}.`,
    startOpen: 'Whether the initial size matters is not decided for any strategy.',
    startLoss: ([first, ...others]: Loss[], line: string | undefined, more: number) =>
      `${line === undefined ? 'Whichever of these strategies you take' : `With ${line}`}, starting from ${first.initialSize} costs ${atMost(first)} against its best initial size (95% confidence)${others.map(loss => `; from ${loss.initialSize}, ${atMost(loss)}`).join('')}${more ? `; ${more} more in the numbers` : ''}.`,
    ceiling: (labels: string, accuracy: string, n: number) =>
      `The ceiling, trained with all ${labels} labels: ${accuracy} (${seeds(n)}).`
  },
  controls: {
    scale: 'Scale',
    logError: 'Log error',
    plain: 'Linear',
    facet: 'Panels',
    byInitial: 'By initial size',
    byStrategy: 'By strategy',
    showSeeds: 'Single seeds',
    strategies: 'Strategies shown',
    panels: (first: string, last: string, of: string) => `Panels ${first} to ${last} of ${of}`,
    previousPanels: 'Previous panels',
    nextPanels: 'Next panels',
    help: (title: string) => `How to read it: ${title}`,
    download: 'Download',
    filesOf: (title: string) => `Download: ${title}`,
    showNumbers: 'Show numbers',
    hideNumbers: 'Hide numbers',
    svg: 'SVG',
    png: 'PNG',
    csv: 'CSV'
  },
  table: {
    strategy: 'Strategy',
    ceiling: 'Ceiling',
    initialSize: 'Initial size',
    labels: 'Labels',
    seeds: 'Seeds',
    accuracy: 'Accuracy',
    interval: '95% interval',
    classes: 'Classes labelled',
    area: 'AUBC so far',
    areaMeans:
      'AUBC, the area under the budget curve: the accuracy averaged over the labels bought, from the initial size up to this row (area by the trapezoid rule over its width; Zhan et al. 2022). It compares lines of one initial size only.',
    baseline: 'Compared with',
    overPairs: (difference: string, seeds: string) => `${difference}, ${seeds}`,
    difference: 'Against random (points)',
    adjusted: 'p-value, corrected',
    verdict: 'Verdict',
    ghost: 'Kept curves',
    overGhost: 'Against kept (points)',
    againstBest: 'Against its best size (points)',
    bestSize: 'its best',
    sizeAdjusted: 'its p-value, corrected',
    sizeMeans:
      'The p-value against the best size is corrected for repeated looks, for having chosen the best size, and for all lines and sizes of this table together.',
    lossLimit: 'Loss against its best size, upper limit (points)',
    lossMeans:
      'The upper limit of the loss holds for the true difference, whichever size is truly best (multiple comparisons with the best, Hsu 1981). The limits of all lines and sizes of this table hold together with 95% confidence, however many seeds you add and look at, as long as differences vary about normally from seed to seed.',
    fromBest: (difference: string, size: string) => `${difference}, from ${size}`,
    verdictMeans:
      'The verdict follows the corrected p-value: below 0.05 the difference counts as decided. It is the p-value of the difference, corrected for two things. The first is many comparisons: all lines that are compared with random from the same initial size, hidden ones too (Holm’s method). The second is repeated looks: if you look after every seed and stop when you like the verdict, you find a difference where there is none in one case out of four. With the correction it is at most one in twenty, however often you look and whenever you stop. The interval of a difference is for one comparison and one look: it may exclude 0 although the verdict is “not decided”.',
    verdicts: {
      aboveRandom: 'above random',
      belowRandom: 'below random',
      undecided: 'not decided',
      sameTraining: 'same training',
      noVerdict: 'no verdict'
    }
  }
}
