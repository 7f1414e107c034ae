/** The words that charts use, in whatever language the page gives them. Numbers come in written out. */

/** Numbers of one reading, written for people. */
export interface ReadingWords {
  strategy: string
  initialSize: string
  labels: string
  /** '94.5%' */
  mean: string
  /** both ends of the 95 % interval; absent with one seed */
  low?: string
  high?: string
  seeds: number
  /** area under the curve up to there; absent at its first point */
  area?: string
  /** of the same among the curves that are kept for comparison */
  kept?: string
}

/** Which strategies, from which initial sizes: both already joined to lists. */
export interface GroupWords {
  strategies: string
  initialSizes: string
}

/** How many seeds points have: not all of them the same while a run is under way. */
export interface SeedRange {
  least: number
  most: number
}

export interface StartWords {
  strategy: string
  initialSize: string
  best: string
  /** in points, with its interval */
  difference: string
}

/** What a start loses at most, in points; absent: nothing, no size is better. */
export interface LossWords {
  initialSize: string
  limit?: string
}

/** A difference that so many seeds can find, in points. */
export interface DetectableWords {
  seeds: string
  difference: string
}

export interface ChartMessages {
  learning: {
    title: string
    /** what the lines and bands are */
    subtitle(seeds: SeedRange): string
    /** label of the focusable chart, with how to read it by keyboard */
    chart: string
    /** of the line at N */
    slider: string
    /** bands that the frame cuts */
    /** how the chart is read */
    help: string
    /** that the line at N can be moved */
    hint: string
    cutBands: string
    /** bands begin with so many seeds */
    fewSeeds(seeds: number): string
    /** bands that would hide the lines: only the one in focus has its own; and where nothing can be pointed at, in a file */
    focusedBands: string
    noBands: string
  }
  sensitivity: {
    title(labels: string): string
    subtitle(seeds: SeedRange): string
    chart: string
    /** under the axis, where one strategy is better than every other */
    best(strategy: string): string
    /** two that cannot be told apart */
    either(a: string, b: string): string
    undecided: string
    /** the same where there is little room, and what it stands for */
    undecidedSign: string
    sameTraining: string
    noVerdict: string
    notMeasured: string
    /** how the chart is read */
    help: string
    /** which differences are usually found, with the seeds there are and with more */
    detectable(list: DetectableWords[]): string
    /** why random does not move */
    randomFlat: string
    /** the same where Random runs from other initial sets too: only of this one line */
    randomFlatAmong(line: string): string
    /** bars begin with so many seeds */
    fewSeeds(seeds: number): string
    /** bars that would hide the lines: only the one in focus has its own; and where nothing can be pointed at, in a file */
    focusedBars: string
    noBars: string
    /** how many of how many intervals go on beyond the axis */
    cutBars(cut: string, all: string): string
  }
  /** what thin lines are: the curves of another result, by its name */
  ghost(name: string): string
  labels: string
  initialSize: string
  /** 'from 50' */
  from(initialSize: string): string
  /** '300 labels' */
  countOfLabels(labels: string): string
  /** the line of the whole pool */
  ceiling(labels: string, accuracy: string): string
  /** the same where there is little room */
  ceilingShort(accuracy: string): string
  /** a line that is not drawn, and counts all the same */
  hiddenLine(name: string): string
  belowRandomAt(labels: string): string
  /** what a hollow marker means */
  provisional: string
  /** several numerics in one result */
  mixed(used: number, others: number): string
  reading(r: ReadingWords): string
  /** of the same among the kept curves, beside a value */
  kept(mean: string): string
  /** '93.2 to 95.8%' */
  range(low: string, high: string): string
  seeds(n: number): string
  summary: {
    /** nothing measured yet */
    empty: string
    /** nothing may be said: one seed, or nothing measured at N */
    silent(labels: string): string
    /** nothing may be said: there are curves of one strategy only */
    single(labels: string): string
    /** nothing may be said: N is the initial size, where they all have the same training */
    sameTraining(labels: string): string
    /** the same training by then, as with the whole pool labelled */
    sameSet(labels: string): string
    /** nothing may be said against random: it was not measured there */
    noBaseline(labels: string): string
    /** nothing may be said: seeds enough, but other ones for each line */
    apart(labels: string): string
    /** nothing may be said: seeds enough, but no sums over test images */
    withoutSums(labels: string): string
    above(labels: string, groups: GroupWords[]): string
    below(groups: GroupWords[]): string
    /** the same where nobody is ahead */
    belowAt(labels: string, groups: GroupWords[]): string
    /** no strategy differs from random anywhere */
    noneDiffers(labels: string): string
    /** with several initial selectors: which random is meant, of strategies and of Random itself, where they are named */
    whichRandom(named: { strategies: boolean; random: boolean }): string
    best(labels: string, groups: GroupWords[]): string
    cannotTell(initialSizes: string): string
    cannotTellAt(labels: string, initialSizes: string): string
    /** the leader, and those that cannot be told from it */
    running(groups: GroupWords[]): string
    /** lines that lose by another start than their best, the largest losses first, and how many are not named */
    startMatters(list: StartWords[], more: number): string
    /** no line is known to depend on the size of its start */
    startOpen: string
    /** what starts lose at most, the least first, of one line or whichever of several one takes; how many more there are */
    startLoss(list: LossWords[], line: string | undefined, more: number): string
    /** accuracy with the whole pool labelled */
    ceiling(labels: string, accuracy: string, seeds: number): string
  }
  controls: {
    scale: string
    logError: string
    plain: string
    facet: string
    byInitial: string
    byStrategy: string
    showSeeds: string
    strategies: string
    /** which panels are on screen, where there is no room for all of them */
    panels(first: string, last: string, of: string): string
    previousPanels: string
    nextPanels: string
    /** of the question mark beside a chart's title */
    help(title: string): string
    download: string
    /** name of the buttons that do it, of a chart with that title */
    filesOf(title: string): string
    showNumbers: string
    hideNumbers: string
    svg: string
    png: string
    csv: string
  }
  table: {
    strategy: string
    /** in the column of strategies: the whole pool labelled */
    ceiling: string
    initialSize: string
    labels: string
    seeds: string
    accuracy: string
    interval: string
    /** how many classes have a labelled image */
    classes: string
    /** area under the budget curve up to a row, short enough for a column */
    area: string
    /** what that is */
    areaMeans: string
    /** what a line is compared with, where that is not the same for all */
    baseline: string
    /** a difference, and of how many seeds it is */
    overPairs(difference: string, seeds: string): string
    difference: string
    /** p corrected for several comparisons, short enough for a column */
    adjusted: string
    verdict: string
    /** what the verdict goes by */
    /** accuracy of the same among the ghosts, and the difference to it */
    ghost: string
    overGhost: string
    /** against the same line from its best initial size: the column, the best one's entry, a difference and which that is */
    againstBest: string
    bestSize: string
    fromBest(difference: string, size: string): string
    sizeAdjusted: string
    sizeMeans: string
    /** what the row's initial size loses at most */
    lossLimit: string
    lossMeans: string
    verdictMeans: string
    verdicts: Record<'aboveRandom' | 'belowRandom' | 'undecided' | 'sameTraining' | 'noVerdict', string>
  }
}
