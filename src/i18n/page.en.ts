/** The page's own words in English. Numbers come in written out, except where a plural needs to know them. */
const s = (n: number | string) => (String(n) === '1' ? '' : 's')

export const page = {
  language: 'English',
  title: 'DAL Playground',
  description:
    'Which query strategy of deep active learning is best, and how much does the answer depend on the initial set? Trained and measured in your own browser.',
  skip: 'Skip to the curves',
  /** a name and what it has */
  pair: (name: string, value: string) => `${name}: ${value}`,

  header: {
    dataset: 'data set, change',
    backend: 'what computes, change',
    opening: 'starting …',
    noBackend: 'nothing computes',
    images: (n: string) => `${n} images`,
    theme: 'Colours',
    themes: { system: 'as the system', light: 'light', dark: 'dark' },
    otherLanguage: 'switch the language',
    share: 'Share',
    workers: (n: string, count: number) => `${n} worker${s(count)}`,
    software: 'software adapter',
    backendHelp:
      'What trains the networks. The page takes the fastest one that calculates right. Curves computed by different ones are never mixed.',
    backends: { webgpu: 'WebGPU (graphics card)', wasm: 'WebAssembly (processor)', cpu: 'JavaScript (slow)' }
  },

  lead: {
    heading: 'Which query strategy is best? It depends on how you start.',
    text: 'In active learning a network chooses the images that are worth labelling; but its first labels, the initial set, are drawn before it knows anything: the cold-start problem. Move the initial size and see which strategy makes the most of the same number of labels. All of it is trained in this browser; no image leaves it.'
  },

  dial: {
    heading: 'Initial size',
    hint: 'labels in the first round: drag a handle, or click a number.',
    legend: { done: 'computed', partial: 'in part', queued: 'not computed yet' },
    value: (size: string, state: string) => `${size} labels, ${state}`,
    handle: 'Initial size',
    add: 'Another size',
    addLabel: 'Initial size to add',
    addButton: 'Add',
    cancel: 'Cancel',
    remove: (size: string) => `Remove ${size}`,
    toggle: (size: string) => `Initial size ${size}`,
    keys: 'Arrow keys move it, with Shift by one; Delete removes it.',
    raiseBudget: (budget: string) => `Set the budget to ${budget}`,
    abovePool: (size: string, pool: string) => `${size} is more than the pool, which has ${pool} images.`,
    raisePool: (n: string) => `Set pool and budget to ${n}`,
    last: 'At least one initial size is needed.'
  },

  run: {
    heading: 'Computing',
    demo: 'Run a demo here',
    demoHint: 'Digits, two initial sizes, four strategies, three seeds: a minute or two.',
    here: 'Run this experiment here',
    /** after it was called off */
    goOn: 'Go on with this experiment',
    cost: (n: string, count: number) =>
      `This experiment: ${n} training${s(count)}, less those that were made here before.`,
    quicker: (how: readonly string[], n: string) => `Quicker: ${how.join(', ')} (${n})`,
    withSeeds: (n: string) => `${n} seeds`,
    smallNetwork: 'small network',
    /** the line at the foot of the window */
    toRun: 'To the progress and its buttons',
    fewSeeds: (n: string, count: number) =>
      `${n} seed${s(count)} seldom decide${count === 1 ? 's' : ''} what is best: more may.`,
    moreSeeds: (n: string) => `Go on to ${n} seeds`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    preparing: 'Preparing the data set and the workers …',
    paused: 'Paused.',
    finished: (n: string) => `Finished: ${n} training${s(n)}.`,
    cancelled: 'Cancelled. What was finished is kept.',
    failed: 'The computation stopped. The messages say why; what was finished is kept.',
    waiting: 'Waiting for the backend …',
    pretraining: (progress: string) => `The encoder comes first. ${progress}`,
    left: (left: string, count: number, time: string) =>
      `${left} training${s(count)} left` + (time && ` · about ${time}`),
    progress: (done: string, total: string) => `${done} of ${total} trainings`,
    bar: 'Trainings finished',
    /** what the graphics card cannot train */
    beside: (n: string, count: number, all: boolean) =>
      `${all ? 'This experiment is' : 'Part of this experiment is'} computed by the processor with WebAssembly, in ${n} worker${s(count)}: its training is not available on the graphics card.`,
    now: (what: string, labels: string, seed: string) =>
      `Training on ${labels} labels: ${what}, seed ${seed}`,
    nowShared: (labels: string, seed: string) =>
      `Training on ${labels} labels, shared by all strategies, seed ${seed}`,
    nowCeiling: (seed: string) => `Training on the whole pool (the ceiling), seed ${seed}`,
    nowArm: (strategy: string, size: string) => `${strategy} from ${size}`,
    nowMore: (n: string) => `and ${n} more`,
    /** `rows`: whose values are wrong */
    problems: (rows: string) =>
      `Not right yet: ${rows}. Until this is mended, nothing that you change takes effect.`,
    edited: 'The curves below are those of another experiment than the one set here.',
    proposed: {
      link: 'This link brought an experiment without results: run it here.',
      file: 'This file brought an experiment without results: run it here.'
    },
    elsewhere: 'Another experiment is being computed.',
    /** why the one that is set here cannot take its place */
    thisOne: (why: string) => `The one set here cannot be run: ${why}`,
    back: 'Back to it',
    instead: 'Run this one instead',
    stale: 'The curves below do not show this experiment yet.'
  },

  unfinished: {
    text: 'An experiment was interrupted. Every training that was finished is kept.',
    what: (data: string, sizes: readonly string[], seeds: string, count: number) =>
      `${data}, initial size${s(sizes.length)} ${sizes.join(', ')}, ${seeds} seed${s(count)}.`,
    elsewhere: 'Another tab is computing this experiment.',
    resume: 'Go on with it',
    forget: 'Leave it'
  },

  curves: {
    /** of the part of the page that holds all charts */
    heading: 'Results',
    empty: 'No curves yet. Run the demo, or open a result.',
    again: 'Draw the curves again',
    selectors:
      'Behind the dot stands who chose the initial set. At the initial size itself only that differs: move the blue line there to compare first choices.',
    /** what the trainings do besides the plain law */
    training: (traits: string) => `Training: ${traits}.`,
    classWeights: 'balanced class weights',
    /** semi-supervised, by which method */
    unlabelled: (method: string) => `unlabelled images (${method})`,
    /** whose features strategies and selectors stand on */
    encoder: (method: string) => `Encoder: ${method}.`
  },

  pretraining: {
    heading: 'Pretraining',
    inUse: 'The experiment uses this encoder',
    notInUse: 'An encoder without labels',
    about:
      'An encoder learns from the images of the pool, without a label. The training modes “pretrained” begin with it, and what is called “encoder” among strategies and selectors looks at images through it. It is made once for a data set and these settings, and kept in this browser.',
    suggested: (epochs: string, batch: string, rate: string) =>
      `Use what does well with this method: ${epochs} epochs, batches of ${batch}, rate ${rate}`,
    formula: 'Loss and source',
    removeSure: (name: string) => `Delete “${name}”? It would have to be pretrained again.`,
    notHere:
      'This experiment needs an encoder that is not here yet. It is pretrained when the experiment runs: the same images and settings give the same encoder. Or open the file that somebody saved of it.',
    start: 'Pretrain now',
    /** instead, where the encoder of these settings is kept */
    made: 'Kept already',
    /** of a pretraining that was interrupted */
    goOn: (epoch: string, epochs: string) => `Go on after epoch ${epoch} of ${epochs}`,
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Call off',
    opening: (method: string) => `${method}: getting ready…`,
    progress: (method: string, epoch: string, epochs: string) => `${method}: epoch ${epoch} of ${epochs}`,
    paused: (progress: string) => `${progress}, paused`,
    left: (progress: string, time: string) => `${progress}, about ${time} left`,
    finished: (method: string, epoch: string, knn: string) =>
      `${method}: finished after ${epoch} epochs, kNN accuracy ${knn}.`,
    failed: (method: string) => `${method}: failed.`,
    bar: 'Pretraining under way',
    epoch: 'Epoch',
    loss: 'Loss',
    knn: 'kNN accuracy',
    spread: 'Spread',
    knnHelp:
      'kNN accuracy: share of 300 pool images whose 20 nearest neighbours, by their features, have their class. Labels are used for this number alone. Spread: 1 when features point everywhere, 0 when they, or what the method compares of them, have collapsed to one direction.',
    collapsed:
      'The network has collapsed: it says nearly the same of every image. Nothing can be learned from that.',
    chart: (knn: string, spread: string) => `By epoch: kNN accuracy, now ${knn}, and spread, now ${spread}.`,
    numbers: 'All epochs as numbers',
    kept: 'Kept encoders',
    encoder: (method: string, size: string, network: string, epochs: string, batch: string) =>
      `${method}, ${size}, ${network} network, ${epochs} epochs, batches of ${batch}`,
    earlier: 'by an earlier version of this page: made again where it is needed',
    export: (name: string) => `Save as a file: ${name}`,
    remove: (name: string) => `Delete: ${name}`
  },

  strategies: {
    heading: 'Strategies',
    /** how many of a group are part of the experiment */
    partOf: (chosen: string, all: string) => `${chosen} of ${all}`,
    include: (name: string) => `${name}: part of the experiment`,
    hide: (name: string) => `Hide ${name} in the charts`,
    show: (name: string) => `Show ${name} in the charts`,
    about: (name: string) => `About ${name}`,
    formula: 'Score',
    source: 'Source',
    category: 'Kind',
    cost: 'Cost of a query',
    fails: 'Fails where',
    baseline: 'Random stays: the others are measured against it.',
    unknown: (id: string) => `${id} (of a later version)`,
    adds: 'Adds to training',
    batch: 'Query size',
    prefix: 'A larger query begins with the images of a smaller one.',
    notPrefix: 'A larger query may have other images than a smaller one.',
    sizes: 'Sizes and seeds',
    nested: 'Larger sets contain the smaller ones.',
    notNested: 'Sets of different sizes are different sets.',
    sameForSeeds: 'Every seed has the same set.'
  },

  settings: {
    heading: 'Protocol',
    more: 'More settings',
    help: (label: string) => `About ${label}`,
    suggestions: (label: string) => `Usual values of ${label}`,
    reset: 'Back to the defaults',
    /** below the training mode */
    featuresLinear:
      'This data set consists of ready features: one layer is trained on them, whatever the mode.'
  },

  data: {
    heading: 'Data set',
    choose: 'Choose a data set',
    dropHere: 'Drop data files, a result or its shards',
    sheet: (name: string) => `Examples of ${name}, one row per class`,
    histogram: 'Images of each class in the pool',
    histogramOf: (name: string, n: string) => `${name}: ${n} images`,
    sizes: (pool: string, test: string) => `pool ${pool} · test ${test}`,
    shape: (height: string, width: string, channels: string) => `${height}×${width}×${channels}`,
    features: (d: string) => `${d} ready features each`,
    loading: 'Drawing examples …'
  },

  result: {
    heading: 'Where this comes from',
    origins: {
      sample: 'Sample: computed earlier by this very page (reference network, 10 seeds).',
      live: 'Computed here, in this browser.',
      link: 'Shared by link. Nobody has checked it: run it again to be sure.',
      file: 'Opened from a file. Nobody has checked it: run it again to be sure.'
    },
    short: { sample: 'Sample', live: 'Computed here', link: 'From the link', file: 'From the file' },
    /** throws away what was edited since */
    startAgain: {
      sample: 'Start from the sample again',
      live: 'Undo the changes',
      link: 'Start from the link again',
      file: 'Start from the file again'
    },
    /** to what was edited, and not run, when something else was opened or run */
    bringBack: 'Bring back my changes',
    /** curves that stay beside those of another experiment */
    keepBeside: 'Keep these curves for comparison',
    kept: (name: string) => `Thin lines, kept for comparison: ${name}.`,
    /** why nothing of them is drawn */
    keptNot: {
      same: 'Kept for comparison, until this page is loaded again: change something, run it, and both are seen together.',
      otherImages: 'The curves kept for comparison are of other images, and are not drawn here.',
      apart: 'The curves kept for comparison have no strategy and initial size in common with these.'
    },
    keptBare:
      'There are no paired differences: of one of the two, the answers to single images are not known. Run it here to have them.',
    unkeep: 'Let go of them',
    /** where two experiments specify the same */
    noDifference: 'the same experiment',
    /** in files: which images */
    view: (data: string, fingerprint: string) => `${data} (view ${fingerprint})`,
    /** `count`: 1 for a single seed */
    madeOf: (view: string, network: string, seeds: string, count: number, numerics: string) =>
      `${view}, ${network} network, seed${s(count)} ${seeds}, numerics ${numerics}`,
    shown: 'Shown result',
    dataset: 'Data',
    /** a view: a data set with the knobs of an experiment applied */
    whose: {
      dataset: (fingerprint: string) => `${fingerprint} of the data set`,
      view: (fingerprint: string) => `${fingerprint} of its view`
    },
    numerics: 'Numerics',
    /** of a range of seeds that was merged */
    missingSeeds: 'Seeds without a run',
    /** why a computation outside of the page ended early */
    incomplete: 'Incomplete',
    download: 'Download the result',
    open: 'Open a result',
    bare: 'After the reload these curves are without the records of their rounds: running the experiment again brings them into the file.',
    /** `results`: it came with some */
    opened: (files: string, what: string, results: boolean) =>
      `${results ? 'Results' : 'An experiment without results'} opened from ${files}: ${what}`,
    rerun: 'Run it again here',
    cannotRun: 'It cannot be run here:',
    unknown: (names: string) => `it uses what this version does not know (${names}).`,
    missing: (name: string) => `the data set “${name}” is not in this browser.`,
    tooLarge: (part: string, asked: string, available: string) =>
      `${part}: it asks for ${asked} images and the data set has ${available}. Lower it in the settings.`,
    tooMany: (trainings: string, limit: string) =>
      `it comes to ${trainings} trainings, and ${limit} are the most. Take fewer initial sizes, strategies or seeds, or a larger query size.`,
    /** what was refused, each with its reason */
    refused: {
      selectors: (list: string) => `none of its initial selectors can choose an initial set. ${list}.`,
      strategies: (list: string) => `none of its strategies can query. ${list}.`
    },
    because: (name: string, why: string) => `${name}: ${why}`,
    otherNumerics:
      'This browser calculates with other numerics: running it again gives close, not identical numbers.',
    sameNumerics:
      'This browser calculates with the same numerics: running it again gives the very numbers, if these are right. The page compares them.'
  },

  /** what was computed here, beside what was said of the same experiment */
  agreement: {
    sources: { link: 'the link', file: 'the file', sample: 'the sample' },
    same: (again: string, said: string, all: boolean, source: string, whole: boolean) => {
      const where = `the same as in ${source}${whole ? ', to the last test image' : ''}`
      return all
        ? `What was computed here: all ${said} points are ${where}.`
        : `What was computed here so far: ${again} of ${said} points, all of them ${where}.`
    },
    unlike: (unlike: string, again: string, source: string) =>
      `What was computed here: ${unlike} of ${again} points are not what ${source} says. Something in it was changed, or it comes from another version.`,
    first: (line: string, size: string, seed: string, labels: string) =>
      `The first of them: ${line} from ${size}, seed ${seed}, ${labels} labels.`,
    otherData: 'Its data have another fingerprint than those here.',
    otherCeiling: 'Its ceiling is another one.'
  },

  share: {
    heading: 'Share',
    experiment: 'The experiment only',
    experimentHint: 'Whoever opens it can run the same protocol.',
    results: 'With its results',
    resultsHint: 'Whoever opens it sees these curves at once.',
    /** `points`: of curves, a label count of an arm with a seed each */
    partial: (there: string, points: string) =>
      `They are not complete: ${there} of ${points} points so far, and the link keeps to these.`,
    /** the experiment was edited since */
    resultsOther: (origin: string, what: string) =>
      `Not with your changes: these are the results on screen (${origin}: ${what}), and the link opens their experiment.`,
    copy: 'Copy link',
    copied: 'Copied.',
    copyFailed: 'The browser does not let the page copy. Mark the link and copy it yourself.',
    length: (n: string) => `${n} characters.`,
    long: 'Long for a chat message; the result file is safer.',
    none: 'There are no results to share yet.',
    invalid: 'Settings that are not right yet are not in the link.',
    working: 'Making the link …',
    close: 'Close',
    link: 'Link'
  },

  notices: { heading: 'Messages', dismiss: 'Dismiss' },
  footer: {
    about: 'Trained with TensorFlow.js in this browser; no server, no account.',
    version: (version: string) => `version ${version}`
  }
}
