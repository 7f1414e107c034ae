/** Importing, keeping and finding data sets, in English. Numbers come in written out, except where a plural needs to know them. */
const s = (n: number) => (n === 1 ? '' : 's')

export const library = {
  import: {
    heading: 'Is this what you meant?',
    readingHeading: 'Reading',
    failedHeading: 'This could not be read',
    name: 'Name',
    noName: 'The data set needs a name.',
    reading: (file: string) => (file ? `Reading ${file} …` : 'Reading the files …'),
    storing: 'Storing …',
    left: (time: string) => `about ${time} left`,
    progress: 'Progress',
    cancel: 'Cancel',
    close: 'Close',
    keep: 'Keep and use it',
    keepOnly: 'Keep it',
    use: 'Use it',
    useOnly: 'Keep it in this tab',
    useInTab: 'Use it in this tab only',
    inTabHint:
      'Nothing is lost: free some space and try again, or use the data set until this tab is closed.',
    remarks: 'Remarks',
    classes: (n: string, count: number) => `${n} class${count === 1 ? '' : 'es'}`,
    classesHint: 'Names can be changed.',
    className: (c: string) => `Name of class ${c}`,
    counts: (pool: string, test: string) => `pool ${pool}, test ${test}`,
    /** a class that most of the test set belongs to */
    lopsided: (name: string, share: string, setting: string) =>
      `Always answering “${name}” would be right for ${share} of the test set. The setting “${setting}” can make all classes count the same.`,
    nameMissing: 'A class needs a name.',
    nameTwice: (name: string) => `Two classes are called “${name}”. Give each its own name.`,
    moreClasses: (n: string) => `Show ${n} more`,
    examplesOf: (name: string) => `Examples of ${name}`,
    unlabelled: 'Without a label',
    unlabelledCount: (n: string, count: number) =>
      `${n} image${s(count)} without a label: kept beside the others and exported with them; experiments use the others.`,
    onlyUnlabelled: (n: string) =>
      `None of the ${n} images has a label, and an experiment needs labels. Add a table (labels.csv: file name and label), or put the images into folders named after their classes.`,
    test: 'Test set',
    testGiven: 'as in the files',
    testDrawn: 'draw one',
    testShare: 'Share of each class',
    testHint: 'The same share is drawn from each class. Test images are never trained on and never queried.',
    amount: 'Images',
    all: (n: string) => `all ${n}`,
    most: 'at most',
    mostLabel: 'Maximum number of images',
    mostHint: 'The same share is drawn from each class.',
    seed: 'Seed',
    size: 'Image size',
    sizeHint: 'The files are read again when you change this.',
    side: 'Pixels',
    sideAsIs: 'as it is',
    fit: 'Shape',
    fits: { crop: 'crop to the centre', pad: 'add black borders', stretch: 'stretch' },
    colour: 'Colour',
    colours: { asIs: 'as it is', grey: 'grey', colour: 'colour' },
    stored: 'To be stored',
    storedTab: 'To be held in memory',
    shape: (height: string, width: string, channels: string) => `${height}×${width}×${channels}`,
    features: (d: string) => `${d} features each`,
    sizes: (pool: string, test: string) => `pool ${pool} · test ${test}`,
    bytes: (bytes: string) => `${bytes}, to be stored in this browser`,
    bytesTab: (bytes: string) =>
      `${bytes} in memory, until this tab is closed: this browser does not allow the page to store anything`
  },

  sets: {
    stored: 'Your data sets',
    storedTab: 'Your data sets (in this tab only)',
    use: (name: string) => `Use ${name}`,
    rename: (name: string) => `Rename ${name}`,
    newName: 'New name',
    save: 'Save',
    cancel: 'Cancel',
    export: (name: string) => `Save ${name} as a file`,
    exporting: (share: string) => `writing ${share}`,
    remove: (name: string) => `Delete ${name}`,
    removeSure: (name: string, bytes: string) => `Delete “${name}” (${bytes}) from this browser?`,
    removeYes: 'Delete',
    removeNo: 'Keep',
    used: (bytes: string) => `${bytes} in this browser`,
    usedTab: (bytes: string) => `${bytes} in memory, until this tab is closed`,
    inTab: 'in this tab only',
    unlabelled: (n: string) => `${n} without a label`,
    noLabels: 'no labels yet: no experiment can use it',
    features: (d: string) => `${d} features`
  },

  files: 'Choose files',
  folder: 'Choose a folder',
  gathering: (n: string) => `Looking through the folder: ${n} files …`,
  hint: 'Or drop files, folders or archives anywhere on this page, or paste them. They stay in this browser.',

  classes: {
    all: (n: string) => `all ${n}`,
    some: (n: string, all: string) => `${n} of ${all}`,
    takeAll: 'All classes',
    toggle: (name: string) => `Use ${name}`
  },

  missing: {
    text: (name: string) => `The data set of this experiment, “${name}”, is not in this browser.`,
    curves: 'The curves can be read without it; running it again needs it.',
    fingerprint: 'Fingerprint',
    get: 'Get it',
    how: (name: string) => `To run this experiment, get “${name}”`,
    drop: (name: string) =>
      `Drop the files of “${name}” anywhere on this page, or choose them here, with the same split and image size as the sender of the link. If the fingerprint is the same, the experiment can be run.`
  }
}
