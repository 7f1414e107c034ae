/** The page's own words in English. Numbers come in written out, except where a plural needs to know them. */
const s = (n: number | string) => (String(n) === '1' ? '' : 's')

/** What curves in a file were made of; `count`: 1 for a single seed. */
interface MadeOf {
  view: string
  pool: string
  querySize: string
  budget: string
  network: string
  seeds: string
  count: number
  numerics: string
}

export const page = {
  language: 'English',
  title: 'DAL Playground',
  description:
    'Which query strategy of deep active learning is best, and how much does the answer depend on the initial set? Trained and measured in your own browser.',
  skip: 'Skip to the curves',
  /** a name and what it has */
  pair: (name: string, value: string) => `${name}: ${value}`,
  /** in a row; empty ones are left out */
  sentences: (...all: string[]) => all.filter(Boolean).join(' '),

  header: {
    dataset: 'change the data set',
    backend: 'change the backend',
    opening: 'starting …',
    noBackend: 'no backend',
    images: (n: string) => `${n} images`,
    theme: 'Colours',
    themes: { system: 'as the system', light: 'light', dark: 'dark' },
    otherLanguage: 'switch the language',
    share: 'Share',
    workers: (n: string, count: number) => `${n} worker${s(count)}`,
    software: 'software adapter',
    backendHelp:
      'The backend is what trains the networks. The page takes the fastest one that calculates correctly. Curves computed by different backends are never mixed.',
    backends: { webgpu: 'WebGPU (graphics card)', wasm: 'WebAssembly (processor)', cpu: 'JavaScript (slow)' }
  },

  presenter: {
    enter: 'Presenter view',
    enterBy: 'Presenter view: on one screen, for people at the back of the room (Alt+P)',
    leave: 'Leave',
    leaveBy: 'Back to the page (Esc)',
    previous: 'Previous step (Page Up or ←)',
    next: 'Next step (Page Down or →)',
    step: (n: string, of: string) => `${n} of ${of}`,
    charts: 'Charts on screen (↓ and ↑)',
    choices: { both: 'Both', learning: 'Learning curves', sensitivity: 'Initial size' }
  },

  lead: {
    heading: 'Which query strategy is best? How much does the start matter?',
    text: 'In active learning a network chooses the images that are worth labelling. But its first labels, the initial set, have to be chosen before it knows anything: this is the cold-start problem. Change the initial size and see which strategy makes the most of the same number of labels. All training happens in this browser; no image leaves it.',
    /** to the first lesson */
    begin: 'New to this? Begin with a lesson.'
  },

  dial: {
    heading: 'Initial size',
    hint: 'Labels in the first round. Drag a handle or click a number.',
    legend: { done: 'computed', partial: 'partly computed', queued: 'not computed yet' },
    value: (size: string, state: string) => `${size} labels, ${state}`,
    handle: 'Initial size',
    add: 'Another size',
    addLabel: 'Initial size to add',
    addButton: 'Add',
    cancel: 'Cancel',
    remove: (size: string) => `Remove ${size}`,
    toggle: (size: string) => `Initial size ${size}`,
    keys: 'Arrow keys move the handle (with Shift: by 1); Delete removes it.',
    raiseBudget: (budget: string) => `Set the budget to ${budget}`,
    abovePool: (size: string, pool: string) => `${size} is too many: the pool has only ${pool} images.`,
    raisePool: (n: string) => `Set pool and budget to ${n}`,
    last: 'At least one initial size is needed.'
  },

  run: {
    heading: 'Computing',
    demo: 'Run a demo here',
    demoHint: 'The demo: Digits, two initial sizes, four strategies, three seeds: a minute or two.',
    here: 'Run this experiment here',
    /** after it was called off */
    goOn: 'Continue this experiment',
    /** `time`: where it is known */
    cost: (n: string, count: number, time: string) =>
      `This experiment takes ${n} training${s(count)}${time && `, about ${time} in all`}. Those already done here are not repeated.`,
    quicker: (how: readonly string[], n: string) => `Quicker: ${how.join(', ')} (${n} trainings)`,
    withSeeds: (n: string) => `${n} seeds`,
    smallNetwork: 'small network',
    /** the line at the foot of the window */
    toRun: 'Go to the progress and its buttons',
    fewSeeds: (n: string, count: number) =>
      `${n} ${count === 1 ? 'seed is not' : 'seeds are seldom'} enough to tell which strategy is best. With more seeds it may be decided.`,
    /** of the seeds that there are not yet */
    moreCost: (n: string, count: number, time: string) =>
      `These take ${n} more training${s(count)}${time && `, about ${time}`}.`,
    moreSeeds: (n: string) => `Continue to ${n} seeds`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    preparing: 'Preparing the data set and the workers …',
    paused: 'Paused.',
    finished: (n: string) => `Finished: ${n} training${s(n)}.`,
    /** nothing was run since the page was loaded */
    complete: 'All of this experiment has been computed here.',
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
      `${all ? 'This experiment' : 'Part of this experiment'} is computed by the processor (WebAssembly, ${n} worker${s(count)}), because the graphics card does not support this kind of training.`,
    now: (what: string, labels: string, seed: string) =>
      `Training on ${labels} labels: ${what}, seed ${seed}`,
    nowShared: (labels: string, seed: string) =>
      `Training on ${labels} labels, shared by all strategies, seed ${seed}`,
    nowCeiling: (seed: string) => `Training on the whole pool (the ceiling), seed ${seed}`,
    nowArm: (strategy: string, size: string) => `${strategy} from ${size}`,
    nowMore: (n: string) => `and ${n} more`,
    /** `rows`: whose values are wrong */
    problems: (rows: string) => `Please correct: ${rows}. Until then your changes have no effect.`,
    edited: 'The curves on screen belong to another experiment, not to the one set here.',
    proposed: {
      link: 'This link contains an experiment without results. Run it here.',
      file: 'This file contains an experiment without results. Run it here.'
    },
    shared: {
      link: 'This link contains an experiment with its results. Run it here to check them.',
      file: 'This file contains an experiment with its results. Run it here to check them.'
    },
    elsewhere: 'Another experiment is being computed.',
    /** why the one that is set here cannot take its place */
    thisOne: (why: string) => `The experiment set here cannot be run: ${why}`,
    back: 'Back to it',
    instead: 'Run this one instead',
    stale: 'The curves do not show this experiment yet.'
  },

  unfinished: {
    text: 'An experiment was interrupted. Every training that was finished is kept.',
    what: (data: string, sizes: readonly string[], seeds: string, count: number) =>
      `${data}, initial size${s(sizes.length)} ${sizes.join(', ')}, ${seeds} seed${s(count)}.`,
    elsewhere: 'Another tab is computing this experiment.',
    resume: 'Continue it',
    forget: 'Do not continue'
  },

  curves: {
    /** of the part of the page that holds all charts */
    heading: 'Results',
    empty: 'No curves yet. Run the demo, or open a result.',
    again: 'Draw the curves again',
    selectors:
      'After the dot stands how the initial set was chosen. At the initial size itself nothing else differs: move the blue line there to compare the initial sets.',
    /** what the trainings do besides the plain law */
    training: (traits: string) => `Training: ${traits}.`,
    classWeights: 'balanced class weights',
    /** semi-supervised, by which method */
    unlabelled: (method: string) => `unlabelled images (${method})`,
    /** whose features strategies and selectors stand on */
    encoder: (method: string) => `Encoder: ${method}.`,
    /** what accuracy is measured on, where that is not all classes alike */
    balancedTest: 'The same number of test images of each class: balanced accuracy.',
    majority: (share: string) => `Always the same answer would be right for ${share} of the test images.`
  },

  pretraining: {
    heading: 'Pretraining',
    inUse: 'The experiment uses this encoder',
    notInUse: 'An encoder trained without labels',
    about:
      'An encoder learns from the images of the pool, without labels. The training modes “pretrained” start from it, and strategies and selectors marked “encoder” look at images through its features. It is made once for a data set and these settings, and kept in this browser.',
    suggested: (epochs: string, batch: string, rate: string) =>
      `Use settings that suit this method: ${epochs} epochs, batches of ${batch}, learning rate ${rate}`,
    formula: 'Loss and source',
    removeSure: (name: string) => `Delete “${name}”? It would have to be pretrained again.`,
    notHere:
      'This experiment needs an encoder that is not here yet. It is pretrained when the experiment runs: the same images and settings give the same encoder. You can also open an encoder file that somebody saved.',
    start: 'Pretrain now',
    /** instead, where the encoder of these settings is kept */
    made: 'Already kept',
    /** of a pretraining that was interrupted */
    goOn: (epoch: string, epochs: string) => `Continue after epoch ${epoch} of ${epochs}`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    opening: (method: string) => `${method}: getting ready…`,
    waiting: (method: string) =>
      `${method}: another tab of this browser is pretraining this encoder. It is used here as soon as it is ready.`,
    progress: (method: string, epoch: string, epochs: string) => `${method}: epoch ${epoch} of ${epochs}`,
    paused: (progress: string) => `${progress}, paused`,
    left: (progress: string, time: string) => `${progress}, about ${time} left`,
    finished: (method: string, epoch: string, knn: string) =>
      `${method}: finished after ${epoch} epochs, kNN accuracy ${knn}.`,
    failed: (method: string) => `${method}: failed.`,
    bar: 'Progress of the pretraining',
    epoch: 'Epoch',
    loss: 'Loss',
    knn: 'kNN accuracy',
    spread: 'Spread',
    knnHelp:
      'kNN accuracy: the share of 300 pool images whose class is found by a weighted vote of their 20 nearest neighbours (by features). Labels are used for this number only. Spread: 1 when features point in all directions, 0 when the features, or the outputs that the method compares, have collapsed to one direction.',
    collapsed:
      'The network has collapsed: its output is nearly the same for every image. Nothing can be learned from that. Try other settings or another method.',
    chart: (knn: string, spread: string) => `By epoch: kNN accuracy, now ${knn}, and spread, now ${spread}.`,
    numbers: 'All epochs as numbers',
    kept: 'Kept encoders',
    encoder: (method: string, size: string, network: string, epochs: string, batch: string) =>
      `${method}, ${size}, ${network} network, ${epochs} epochs, batches of ${batch}`,
    earlier: 'made by an earlier version of this page; made again when it is needed',
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
    fails: 'Weak points',
    baseline: 'Random cannot be removed: the others are compared with it.',
    unknown: (id: string) => `${id} (of a later version)`,
    adds: 'Adds to training',
    batch: 'Query size',
    prefix: 'A larger query contains all images of a smaller one.',
    notPrefix: 'With another query size, other images may be chosen.',
    sizes: 'Sizes and seeds',
    nested: 'Larger sets contain the smaller ones.',
    notNested: 'With another size, another set is chosen.',
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
      'This data set consists of ready-made features: in every mode, only one layer on top of them is trained.'
  },

  data: {
    heading: 'Data set',
    choose: 'Choose a data set',
    dropHere: 'Drop data files, a result, or the parts of a result',
    sheet: (name: string) => `Examples of ${name}, one row per class`,
    histogram: 'Images of each class in the pool',
    histogramOf: (name: string, n: string) => `${name}: ${n} image${s(n)}`,
    sizes: (pool: string, test: string) => `pool ${pool} · test ${test}`,
    shape: (height: string, width: string, channels: string) => `${height}×${width}×${channels}`,
    features: (d: string) => `${d} features each`,
    loading: 'Drawing examples …'
  },

  result: {
    heading: 'About this result',
    terms: 'What these terms mean',
    help: 'The fingerprint is a hash of the images and labels: equal fingerprints mean equal data. The view is the data set with the settings of the experiment applied (pool size, imbalance, wrong labels). Numerics name how a browser calculates: the ID (numericsId) is a hash of the weights after a short fixed training. Browsers with the same ID get exactly the same numbers, others only close ones.',
    origins: {
      lesson: 'Lesson: computed earlier with this app.',
      sample: 'Sample: computed earlier with this app (reference network, 10 seeds).',
      live: 'Computed here, in this browser.',
      link: 'Shared by link.',
      file: 'Opened from a file.'
    },
    /** of a link or a file, until every point was computed here too */
    unchecked: 'Its numbers have not been checked: run it again to be sure.',
    short: {
      lesson: 'Lesson',
      sample: 'Sample',
      live: 'Computed here',
      link: 'From the link',
      file: 'From the file'
    },
    /** throws away what was edited since */
    startAgain: {
      lesson: 'Start from the lesson again',
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
      same: 'Kept for comparison in this tab. Change a setting, and run the experiment if it does not start by itself, to see both together.',
      otherImages:
        'The curves kept for comparison were computed on other images, so they are not drawn here.',
      apart: 'The curves kept for comparison have no strategy and initial size in common with these.'
    },
    keptBare:
      'There are no paired differences: one of the two results does not say which test images were classified correctly. Run it here to get them.',
    unkeep: 'Stop comparing',
    /** where two experiments specify the same */
    noDifference: 'the same experiment',
    /** in files: which images */
    view: (data: string, fingerprint: string) => `${data} (view ${fingerprint})`,
    madeOf: (of: MadeOf) =>
      `${of.view}, pool of ${of.pool}, query size ${of.querySize}, budget ${of.budget}, ${of.network} network, seed${s(of.count)} ${of.seeds}, numerics ${of.numerics}`,
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
    bare: 'The page was reloaded, so the detailed records of the rounds are gone. Run the experiment again to have them in the file.',
    /** `results`: it came with some */
    opened: (files: string, what: string, results: boolean) =>
      `${results ? 'Results' : 'An experiment without results'} opened from ${files}: ${what}`,
    rerun: 'Run it again here',
    cannotRun: 'It cannot be run here:',
    unknown: (names: string) =>
      `it uses something that this version does not know (${names}). Reload the page to get a later version.`,
    missing: (name: string) => `the data set “${name}” is not in this browser.`,
    tooLarge: (part: string, asked: string, available: string) =>
      `${part}: it asks for ${asked} images, but the data set has only ${available}. Lower it in the settings.`,
    tooMany: (trainings: string, limit: string) =>
      `it comes to ${trainings} trainings, but at most ${limit} can be run. Choose fewer initial sizes, strategies or seeds, or a larger query size.`,
    /** what was refused, each with its reason */
    refused: {
      selectors: (list: string) => `none of its initial selectors can choose an initial set. ${list}.`,
      strategies: (list: string) => `none of its strategies can query. ${list}.`
    },
    because: (name: string, why: string) => `${name}: ${why}`,
    otherNumerics:
      'This browser has other numerics: running it again gives close, but not identical, numbers.',
    sameNumerics:
      'This browser has the same numerics: running it again gives exactly the same numbers, if these are correct. The page compares them.'
  },

  /** what was computed here, beside what was said of the same experiment */
  agreement: {
    sources: { link: 'the link', file: 'the file', lesson: 'the lesson', sample: 'the sample' },
    same: (again: string, said: string, all: boolean, source: string, whole: boolean) => {
      const where = `the same as in ${source}${whole ? ', to the last test image' : ''}`
      return all
        ? `What was computed here: all ${said} points are ${where}.`
        : `What was computed here so far: ${again} of ${said} points, all of them ${where}.`
    },
    unlike: (unlike: string, again: string, source: string) =>
      `What was computed here: ${unlike} of ${again} points differ from ${source}. It may have been changed, or computed by another version.`,
    first: (line: string, size: string, seed: string, labels: string) =>
      `The first of them: ${line} from ${size}, seed ${seed}, ${labels} labels.`,
    otherData: 'Its data have another fingerprint than the data here.',
    otherCeiling: 'Its ceiling is different.'
  },

  share: {
    heading: 'Share',
    experiment: 'The experiment only',
    experimentHint: 'Whoever opens it can run the same protocol.',
    results: 'With its results',
    resultsHint: 'Whoever opens it sees these curves at once.',
    /** `points`: of curves, a label count of an arm with a seed each */
    partial: (there: string, points: string) =>
      `The results are not complete: ${there} of ${points} points so far. The link contains only these.`,
    /** the experiment was edited since */
    resultsOther: (origin: string, what: string) =>
      `Your changes are not included. The link contains the results on screen (${origin}: ${what}) and their experiment.`,
    copy: 'Copy link',
    copied: 'Copied.',
    copyFailed: 'The browser did not allow copying. Select the link and copy it yourself.',
    length: (n: string) => `${n} characters.`,
    long: 'This may be too long for a chat message; the result file is safer.',
    none: 'There are no results to share yet.',
    invalid: 'Settings with an error are not in the link.',
    working: 'Making the link …',
    close: 'Close',
    link: 'Link'
  },

  notices: { heading: 'Messages', dismiss: 'Dismiss' },
  footer: {
    about: 'Trained with TensorFlow.js in this browser; no server, no account.',
    offline: 'Ready for offline use.',
    version: (version: string) => `version ${version}`
  }
}
