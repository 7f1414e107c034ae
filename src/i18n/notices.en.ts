/**
 * Every notice and error in English, by its code: what happened, why, what to do next. Parameters come in written out;
 * a code of a later version falls back to `unknown`.
 */
import { data } from './data.en.ts'
import { downloads } from './hub.en.ts'

export type Parameters = Record<string, string>
export type Say = (p: Parameters) => string

export const notices = {
  ...data,
  ...downloads,
  unknown: p => `Something went wrong (${p.code}).`,
  partMissing: () =>
    'A part of the page could not be loaded: there is no network, or a new version took its place. Reload the page; what was finished is kept.',
  unexpected: p => `Something went wrong that should not have: ${p.message}`,

  // computing
  noAdapter: () => 'This browser offers no WebGPU adapter.',
  wrongNumbers: () => 'A backend calculated wrongly in its test run and is not used.',
  noBackend: () =>
    'No backend works in this browser: nothing can be computed here. Results can still be looked at.',
  lost: () => 'The graphics card was lost. What was finished is kept.',
  workerFailed: () =>
    'A worker stopped unexpectedly. What was finished is kept; try again. If that does not help, reload the page.',
  deviceRestarted: () =>
    'The connection to the graphics card was lost and is opened again. The trainings that were under way start again and end with the same numbers.',
  steppedDown: p =>
    `The graphics card was lost again and again. From here on this is computed with ${p.to === 'wasm' ? 'WebAssembly on the processor' : p.to}. Its numbers differ slightly, so the experiment begins again there; what was finished stays stored.`,
  workerRestarted: () => 'A worker stopped and was started anew. It goes on from the last finished round.',
  diverged: p =>
    `A training diverged (${p.labelCount} labels, seed ${p.seed}): its loss is no longer a number. Lower the learning rate.`,
  otherNumerics: () =>
    'A worker calculated differently from the others and is not used: their curves must not be mixed.',
  superseded: () => 'Another backend was chosen before this one stood.',
  trainingFailed: p =>
    `A training failed (${p.labelCount} labels, seed ${p.seed}): ${p.message}. What was finished is kept; try again, or with another backend.`,
  needsDropout: () => 'Strategies that use several dropout masks need dropout above 0 and are left out.',
  selectionFailed: p =>
    `The initial set could not be chosen (${p.selector}): ${p.message}. Try again, or with another selector.`,
  needsImages: () =>
    'What varies images or learns from them without labels is left out: this data set consists of features.',
  needsNetwork: () =>
    'Strategies that train something beside the network are left out: linear evaluation trains one layer on fixed features.',
  needsContrast: () =>
    'Making Your First Choice needs a dataset map, which only SimCLR, MoCo and MoCo v2 leave: it is left out. Choose one of them under Pretraining.',
  encoderKept: () =>
    'The encoder is kept and stands in the list under Pretraining. It is used where an experiment has its settings and its images. Its accuracy is what the file says; it was not measured here.',
  encoderMissing: () =>
    'The encoder of these settings is not kept here. Pretrain it, or open the file of one that was made with the same settings on the same images.',
  productMissing: p =>
    `The encoder has no record of these images that can be used (${p.product}). Delete it under Pretraining; it is pretrained again when it is needed.`,
  unlabelledLeftOut: () =>
    'Unlabelled images are left out: a linear layer on fixed features has nothing to learn from them. Choose another training mode for semi-supervised training.',
  pretrainingCancelled: () => 'The pretraining was called off, and the experiment that waits for it with it.',
  pretrainingFailed: p => `The pretraining failed: ${p.message}`,
  numericsChanged: () =>
    'A training that was done twice did not give the same numbers: this browser calculates differently now than it did. Delete what it computed before, or treat it with care.',

  otherDataset: p =>
    `“${p.name}” is not the data set of that experiment, “${p.wanted}”: its bytes differ. The experiment now uses what you stored.`,

  // storage
  quota: () => 'The browser has no room left. Delete a data set, or free some space on the disk.',
  refused: () => 'This browser does not let the page store anything. Results last as long as this tab.',
  notStored: () =>
    'The browser could not store the last results. They stay on screen; download the result before you close the tab.',
  corrupted: () => 'What the browser had stored has been damaged. Delete it and import it again.'
} satisfies Record<string, Say>
