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

interface SeedRange {
  least: number
  most: number
}

const seeds = (n: number) => `${n} ${n === 1 ? 'seed' : 'seeds'}`
const over = ({ least, most }: SeedRange) =>
  most > 1
    ? `mean and 95% interval over ${least < most ? `${least} to ${seeds(most)}` : seeds(most)}`
    : 'one seed: no interval, no verdict'
const groups = (list: Group[]) => list.map(g => `${g.strategies} (from ${g.initialSizes})`).join('; ')

export const charts = {
  learning: {
    title: 'Learning curves',
    subtitle: (n: SeedRange) => `Accuracy on the test set by number of labels, ${over(n)}`,
    chart:
      'Learning curves. Left and right arrows move along the label counts, up and down from strategy to strategy, Page Up and Page Down from panel to panel.',
    slider: 'Number of labels to compare at',
    help: 'A point is the accuracy on the test set after a training with so many labels, the mean over seeds. A band is the 95 % interval of that mean (Student’s t over seeds). The grey part is the initial set, before any query. “Log error” draws the axis by the logarithm of the error: from 90 to 95 % is as far as from 95 to 97.5 %, so that differences at the top are seen. Strategies are compared at the blue line: drag it to another number of labels. Point at a panel for its numbers.',
    hint: 'Drag the blue line.',
    cutBands: 'A band that meets the frame goes on beyond it; the numbers have every interval whole.',
    fewSeeds: (seeds: number) =>
      `Bands begin with ${seeds} seeds: with two, an interval says next to nothing. The numbers have it.`,
    focusedBands:
      'All bands of intervals together would hide the lines: only the line that is pointed at has its own. The numbers have them all.',
    noBands: 'The bands of intervals would hide the lines and are left out; the numbers have them all.'
  },
  sensitivity: {
    title: (labels: string) => `Initial size and accuracy at ${labels} labels`,
    subtitle: (n: SeedRange) => `What the size of the start does to each strategy, ${over(n)}`,
    chart:
      'Accuracy by initial size. Left and right arrows move from one initial size to the next, up and down from strategy to strategy.',
    help: 'All points have the same number of labels, that of the blue line above; what differs is how many of them were drawn before the first query. A line that falls to the right loses by a large start, one that rises by a small one. Under each size stands which strategy is best, where that is decided. Bars are 95 % intervals of single points; differences are decided by pairs of seeds, so bars may overlap where a difference is beyond doubt.',
    best: (strategy: string) => `best: ${strategy}`,
    either: (a: string, b: string) => `${a} or ${b}`,
    undecided: 'not decided',
    undecidedSign: '?',
    sameTraining: 'same training',
    noVerdict: 'no verdict',
    notMeasured: 'not measured',
    randomFlat:
      'Random at this label count is the same training for every initial size: flat by construction.',
    randomFlatAmong: (line: string) =>
      `${line} at this label count is the same training for every initial size: flat by construction. Random from other initial sets need not be: the larger the set, the fewer of the labels are drawn by Random.`,
    cutBars: (cut: string, all: string) =>
      `Arrowheads: ${cut} of ${all} intervals go on beyond the axis; the numbers have their ends.`
  },
  ghost: (name: string) => `Thin lines: the curves kept for comparison (${name}).`,
  labels: 'labels',
  initialSize: 'initial size',
  from: (initialSize: string) => `from ${initialSize}`,
  countOfLabels: (labels: string) => `${labels} labels`,
  ceiling: (labels: string, accuracy: string) => `ceiling, all ${labels} labels: ${accuracy}`,
  ceilingShort: (accuracy: string) => `ceiling: ${accuracy}`,
  hiddenLine: (name: string) => `${name} (hidden)`,
  belowRandom: 'below random',
  belowRandomAt: (labels: string) => `below random at ${labels} labels`,
  provisional: 'fewer seeds so far',
  mixed: (used: number, others: number) =>
    `Computed with more than one kind of arithmetic: ${used} runs are shown, ${others} of the others are left out.`,
  reading: (r: Reading) =>
    `${r.strategy} from ${r.initialSize}, ${r.labels} labels: ${r.mean}${r.low ? `, ${r.low} to ${r.high}` : ''}, ${seeds(r.seeds)}${r.area ? `, AUBC so far ${r.area}` : ''}${r.kept ? `, kept curves ${r.kept}` : ''}`,
  kept: (mean: string) => `kept: ${mean}`,
  range: (low: string, high: string) => `${low} to ${high}`,
  seeds,
  summary: {
    empty: 'Nothing has been measured yet.',
    silent: (labels: string) => `At ${labels} labels nothing can be said yet: that takes two seeds or more.`,
    single: (labels: string) =>
      `At ${labels} labels there is nothing to compare: only one strategy has results.`,
    sameTraining: (labels: string) =>
      `At ${labels} labels all strategies have the same training: nothing has been queried yet.`,
    noBaseline: (labels: string) =>
      `At ${labels} labels there is no Random to compare with: it has no results there.`,
    apart: (labels: string) =>
      `At ${labels} labels nothing can be said: the strategies have no two seeds in common.`,
    withoutSums: (labels: string) =>
      `At ${labels} labels it is not decided which strategies differ: this result lacks the sums over test images that a verdict needs.`,
    above: (labels: string, list: Group[]) => `At ${labels} labels, ahead of random: ${groups(list)}.`,
    below: (list: Group[]) => `Below random: ${groups(list)}.`,
    belowAt: (labels: string, list: Group[]) => `At ${labels} labels, below random: ${groups(list)}.`,
    noneDiffers: (labels: string) => `At ${labels} labels none can be told from random.`,
    ownRandom: 'Each is compared with Random from the same initial sets.',
    best: (labels: string, list: Group[]) =>
      `Best at ${labels} labels: ${list.map(g => `from ${g.initialSizes}, ${g.strategies}`).join('; ')}.`,
    cannotTell: (initialSizes: string) => `From ${initialSizes} it cannot be told.`,
    cannotTellAt: (labels: string, initialSizes: string) =>
      `At ${labels} labels it cannot be told what is best from ${initialSizes}.`,
    running: (list: Group[]) => `Still in the running: ${groups(list)}.`,
    startMatters: (labels: string, list: Start[], more: number) =>
      `At ${labels} labels the size of the start matters: ${list.map(s => `${s.strategy} makes less of ${s.initialSize} than of ${s.best}: ${s.difference} points`).join('; ')}${more ? `; and ${more} more in the numbers` : ''}.`,
    startOpen: (labels: string) =>
      `Whether the size of the start matters at ${labels} labels cannot be told of any strategy.`,
    ceiling: (labels: string, accuracy: string, n: number) =>
      `The ceiling, with all ${labels} labels: ${accuracy} (${seeds(n)}).`
  },
  controls: {
    scale: 'Scale',
    logError: 'Log error',
    plain: 'Plain',
    facet: 'Panels',
    byInitial: 'By initial size',
    byStrategy: 'By strategy',
    showSeeds: 'Single seeds',
    strategies: 'Strategies shown',
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
    adjusted: 'p, corrected',
    verdict: 'Verdict',
    ghost: 'Kept curves',
    overGhost: 'Against kept (points)',
    againstBest: 'Against its best size (points)',
    bestSize: 'its best',
    sizeAdjusted: 'p of that, corrected',
    sizeMeans:
      'The p-value against the best size is corrected for looking again, for having chosen the best size, and for all lines and sizes of this table together.',
    fromBest: (difference: string, size: string) => `${difference}, from ${size}`,
    verdictMeans:
      'The verdict goes by the corrected p: below 0.05, it is decided. It is the p-value of the difference, corrected for all lines compared with random from the same initial size, hidden ones too (Holm), and for looking again: who looks after every seed, and stops at the verdict that pleases, finds a difference where there is none in one case of four. So corrected, at most one in twenty is found, however often one looks and whenever one stops. The interval of a difference is that of one comparison and one look: it may leave out 0 where the verdict is “not decided”.',
    verdicts: {
      aboveRandom: 'above random',
      belowRandom: 'below random',
      undecided: 'not decided',
      sameTraining: 'same training',
      noVerdict: 'no verdict'
    }
  }
}
