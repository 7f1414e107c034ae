/** The look inside a round, in English. */
export const rounds = {
  heading: 'Inside a round',
  about: 'See which images each strategy asked for, and from which classes.',
  help: 'Each row is a class. Its images stand in the order in which the strategy chose them. “Now” counts the images of this round, “so far” all that are labelled by then. The percentages are the test accuracy of this one seed, before these labels and after.',
  helpFor: 'How to read this',
  size: 'Initial size',
  from: (size: string) => `from ${size}`,
  selector: 'Initial set',
  seed: 'Seed',
  round: 'Round',
  initial: (size: string) => `Initial set: ${size} labels`,
  labels: (first: string, last: string) => `Labels ${first} to ${last}`,
  initialOf: 'The same for every strategy',
  classes: (asked: string, of: string) => `${asked} of ${of} classes`,
  accuracy: (after: string) => `accuracy ${after}`,
  change: (before: string, after: string) => `accuracy ${before} → ${after}`,
  columns: { class: 'Class', now: 'Now', soFar: 'So far' },
  others: (classes: number, images: string) =>
    `and ${images} image${images === '1' ? '' : 's'} from ${classes} other ${classes === 1 ? 'class' : 'classes'}`,
  none: 'Links and the sample carry counts, not picks. Run the experiment here, or open its result file, to look inside its rounds.',
  gone: 'The page was reloaded, so the detailed records of the rounds are gone. Run the experiment again to look inside its rounds.',
  nothingYet: 'Nothing has been labelled yet.',
  otherImages: 'The images of this result are not in this browser: bars stand in their place.',
  csv: 'This round as CSV'
}
