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
  lessonUnknown: () =>
    'This address names a lesson that this version of the page does not have. Reload the page to get the latest version, or choose one under “Lessons”.',
  lessonMissing: () =>
    'The lesson could not be loaded. Check the network connection, then choose it again under “Lessons”.',
  partMissing: () =>
    'A part of the page could not be loaded: there is no network, or a new version took its place. Reload the page; what was finished is kept.',
  windowTooSmall: p =>
    `The presenter view needs a window of at least ${p.width} × ${p.height} pixels. Make the window larger, or the zoom of the browser smaller.`,
  unexpected: p => `Something went wrong that should not have: ${p.message}`,

  // computing
  noAdapter: () => 'This browser offers no WebGPU adapter.',
  wrongNumbers: () => 'A backend gave wrong numbers in its test run and is not used.',
  noBackend: () =>
    'No backend works in this browser: nothing can be computed here. Results can still be looked at.',
  lost: () => 'The connection to the graphics card was lost. What was finished is kept.',
  workerFailed: () =>
    'A worker stopped unexpectedly. What was finished is kept; try again. If that does not help, reload the page.',
  deviceRestarted: () =>
    'The connection to the graphics card was lost and is being opened again. The trainings that were interrupted start again and will give the same numbers.',
  steppedDown: p =>
    `The connection to the graphics card was lost repeatedly. From here on the experiment is computed with ${p.to === 'wasm' ? 'WebAssembly on the processor' : p.to}. Its numbers differ slightly, so the experiment starts again there; what was finished stays stored.`,
  workerRestarted: () => 'A worker stopped and was restarted. It continues from the last finished round.',
  diverged: p =>
    `A training diverged (${p.labelCount} labels, seed ${p.seed}): its loss is no longer a number. Lower the learning rate.`,
  otherNumerics: () =>
    'A worker calculated differently from the others and is not used: curves of different numerics must not be mixed.',
  superseded: () => 'Another backend was chosen before this one was ready.',
  trainingFailed: p =>
    `A training failed (${p.labelCount} labels, seed ${p.seed}): ${p.message}. What was finished is kept; try again, or with another backend.`,
  needsDropout: () => 'Strategies that use several dropout masks need dropout above 0 and are left out.',
  selectionFailed: p =>
    `The initial set could not be chosen (${p.selector}): ${p.message}. Try again, or choose another selector.`,
  needsImages: () =>
    'Methods that change images, or learn from images without labels, are left out: this data set consists of features.',
  needsNetwork: () =>
    'Strategies that train something besides the network are left out: linear evaluation trains only one layer on fixed features.',
  needsContrast: () =>
    'Making Your First Choice is left out: it needs a dataset map, which only SimCLR, MoCo and MoCo v2 produce. Choose one of them under Pretraining.',
  encoderKept: () =>
    'The encoder is kept and listed under Pretraining. It is used for experiments with the same settings and images. Its accuracy is the one in the file; it was not measured here.',
  encoderMissing: () =>
    'The encoder of these settings is not kept here. Pretrain it, or open the file of one that was made with the same settings on the same images.',
  productMissing: () =>
    `The encoder has no usable record of these images. Delete it under Pretraining; it is pretrained again when it is needed.`,
  unlabelledLeftOut: () =>
    'Unlabelled images are not used: a linear layer on fixed features has nothing to learn from them. Choose another training mode for semi-supervised training.',
  pretrainingCancelled: () =>
    'The pretraining was cancelled, and so was the experiment that was waiting for it.',
  pretrainingFailed: p => `The pretraining failed: ${p.message}`,
  numericsChanged: () =>
    'A training that was repeated did not give the same numbers: this browser now calculates differently from before. Delete the earlier results, or treat them with care.',

  otherDataset: p =>
    `“${p.name}” is not the data set of that experiment, “${p.wanted}”: its bytes differ (another split or image size is enough to change those of the same files). The experiment now uses what you stored.`,

  // storage
  quota: () => 'The browser has no storage left. Delete a data set, or free some space on the disk.',
  refused: () =>
    'This browser does not allow the page to store anything. Results are kept only as long as this tab is open.',
  notStored: () =>
    'The browser could not store the last results. They stay on screen; download the result before you close the tab.',
  corrupted: () => 'Data stored in the browser are damaged. Delete them and import them again.'
} satisfies Record<string, Say>
