/**
 * Every notice and error in English, by its code: what happened, why, what to do next. Parameters come in written out;
 * a code of a later version falls back to `unknown`.
 */
export type Parameters = Record<string, string>
export type Say = (p: Parameters) => string

export const notices = {
  unknown: p => `Something went wrong (${p.code}).`,
  unexpected: p => `Something went wrong that should not have: ${p.message}`,

  // computing
  noAdapter: () => 'This browser offers no WebGPU adapter.',
  wrongNumbers: () => 'A backend calculated wrongly in its test run and is not used.',
  noBackend: () =>
    'No backend works in this browser: nothing can be computed here. Results can still be looked at.',
  lost: () => 'The graphics card was lost. What was finished is kept.',
  workerFailed: () => 'A worker stopped unexpectedly. What was finished is kept; try again.',
  datasetMissing: () => 'This data set is not in this browser. Drop its files on the page.',
  importGone: () => 'What was read is no longer there. Drop the files once more.',

  // storage
  quota: () => 'The browser has no room left. Delete a data set, or free some space on the disk.',
  refused: () => 'This browser does not let the page store anything. Results last as long as this tab.',
  corrupted: () => 'What the browser had stored has been damaged. Delete it and import it again.'
} satisfies Record<string, Say>
