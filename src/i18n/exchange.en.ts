/**
 * What can be wrong with a file or a link, in English, by the codes of core/exchange. `field` names the place; `row` is the row
 * of the experiment that it is, by its name on the page, and `why` what is wrong with it; `file` is not given for links.
 */
import type { Parameters, Say } from './notices.en.ts'

/** Says which file a message is about. */
export const inFile = (file: string, text: string) => `“${file}”: ${text}`

const at = (field: string) => (field ? ` (at “${field}”)` : '')
const here = 'What is on screen has not changed.'
const again = (p: Parameters) =>
  p.file
    ? 'Save it again where it was made, or ask for it again.'
    : 'Ask whoever sent the link for another one.'
const setting = (p: Parameters) => (p.row ? `${p.row} (“${p.field}”)` : p.field ? `“${p.field}”` : '')
const more = ({ more }: Parameters) =>
  Number(more) ? ` and ${more} other setting${Number(more) === 1 ? '' : 's'}` : ''

export const exchange = {
  notJson: () => `This file is not JSON, so it is not a result of this page. ${here}`,
  notOurs: () => `This file is neither an experiment nor a result of this page. ${here}`,
  newerVersion: p =>
    `This was made by a later version of the page (format ${p.version}). Reload the page to get that version. ${here}`,
  wrongType: p => `Something in it is missing or has the wrong type${at(p.field)}. ${again(p)} ${here}`,
  outOfRange: p => `A number in it is too large or too small${at(p.field)}. ${again(p)} ${here}`,
  tooMany: p =>
    `A list or a text in it is too long${at(p.field)}${p.limit ? `: at most ${p.limit}` : ''}. ${again(p)} ${here}`,
  tooLarge: () => `This file or link is too large. ${here}`,
  forbiddenKey: p => `It contains a name that no valid file has${at(p.field)}. ${here}`,
  unsafeText: p => `A text in it contains hidden characters${at(p.field)}. ${again(p)} ${here}`,
  badRow: p =>
    `A setting of the experiment cannot be used. ${setting(p)}: ${p.why} ${p.file ? 'Correct the file, or ask for another one.' : again(p)} ${here}`,
  unknownRow: p =>
    `The experiment uses a setting that this version does not know: ${p.name}. Reload the page to get a later version.`,
  unknownName: p =>
    `The experiment uses a name that this version does not know: ${p.name}. Reload the page to get a later version.`,
  notListed: p => `It refers to something that it does not contain${at(p.field)}. ${again(p)} ${here}`,
  notAscending: p => `Numbers in it are in the wrong order${at(p.field)}. ${again(p)} ${here}`,
  repeated: p => `Something appears in it twice that may appear only once${at(p.field)}. ${again(p)} ${here}`,
  inconsistent: p =>
    `It contradicts itself: it was changed or damaged after it was written${at(p.field)}. ${again(p)} ${here}`,
  notALink: () => `This is not a link of this page. ${here}`,
  truncated: () => `This link was cut off. Ask for it again, or for the result file. ${here}`,
  corrupted: () => `This link was changed on the way. Ask for it again, or for the result file. ${here}`,
  tooLong: () => `This link is too long. ${here}`,
  unreadable: () => `The content of this link cannot be read. ${here}`,
  tooLongForLink: p =>
    `With its results the link would be ${p.characters} characters long, too long to send. Download the result file, or share the experiment only.`,
  laterVersion: () =>
    'Parts of this result come from a later version and would be lost, so it cannot be written here.',
  earlierEncoder: () =>
    'This encoder was saved by an earlier version of the page and cannot be checked. Save it again where it was made.',
  damagedEncoder: () =>
    'This encoder file is damaged: its numbers are not the ones that were saved. Ask for it again, or pretrain with the same settings.',
  nothingToMerge: () => 'There is nothing to merge.',
  differentExperiment: p =>
    `These results come from different experiments and cannot be merged. They differ in: ${setting(p)}${more(p)}. Open them one by one. ${here}`,
  differentData: () =>
    `These results were measured on different data and cannot be merged. Open them one by one. ${here}`,
  disagreement: p =>
    `These results cannot be merged: where they should have the same number they have different ones (${p.list}). One of them was changed, damaged, or computed wrongly. ${here}`,
  seedsApart: p =>
    `These results cannot be merged: their seeds span a range of ${p.seeds}, and at most ${p.limit} are possible. Merge those whose seeds lie closer together. ${here}`
} satisfies Record<string, Say>
